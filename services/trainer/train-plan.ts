// Carries a plan out: gathers the rows of each training, trains it on the base it is planned for, and stores what comes of
// it. Adapters are stored before anything refers to them; one that is never promoted is left lying.
import { AppError } from '../../shared/errors.ts'
import { putAdapter } from '../../shared/registry/adapters.ts'
import type { StoredSelfEdit } from '../../shared/self-edits/self-edit.ts'
import type { ManifestAdapter } from '../../shared/versions/manifest.ts'
import type { Adapter } from '../engine/adapter/adapter.ts'
import { combineAdapters } from '../engine/adapter/combine.ts'
import { encodeAdapter } from '../engine/adapter/peft.ts'
import type { TrainingExample, TrainingStep } from '../engine/engine.ts'
import { distilRows } from './distil-rows.ts'
import type { IncorporateParts } from './incorporate.ts'
import { loadAdapter } from './load-adapters.ts'
import { chooseRows, tokensOf } from './strategies/choose-rows.ts'
import { writeGenericRows } from './strategies/generic-rows.ts'
import type { Plan, PlannedTraining } from './strategies/strategy.ts'
import { exampleOf } from './study/write-self-edits.ts'
import { teachRows } from './teach-rows.ts'

type TrainParts = Pick<IncorporateParts, 'engine' | 'store' | 'recipe' | 'studyAdapter'>

export interface TrainPlanOptions {
  /** Of the documents in the plan; only what was kept and not held out is trained. */
  selfEdits: readonly StoredSelfEdit[]
  /** Of the same documents, by id; read only where the objective distils. */
  texts: ReadonlyMap<string, string>
  /** `done` is the share of all trainings, 0 to 1. */
  onStep: (step: TrainingStep, done: number) => void
  signal: AbortSignal
}

export interface TrainedPlan {
  /** In the order of the plan's trainings, at full strength. */
  entries: ManifestAdapter[]
  /** By the entries' keys. */
  adapters: Map<string, Adapter>
  trainedTokens: number
}

/** Throws what training throws, `unprocessable_document`, `adapter_unavailable`, `store_failed`, and the signal's reason. */
export async function trainPlan(parts: TrainParts, plan: Plan, options: TrainPlanOptions): Promise<TrainedPlan> {
  const { engine, store, recipe } = parts
  const { onStep, signal } = options
  const result: TrainedPlan = { entries: [], adapters: new Map(), trainedTokens: 0 }
  for (const [index, training] of plan.trainings.entries()) {
    const on: Adapter[] = []
    for (const entry of training.on) on.push(await loadAdapter(parts, entry))
    if (training.onEarlier === true) on.push(...result.adapters.values())
    const rows = await rowsOf(parts, training, on, options)
    if (rows.length === 0)
      throw new AppError('unprocessable_document', 'nothing to train on: no self-edit fits the budget of tokens')
    const trained = await engine.train(rows, recipe, {
      on,
      signal,
      onStep: (step) => onStep(step, (index + step.step / step.steps) / plan.trainings.length),
    })
    signal.throwIfAborted()
    const stored = await putAdapter(store, encodeAdapter(trained.adapter, engine.base))
    const { document, selfEditsOf } = training
    result.entries.push({
      ...stored,
      document,
      ...(document === null ? { documents: [...selfEditsOf] } : {}),
      scale: 1,
    })
    result.adapters.set(stored.key, trained.adapter)
    result.trainedTokens += trained.trainedTokens
  }
  return result
}

async function rowsOf(
  parts: TrainParts,
  { selfEditsOf, share, teacher }: PlannedTraining,
  on: readonly Adapter[],
  { selfEdits, texts, signal }: TrainPlanOptions,
): Promise<TrainingExample[]> {
  const { epochs, seed, objective } = parts.recipe
  const edits = new Map<TrainingExample, StoredSelfEdit>()
  for (const edit of selfEdits) {
    if (!edit.kept || edit.heldOut) continue
    const row = exampleOf(parts.engine, edit)
    // The study drops such ones; a review may bring one in.
    if (row.tokens.length > parts.engine.base.config.positionsMax)
      throw new AppError(
        'unprocessable_document',
        `the self-edit ${edit.id} is longer than the base can read: shorten it`,
      )
    edits.set(row, edit)
  }
  const written = selfEditsOf.map((documentId) => ({
    documentId,
    rows: [...edits].filter(([, edit]) => edit.documentId === documentId).map(([row]) => row),
  }))
  // Adapters that know the documents teach better than the base that reads them.
  const documents = teacher === null ? written : await teachRows(parts, written, { teacher, k: objective.k, signal })
  const distil = async (rows: readonly TrainingExample[]) => {
    const given = rows.map((row) => {
      const edit = edits.get(row)
      return { row, edit, text: edit && texts.get(edit.documentId) }
    })
    return await distilRows({ ...parts, objective }, given, { signal })
  }
  const all = documents.flatMap(({ rows }) => rows)
  if (share === null) return await distil(all)
  const { tokensMax, genericShare, whole } = share
  // The generic rows' share is of everything trained: beside documents of n tokens, n * share / (1 - share).
  const perEpoch = Math.floor(tokensMax === null ? tokensOf(all) / (1 - genericShare) : tokensMax / epochs)
  const generic =
    genericShare === 0
      ? []
      : await writeGenericRows(parts.engine, {
          ...{ tokensMax: Math.floor(perEpoch * genericShare), objective, seed, signal },
          on: on.length === 0 ? null : combineAdapters(parts.engine.base.config, on),
        })
  const chosen =
    tokensMax === null ? all : chooseRows(documents, { whole, tokensMax: perEpoch - tokensOf(generic), seed })
  return [...(await distil(chosen)), ...generic]
}
