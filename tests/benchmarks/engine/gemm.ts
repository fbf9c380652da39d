// What the machine's matrix product reaches by itself, in TensorFlow, without a model round it: the peak that a training
// step is held against.
import { performance } from 'node:perf_hooks'
import { ATTRIBUTE_KINDS, DTYPES, tensorflow } from '../../../services/engine/tensorflow.ts'
import type { RawAttribute } from '../../../services/engine/tensorflow.ts'

const ROWS = 512
const INNER = 576
const COLUMNS = 1536
const SECONDS = 1
const WINDOW = 20

/** Floating-point operations and seconds of the fastest window of `[512, 576] x [576, 1536]`, in one second of them. */
export function measureGemm(dtype: 'float32' | 'bfloat16'): { seconds: number; amount: number } {
  const binding = tensorflow()
  const left = matrix(ROWS, INNER, dtype)
  const right = matrix(INNER, COLUMNS, dtype)
  const attributes: RawAttribute[] = [
    ...['transpose_a', 'transpose_b', 'grad_a', 'grad_b'].map((name) => ({
      name,
      type: ATTRIBUTE_KINDS.bool,
      value: false,
    })),
    { name: 'T', type: ATTRIBUTE_KINDS.type, value: DTYPES[dtype] },
  ]
  let best = Infinity
  for (const end = performance.now() + SECONDS * 1000; performance.now() < end;) {
    const start = performance.now()
    for (let count = 0; count < WINDOW; count++)
      for (const { id } of binding.executeOp('MatMul', attributes, [left, right], 1)) binding.deleteTensor(id)
    best = Math.min(best, performance.now() - start)
  }
  binding.deleteTensor(left)
  binding.deleteTensor(right)
  return { seconds: best / 1000, amount: 2 * ROWS * INNER * COLUMNS * WINDOW }
}

/** Small numbers of both signs; zeros would let the processor clock higher than real work does. */
function matrix(rows: number, columns: number, dtype: 'float32' | 'bfloat16'): number {
  const binding = tensorflow()
  const data = Float32Array.from({ length: rows * columns }, (_, index) => Math.sin(index))
  const plain = binding.createTensor([rows, columns], DTYPES.float32, data)
  if (dtype === 'float32') return plain
  const cast: RawAttribute[] = [
    { name: 'SrcT', type: ATTRIBUTE_KINDS.type, value: DTYPES.float32 },
    { name: 'DstT', type: ATTRIBUTE_KINDS.type, value: DTYPES.bfloat16 },
    { name: 'Truncate', type: ATTRIBUTE_KINDS.bool, value: false },
  ]
  const [narrow] = binding.executeOp('Cast', cast, [plain], 1)
  binding.deleteTensor(plain)
  if (!narrow) throw new Error('Cast gave no output')
  return narrow.id
}
