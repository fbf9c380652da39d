// TensorFlow's ops under their usual names, each one call on the op interface. Shapes in comments are the caller's.
import type { Dtype } from '../tensorflow.ts'
import type { Attributes, Ops, Value } from './ops.ts'

function one(ops: Ops, name: string, attributes: Attributes, inputs: readonly Value[], dtype: Dtype): Value {
  const [value] = ops.op(name, attributes, inputs, [dtype])
  if (!value) throw new Error(`${name} gave no output`)
  return value
}

const typed = (value: Value): Attributes => ({ T: { type: value.dtype } })

function binary(name: string) {
  return (ops: Ops, a: Value, b: Value): Value => one(ops, name, typed(a), [a, b], a.dtype)
}
function unary(name: string) {
  return (ops: Ops, a: Value): Value => one(ops, name, typed(a), [a], a.dtype)
}

export const add = binary('AddV2')
export const sub = binary('Sub')
export const mul = binary('Mul')
export const div = binary('RealDiv')
export const minimum = binary('Minimum')
export const maximum = binary('Maximum')
export const rsqrt = unary('Rsqrt')
export const sqrt = unary('Sqrt')
export const square = unary('Square')
export const sigmoid = unary('Sigmoid')
export const softmax = unary('Softmax')
export const logSoftmax = unary('LogSoftmax')
export const exp = unary('Exp')
export const log = unary('Log')
export const zerosLike = unary('ZerosLike')
/** Half the sum of squares, a scalar. */
export const l2Loss = unary('L2Loss')

export function addAll(ops: Ops, values: readonly Value[]): Value {
  const [first, second] = values
  if (!first) throw new Error('addAll of nothing')
  if (!second) return first
  if (values.length === 2) return add(ops, first, second)
  return one(ops, 'AddN', { N: values.length, T: { type: first.dtype } }, values, first.dtype)
}

/** a [m, k] times b [k, n]; either may be given transposed. */
export function matMul(
  ops: Ops,
  a: Value,
  b: Value,
  sides: { transposeA?: boolean; transposeB?: boolean } = {},
): Value {
  const attributes = {
    transpose_a: sides.transposeA ?? false,
    transpose_b: sides.transposeB ?? false,
    grad_a: false,
    grad_b: false,
    ...typed(a),
  }
  return one(ops, 'MatMul', attributes, [a, b], a.dtype)
}

/** Products of the last two axes, earlier axes broadcast. */
export function batchMatMul(
  ops: Ops,
  a: Value,
  b: Value,
  sides: { transposeA?: boolean; transposeB?: boolean } = {},
): Value {
  const attributes = {
    adj_x: sides.transposeA ?? false,
    adj_y: sides.transposeB ?? false,
    grad_x: false,
    grad_y: false,
    ...typed(a),
  }
  return one(ops, 'BatchMatMulV2', attributes, [a, b], a.dtype)
}

function reduce(name: string) {
  return (ops: Ops, a: Value, axes: readonly number[], keepDims: boolean): Value =>
    one(
      ops,
      name,
      { keep_dims: keepDims, Tidx: { type: 'int32' }, ...typed(a) },
      [a, ops.constant(axes, 'int32')],
      a.dtype,
    )
}
export const mean = reduce('Mean')
export const sum = reduce('Sum')

/** `shape` is a list (one -1 allowed) or an int32 vector. */
export function reshape(ops: Ops, a: Value, shape: readonly number[] | Value): Value {
  const vector = 'dtype' in shape ? shape : ops.constant(shape, 'int32')
  return one(ops, 'Reshape', { Tshape: { type: 'int32' }, ...typed(a) }, [a, vector], a.dtype)
}

/** A shape vector of scalars, some of them known only when the step runs. */
export function shapeOf(ops: Ops, sizes: readonly (number | Value)[]): Value {
  const scalars = sizes.map((size) => (typeof size === 'number' ? ops.constant(size, 'int32') : size))
  return one(ops, 'Pack', { N: scalars.length, axis: 0, T: { type: 'int32' } }, scalars, 'int32')
}

export function transpose(ops: Ops, a: Value, order: readonly number[]): Value {
  return one(ops, 'Transpose', { Tperm: { type: 'int32' }, ...typed(a) }, [a, ops.constant(order, 'int32')], a.dtype)
}

/** The last axis moved round by `shift` places. */
export function roll(ops: Ops, a: Value, shift: number): Value {
  const attributes = { Tshift: { type: 'int32' as const }, Taxis: { type: 'int32' as const }, ...typed(a) }
  return one(ops, 'Roll', attributes, [a, ops.constant(shift, 'int32'), ops.constant(-1, 'int32')], a.dtype)
}

