// Work on a base with adapters merged into its weights, and the base put back afterwards. Both ways the weights come from
// the base's own files, so what is put back is bit for bit what was loaded.
import type { Adapter } from '../adapter/adapter.ts'
import { combineAdapters } from '../adapter/combine.ts'
import { mergeAdapter } from '../adapter/merge.ts'
import type { BaseSource } from '../base/base-source.ts'
import { EngineBroken } from '../engine.ts'
import type { Runtime } from './runtime.ts'

/**
 * Runs `work` while the runtime's base is `open()` plus the sum of `adapters`; nothing else may run the model meanwhile.
 * `work` may train and score, not decode: decoding keeps packed copies of the weights that it saw first.
 * Throws what `work` throws; when the base cannot be put back it closes the runtime and throws `EngineBroken`.
 */
export async function withMergedBase<T>(
  runtime: Runtime,
  open: () => Promise<BaseSource>,
  adapters: readonly Adapter[],
  work: () => Promise<T>,
): Promise<T> {
  if (adapters.length === 0) return await work()
  const source = await open()
  try {
    const sum = combineAdapters(runtime.config, adapters)
    const changed = new Set([...sum.tensors.keys()].map((name) => name.replace(/\.lora_[AB]$/, '.weight')))
    try {
      runtime.assignBase(mergeAdapter(source, sum), changed)
      return await work()
    } finally {
      restoreBase(runtime, source, changed)
    }
  } finally {
    source.close()
  }
}

function restoreBase(runtime: Runtime, source: BaseSource, changed: ReadonlySet<string>): void {
  try {
    runtime.assignBase(source, changed)
  } catch (cause) {
    // Better no answer than one from weights that belong to no version.
    runtime.executor.close()
    throw new EngineBroken('the base could not be put back after a training on merged weights', { cause })
  }
}
