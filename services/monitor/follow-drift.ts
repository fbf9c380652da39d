// What the updates so far did together, each of them perhaps too little to be seen: e-processes of the model and of each
// document, over all updates up to this one.
import { adjustPValues } from './benjamini-hochberg.ts'
import { eProcess, scaledLosses } from './e-process.ts'
import type { ProbeChange } from './question-losses.ts'

export interface Drift {
  /** The model's, with a bet a document and update. */
  eValue: number
  /** The e-value is 20 or more: a model that loses nothing gets there with probability .05 at most, ever. */
  passed: boolean
  /** By document; marked by e-BH over the documents. */
  documents: ReadonlyMap<string, { eValue: number; drifted: boolean }>
  /** The model, or one of its documents, passed with the last update. */
  isNew: boolean
}

const MODEL_LEVEL = 0.05
const FALSE_DISCOVERY_RATE = 0.1

/** `updates` oldest first; documents are those of the last. */
export function followDrift(updates: readonly (readonly ProbeChange[])[], noiseFloor: number): Drift {
  const losses = updates.map((update) => scaledLosses(update, noiseFloor))
  const ids = [...(losses.at(-1)?.keys() ?? [])]
  const now = judge(losses, ids)
  const before = judge(losses.slice(0, -1), ids)
  const isNew = (now.passed && !before.passed) || ids.some((id) => isMarked(now, id) && !isMarked(before, id))
  return { ...now, isNew }
}

function judge(losses: readonly ReadonlyMap<string, number>[], ids: readonly string[]): Omit<Drift, 'isNew'> {
  const eValue = eProcess(losses.flatMap((update) => [...update.values()]))
  const own = ids.map((id) => eProcess(losses.flatMap((update) => update.get(id) ?? [])))
  const rates = adjustPValues(own.map((e) => Math.min(1, 1 / e)))
  const documents = ids.map((id, index) => {
    const drifted = (rates[index] ?? 1) <= FALSE_DISCOVERY_RATE
    return [id, { eValue: own[index] ?? 1, drifted }] as const
  })
  return { eValue, passed: eValue >= 1 / MODEL_LEVEL, documents: new Map(documents) }
}

function isMarked(drift: Omit<Drift, 'isNew'>, id: string): boolean {
  return drift.documents.get(id)?.drifted ?? false
}
