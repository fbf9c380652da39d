// Training rows given a teacher: the frozen base reads the passage before the question, the student does not; what the
// teacher says at each token of the answer becomes the row's soft targets (context distillation).
import { baseMessages, openBookMessages } from '../../shared/prompts.ts'
import type { SelfEdit } from '../../shared/self-edits/self-edit.ts'
import type { Adapter } from '../engine/adapter/adapter.ts'
import { promptTokens } from '../engine/ask.ts'
import type { Engine, TrainingExample } from '../engine/engine.ts'
import type { Objective } from './objective.ts'
import { listWindows } from './study/windows.ts'
import { contentWordsOf } from './study/words.ts'

export interface DistilledRow {
  row: TrainingExample
  /** What it was made of; undefined for a row that has its teacher already. */
  edit: Pick<SelfEdit, 'prompt' | 'completion'> | undefined
  /** Of its document; undefined where that is gone. */
  text: string | undefined
}

interface DistilParts {
  engine: Engine
  studyAdapter: Adapter | null
  objective: Objective
}

/**
 * The rows in their order, with a teacher where the passage makes the answer likelier to it than the bare base finds the
 * answer without: on the others a weak teacher would only unteach. Nothing is run when the objective does not distil.
 */
export async function distilRows(
  { engine, studyAdapter, objective }: DistilParts,
  given: readonly DistilledRow[],
  options: { signal?: AbortSignal } = {},
): Promise<TrainingExample[]> {
  const rows = given.map(({ row }) => row)
  if (objective.distillation === 0) return rows
  const { k, temperature, crossEntropy, distillation, gainMin } = objective
  const lessons = lessonsOf(engine, given)
  const teachings = await engine.teach(
    lessons.map(({ open }) => open),
    { ...options, k, temperature, adapter: objective.teacher === 'study' ? studyAdapter : null },
  )
  const unaided = await engine.score(
    lessons.map(({ closed }) => closed),
    options,
  )
  for (const [at, { row, index }] of lessons.entries()) {
    const [teacher, without] = [teachings[at], unaided[at]]
    if (!teacher || !without) continue
    const withPassage = teacher.logprobs.subarray(0, -1).reduce((sum, logprob) => sum + logprob, 0)
    if ((withPassage - without.logprob) / without.tokens > gainMin)
      rows[index] = { ...row, teacher, objective: { crossEntropy, distillation } }
  }
  return rows
}

/** What teacher and base are shown; rows without a text, or too long with it, are left out. */
function lessonsOf(engine: Engine, given: readonly DistilledRow[]) {
  const passages = new Map<string, string[]>()
  return given.flatMap(({ row, edit, text }, index) => {
    if (edit === undefined || text === undefined) return []
    const known = passages.get(text) ?? passagesOf(text)
    passages.set(text, known)
    const answer = row.tokens.slice(row.lossFrom)
    const open = { prompt: promptTokens(engine, openBookMessages(closestTo(edit, known), edit.prompt)), answer }
    // The end of the turn is compared for nobody: it tells how terse an answer is, not what was known.
    const closed = { prompt: promptTokens(engine, baseMessages(edit.prompt)), answer: answer.slice(0, -1) }
    const longest = Math.max(open.prompt.length, closed.prompt.length) + answer.length
    return answer.length > 1 && longest <= engine.base.config.positionsMax ? [{ index, row, open, closed }] : []
  })
}

const passagesOf = (text: string): string[] =>
  listWindows(text).flatMap((window) => (window.kind === 'passage' ? [window.text] : []))

/** The passage that shares most words with a self-edit; the first of equals. */
function closestTo({ prompt, completion }: NonNullable<DistilledRow['edit']>, passages: readonly string[]): string {
  const words = new Set(contentWordsOf(`${prompt} ${completion}`))
  const shared = passages.map((passage) => new Set(contentWordsOf(passage).filter((word) => words.has(word))).size)
  return passages[shared.indexOf(Math.max(...shared))] ?? ''
}
