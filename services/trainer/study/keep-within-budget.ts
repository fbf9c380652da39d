// Keeps as many self-edits as the token budget allows, taking turns over the parts of the document, so that a talkative
// first paragraph does not crowd out the last.
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'

/** `costOf` is the training row's length in tokens; held-out edits cost nothing. */
export function keepWithinBudget(
  edits: readonly SelfEdit[],
  costOf: (edit: SelfEdit) => number,
  tokensMax: number,
): SelfEdit[] {
  const turns = new Map<string, number>()
  const queue = edits
    .filter((edit) => edit.kept && !edit.heldOut)
    .map((edit) => {
      const turn = turns.get(edit.source) ?? 0
      turns.set(edit.source, turn + 1)
      return { edit, turn }
    })
    .sort((a, b) => a.turn - b.turn)
  const dropped = new Set<SelfEdit>()
  let tokens = 0
  for (const { edit } of queue) {
    const cost = costOf(edit)
    // The first always fits: a document of one long sentence must not end with nothing to train on.
    if (tokens > 0 && tokens + cost > tokensMax) dropped.add(edit)
    else tokens += cost
  }
  return edits.map((edit) => (dropped.has(edit) ? { ...edit, kept: false, reason: 'over the token budget' } : edit))
}
