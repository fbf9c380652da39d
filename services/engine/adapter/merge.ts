// A base with an adapter worked into its weights: W + (alpha / rank) B A. Nothing is written; the merged base is a
// source like any other, read tensor by tensor.
import type { BaseSource, HostTensor } from '../base/base-source.ts'
import type { Adapter } from './adapter.ts'
import { multiply } from './matrices.ts'

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
  const product = multiply(b, a).data
  return { shape: weight.shape, data: weight.data.map((value, place) => value + scale * (product[place] ?? 0)) }
}
