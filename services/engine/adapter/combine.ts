// Several adapters of one base as one that acts as their sum, exactly: with A stacked and B side by side, B A is the sum
// of the products. Scales are folded into B, so the result's own is 1. Its rank is the sum of theirs, which is what a sum
// of low-rank updates costs.
import type { HostTensor } from '../base/base-source.ts'
import { LINEAR_NAMES } from '../base/model-config.ts'
import type { ModelConfig } from '../base/model-config.ts'
import { adapterShapes } from './adapter.ts'
import type { Adapter } from './adapter.ts'

/**
 * A linear layer that one of them does not adapt gets zeros in that one's share of the rank. One adapter alone is given
 * back as it is. Throws RangeError for none.
 */
export function combineAdapters(config: ModelConfig, adapters: readonly Adapter[]): Adapter {
  const [first, ...others] = adapters
  if (!first) throw new RangeError('no adapters to combine')
  if (others.length === 0) return first
  const rank = adapters.reduce((sum, adapter) => sum + adapter.config.rank, 0)
  const targets = LINEAR_NAMES.filter((name) => adapters.some((adapter) => adapter.config.targets.includes(name)))
  const lora = { rank, alpha: rank, targets }
  const tensors = new Map<string, HostTensor>()
  for (const [name, shape] of adapterShapes(config, lora))
    tensors.set(name, name.endsWith('.lora_A') ? stackRows(adapters, name, shape) : joinColumns(adapters, name, shape))
  return { config: lora, tensors }
}

/** Each adapter's A [rank, in] under the one before, [ranks, in]. */
function stackRows(adapters: readonly Adapter[], name: string, shape: number[]): HostTensor {
  const [, inputs = 0] = shape
  const data = new Float32Array((shape[0] ?? 0) * inputs)
  let row = 0
  for (const { config, tensors } of adapters) {
    const own = tensors.get(name)
    if (own) data.set(own.data, row * inputs)
    row += config.rank
  }
  return { shape, data }
}

/** Each adapter's scaled B [out, rank] beside the one before, [out, ranks]. */
function joinColumns(adapters: readonly Adapter[], name: string, shape: number[]): HostTensor {
  const [outputs = 0, ranks = 0] = shape
  const data = new Float32Array(outputs * ranks)
  let column = 0
  for (const { config, tensors } of adapters) {
    const own = tensors.get(name)
    const scale = config.alpha / config.rank
    for (let row = 0; own && row < outputs; row++)
      for (let k = 0; k < config.rank; k++)
        data[row * ranks + column + k] = scale * (own.data[row * config.rank + k] ?? 0)
    column += config.rank
  }
  return { shape, data }
}