/** Parts of the given sizes along axis 0; they share the memory of `a`. */
export function splitRows(ops: Ops, a: Value, sizes: readonly number[]): Value[] {
  const attributes = { num_split: sizes.length, Tlen: { type: 'int32' as const }, ...typed(a) }
  const inputs = [a, ops.constant(sizes, 'int32'), ops.constant(0, 'int32')]
  return ops.op(
    'SplitV',
    attributes,
    inputs,
    sizes.map(() => a.dtype),
  )
}

/** The first `count` rows of a matrix; they share the memory of `a`. */
export function firstRows(ops: Ops, a: Value, count: Value): Value {
  const inputs = [a, ops.constant([0, 0], 'int32'), shapeOf(ops, [count, -1])]
  return one(ops, 'Slice', { Index: { type: 'int32' }, ...typed(a) }, inputs, a.dtype)
}

/** The slices along axis 0, without that axis; they share the memory of `a`. */
export function unstack(ops: Ops, a: Value, count: number): Value[] {
  return ops.op('Unpack', { num: count, axis: 0, ...typed(a) }, [a], new Array<Dtype>(count).fill(a.dtype))
}

export function stack(ops: Ops, values: readonly Value[]): Value {
  const [first] = values
  if (!first) throw new Error('stack of nothing')
  return one(ops, 'Pack', { N: values.length, axis: 0, ...typed(first) }, values, first.dtype)
}

export function concat(ops: Ops, values: readonly Value[], axis: number): Value {
  const [first] = values
  if (!first) throw new Error('concat of nothing')
  const attributes = { N: values.length, Tidx: { type: 'int32' as const }, ...typed(first) }
  return one(ops, 'ConcatV2', attributes, [...values, ops.constant(axis, 'int32')], first.dtype)
}

export function gather(ops: Ops, a: Value, indices: Value, axis = 0): Value {
  const attributes = {
    batch_dims: 0,
    Tparams: { type: a.dtype },
    Tindices: { type: 'int32' as const },
    Taxis: { type: 'int32' as const },
  }
  return one(ops, 'GatherV2', attributes, [a, indices, ops.constant(axis, 'int32')], a.dtype)
}

/** Rows of `updates` [l, d] summed into a zero matrix of `shape` at `rows` [l, 1]. */
export function scatterAdd(ops: Ops, rows: Value, updates: Value, shape: Value): Value {
  return one(
    ops,
    'ScatterNd',
    { Tindices: { type: 'int32' }, ...typed(updates) },
    [rows, updates, shape],
    updates.dtype,
  )
}

/** Entries of `a` [n, v] at `places` [..., 2] (row, column), in the shape [...]. */
export function gatherAt(ops: Ops, a: Value, places: Value): Value {
  const attributes = {
    Tparams: { type: a.dtype },
    Tindices: { type: 'int32' as const },
  }
  return one(ops, 'GatherNd', attributes, [a, places], a.dtype)
}

/** A copy of `a` [n, v] with `updates` [...] at `places` [..., 2], which must differ from each other. */
export function replaceAt(ops: Ops, a: Value, places: Value, updates: Value): Value {
  const attributes = { T: { type: a.dtype }, Tindices: { type: 'int32' as const } }
  return one(ops, 'TensorScatterUpdate', attributes, [a, places, updates], a.dtype)
}

export function cast(ops: Ops, a: Value, dtype: Dtype): Value {
  if (a.dtype === dtype) return a
  return one(ops, 'Cast', { SrcT: { type: a.dtype }, DstT: { type: dtype }, Truncate: false }, [a], dtype)
}

/** Cross-entropy of each row [l], and its gradient by the logits [l, v]. */
export function softmaxCrossEntropy(ops: Ops, logits: Value, labels: Value): { losses: Value; gradient: Value } {
  const attributes = { Tlabels: { type: 'int32' as const }, ...typed(logits) }
  const [losses, gradient] = ops.op(
    'SparseSoftmaxCrossEntropyWithLogits',
    attributes,
    [logits, labels],
    [logits.dtype, logits.dtype],
  )
  if (!losses || !gradient) throw new Error('cross-entropy gave no output')
  return { losses, gradient }
}

/** The k largest of each row, largest first; k is a scalar of the step. */
export function topK(ops: Ops, a: Value, k: Value): { values: Value; indices: Value } {
  const attributes = {
    sorted: true,
    Tk: { type: 'int32' as const },
    index_type: { type: 'int32' as const },
    ...typed(a),
  }
  const [values, indices] = ops.op('TopKV2', attributes, [a, k], [a.dtype, 'int32'])
  if (!values || !indices) throw new Error('top-k gave no output')
  return { values, indices }
}
