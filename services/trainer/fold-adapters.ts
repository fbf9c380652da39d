// Several adapters that act as their sum made one of bounded rank, stored like any other. What the cut left out stands in
// the manifest; what it did to the answers is measured with the candidate, which already acts through it.
import { putAdapter } from '../../shared/registry/adapters.ts'
import { documentsOf, type ManifestAdapter } from '../../shared/versions/manifest.ts'
import { compressAdapter } from '../engine/adapter/compress.ts'
import { encodeAdapter } from '../engine/adapter/peft.ts'
import type { IncorporateParts } from './incorporate.ts'
import { loadSum } from './load-adapters.ts'
import type { Plan } from './strategies/strategy.ts'

/** The plan with the adapters that it folds made one. Throws `adapter_unavailable`, `store_failed`, the signal's reason. */
export async function foldAdapters(
  parts: Pick<IncorporateParts, 'engine' | 'store' | 'recipe'>,
  plan: Plan,
  signal: AbortSignal,
): Promise<Plan> {
  const { fold } = plan
  if (fold === undefined) return plan
  const { engine, store, recipe } = parts
  const sum = await loadSum(parts, fold.adapters)
  if (sum === null) throw new RangeError('a plan folds no adapters')
  const rank = fold.ranks * recipe.lora.rank
  const { adapter, error } = await compressAdapter(engine.base.config, sum, rank, { signal })
  const entry: ManifestAdapter = {
    ...(await putAdapter(store, encodeAdapter(adapter, engine.base))),
    document: null,
    documents: [...new Set(fold.adapters.flatMap(documentsOf))],
    scale: 1,
    folded: {
      adapters: fold.adapters.reduce((count, { folded }) => count + (folded?.adapters ?? 1), 0),
      rank: adapter.config.rank,
      error: fold.adapters.reduce((total, { folded }) => total + (folded?.error ?? 0), error),
    },
  }
  const replaced = new Set(fold.adapters.map(({ key }) => key))
  const withFolded = (entries: readonly ManifestAdapter[]) => [
    entry,
    ...entries.filter(({ key }) => !replaced.has(key)),
  ]
  return {
    ...plan,
    trainings: plan.trainings.map((training) => ({ ...training, on: withFolded(training.on) })),
    kept: withFolded(plan.kept),
    fold: undefined,
  }
}
