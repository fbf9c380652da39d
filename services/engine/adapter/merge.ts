// A base with an adapter worked into its weights: W + (alpha / rank) B A. Nothing is written; the merged base is a
// source like any other, read tensor by tensor.
import type { BaseSource, HostTensor } from '../base/base-source.ts'
import type { Adapter } from './adapter.ts'

export function mergeAdapter(source: BaseSource, adapter: Adapter): BaseSource {
  return {
    ...source,
    id: `${source.id}+adapter`,
    read(name) {
      const weight = source.read(name)
      const path = name.replace(/\.weight$/, '')
      const a = adapter.tensors.get(`${path}.lora_A`)
      const b = adapter.tensors.get(`${path}.lora_B`)
      return a && b ? addProduct(weight, a, b, adapter.config.alpha / adapter.config.rank) : weight
    },
  }
}

/** weight [out, in] + scale * b [out, rank] a [rank, in]. */
function addProduct(weight: HostTensor, a: HostTensor, b: HostTensor, scale: number): HostTensor {
  const [rank = 0, inputs = 0] = a.shape
  const [outputs = 0] = b.shape
  const data = weight.data.slice()
  for (let row = 0; row < outputs; row++)
    for (let k = 0; k < rank; k++) {
      const factor = scale * (b.data[row * rank + k] ?? 0)
      if (factor === 0) continue
      for (let column = 0; column < inputs; column++) {
        const place = row * inputs + column
        data[place] = (data[place] ?? 0) + factor * (a.data[k * inputs + column] ?? 0)
      }
    }
  return { shape: weight.shape, data }
}
