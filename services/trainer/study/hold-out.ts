// Chooses self-made probes: kept questions that are taken out of training together with their near-duplicates. A question
// is chosen only where another, differently worded edit trains the same answer; else it would ask what was never taught.
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import { overlapOf, wordsOf } from './words.ts'

/** Two questions that share this much of their content words are the same question in another order. */
const NEAR_DUPLICATE = 0.6
const PROBE_FORMATS: readonly SelfEdit['format'][] = ['question_answer', 'cloze']

/**
 * Marks at most `probesMax` edits held out (at most one in four of those kept), spread over the document, and drops their
 * near-duplicates with that reason. Marks none when nothing would be left to train on.
 */
export function holdOut(edits: readonly SelfEdit[], probesMax: number): SelfEdit[] {
  const kept = edits.filter((edit) => edit.kept)
  const count = Math.min(probesMax, Math.max(1, Math.floor(kept.length / 4)))
  const chosen: SelfEdit[] = []
  for (const candidate of candidatesOf(kept)) {
    if (chosen.length >= count) break
    const repeats = chosen.some((probe) => sameAnswer(probe, candidate) || isNear(probe, candidate))
    if (!repeats) chosen.push(candidate)
  }
  const marked = edits.map((edit) => {
    if (chosen.includes(edit)) return { ...edit, heldOut: true }
    if (!edit.kept || !chosen.some((probe) => isNear(probe, edit))) return edit
    return { ...edit, kept: false, reason: 'too like a held-out probe' }
  })
  return marked.some((edit) => edit.kept && !edit.heldOut) ? marked : [...edits]
}

/** Those taught by another edit first; among equals, one from each source before a second from any. */
function candidatesOf(kept: readonly SelfEdit[]): SelfEdit[] {
  const byAnswer = groupBy(kept, answerOf)
  const bySource = groupBy(
    kept.filter(({ format }) => format !== 'question_answer'),
    ({ source }) => source,
  )
  const turns = new Map<string, number>()
  const ranked = kept
    .filter(({ format }) => PROBE_FORMATS.includes(format))
    .map((edit) => {
      const turn = turns.get(edit.source) ?? 0
      turns.set(edit.source, turn + 1)
      const alike = byAnswer.get(answerOf(edit)) ?? []
      const beside = bySource.get(edit.source) ?? []
      const taught =
        alike.some((other) => other !== edit && !isNear(other, edit)) ||
        beside.some((other) => other !== edit && !isNear(other, edit) && states(other, edit))
      return { edit, turn, taught: taught ? 0 : 1 }
    })
  // Pairs before blanks: a question is what users ask. The sort is stable, so document order settles the rest.
  const byFormat = (edit: SelfEdit): number => PROBE_FORMATS.indexOf(edit.format)
  return ranked
    .sort((a, b) => byFormat(a.edit) - byFormat(b.edit) || a.taught - b.taught || a.turn - b.turn)
    .map(({ edit }) => edit)
}

function groupBy(edits: readonly SelfEdit[], keyOf: (edit: SelfEdit) => string): Map<string, SelfEdit[]> {
  const groups = new Map<string, SelfEdit[]>()
  for (const edit of edits) {
    const group = groups.get(keyOf(edit))
    if (group === undefined) groups.set(keyOf(edit), [edit])
    else group.push(edit)
  }
  return groups
}

function answerOf(edit: SelfEdit): string {
  return wordsOf(edit.completion).join(' ')
}

function states(other: SelfEdit, edit: SelfEdit): boolean {
  return ` ${answerOf(other)} `.includes(` ${answerOf(edit)} `)
}

function sameAnswer(one: SelfEdit, other: SelfEdit): boolean {
  return answerOf(one) === answerOf(other)
}

/** The same question (nearly), asked for the same thing; two blanks of one sentence differ by their answers. */
function isNear(one: SelfEdit, other: SelfEdit): boolean {
  if (one.format !== other.format) return false
  if (one.format === 'cloze' && !sameAnswer(one, other)) return false
  return overlapOf(one.prompt, other.prompt) >= NEAR_DUPLICATE
}
