// Algebra of matrices on the host, by TensorFlow's kernels: a sum of fifty adapters is 10^11 multiplications, minutes in
// JavaScript. Every tensor that is made here is gone when the call returns.
import type { HostTensor } from '../base/base-source.ts'
import { ATTRIBUTE_KINDS, DTYPES, tensorflow } from '../tensorflow.ts'
import type { RawAttribute } from '../tensorflow.ts'

/** a [m, k] times b [k, n]; with `transposeB` b is [n, k]. */
export function multiply(a: HostTensor, b: HostTensor, { transposeB = false } = {}): HostTensor {
  const attributes = [flag('transpose_a', false), flag('transpose_b', transposeB)]
  return first(run('MatMul', attributes, [a, b], 1))
}

/** m [a, b] as q [a, k] with orthonormal columns times r [k, b], k the smaller of a and b. */
export function decomposeQr(m: HostTensor): { q: HostTensor; r: HostTensor } {
  const [q, r] = run('Qr', [flag('full_matrices', false)], [m], 2)
  return { q: required(q), r: required(r) }
}

/** m [a, b] as u [a, k] diag(s) v' with v [b, k]; `s` descends, k is the smaller of a and b. */
export function decomposeSingular(m: HostTensor): { s: Float32Array; u: HostTensor; v: HostTensor } {
  const [s, u, v] = run('Svd', [flag('compute_uv', true), flag('full_matrices', false)], [m], 3)
  return { s: required(s).data, u: required(u), v: required(v) }
}

export function transpose({ shape: [rows = 0, columns = 0], data }: HostTensor): HostTensor {
  const turned = new Float32Array(data.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = data[row * columns + column] ?? 0
  return { shape: [columns, rows], data: turned }
}

function run(
  op: string,
  attributes: readonly RawAttribute[],
  inputs: readonly HostTensor[],
  outputs: number,
): HostTensor[] {
  const binding = tensorflow()
  const type = { name: 'T', type: ATTRIBUTE_KINDS.type, value: DTYPES.float32 }
  const ids = inputs.map(({ shape, data }) => binding.createTensor(shape, DTYPES.float32, data))
  try {
    const results = binding.executeOp(op, [...attributes, type], ids, outputs)
    ids.push(...results.map(({ id }) => id))
    return results.map(({ id, shape }) => {
      const data = binding.tensorDataSync(id)
      if (!(data instanceof Float32Array)) throw new Error(`${op} of float32 matrices is float32`)
      return { shape, data }
    })
  } finally {
    for (const id of ids) binding.deleteTensor(id)
  }
}

function flag(name: string, value: boolean): RawAttribute {
  return { name, type: ATTRIBUTE_KINDS.bool, value }
}

function first(tensors: readonly HostTensor[]): HostTensor {
  return required(tensors[0])
}

function required(tensor: HostTensor | undefined): HostTensor {
  if (!tensor) throw new Error('a kernel gave too few results')
  return tensor
}
