// A base with an adapter worked into its weights: W + (alpha / rank) B A. Nothing is written; the merged base is a
// source like any other, read tensor by tensor.
import type { BaseSource, HostTensor } from '../base/base-source.ts'
import { ATTRIBUTE_KINDS, DTYPES, tensorflow } from '../tensorflow.ts'
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
  const product = multiply(b, a)
  return { shape: weight.shape, data: weight.data.map((value, place) => value + scale * (product[place] ?? 0)) }
}

/** By TensorFlow: a sum of fifty adapters is 10^11 multiplications, minutes in JavaScript. */
function multiply(b: HostTensor, a: HostTensor): Float32Array {
  const binding = tensorflow()
  const inputs = [b, a].map(({ shape, data }) => binding.createTensor(shape, DTYPES.float32, data))
  const attributes = [
    { name: 'transpose_a', type: ATTRIBUTE_KINDS.bool, value: false },
    { name: 'transpose_b', type: ATTRIBUTE_KINDS.bool, value: false },
    { name: 'T', type: ATTRIBUTE_KINDS.type, value: DTYPES.float32 },
  ]
  const outputs = binding.executeOp('MatMul', attributes, inputs, 1)
  const [product] = outputs.map(({ id }) => binding.tensorDataSync(id))
  for (const id of [...inputs, ...outputs.map((output) => output.id)]) binding.deleteTensor(id)
  if (!(product instanceof Float32Array)) throw new Error('a product of float32 matrices is float32')
  return product
}
