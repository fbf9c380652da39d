// Linear layers that share an input, with LoRA: y_i = x W_i' + bias_i + scale (x A') B_i'. A holds the rows of all
// layers of the group one under another, so that one product serves them; each B_i is zero outside its own columns,
// which the gradient's mask keeps so. Where several adapters train at once, A and B have an axis of adapters in front.
// With a bfloat16 base the adapter's products run in bfloat16 too, on copies made once a step where it trains and once for
// all where it generates: its input and the gradients are narrowed for the base anyway. They are added up in float32, or
// what an adapter adds while it is small would be lost in the rounding of the sum.
import { add, addAll, batchMatMul, cast, concat, matMul, mul, reshape, splitRows, unstack } from '../ops/math.ts'
import type { Value } from '../ops/ops.ts'
import { besideName, lorasOf, outputSize, severalName, type LinearGroup } from './lora-layout.ts'
import type { ModelContext } from './model-context.ts'

/** The adapter's tensors of all layers, one slice a layer. */
export interface LoraSlices {
  a: Value[]
  b: Value[][]
}

export interface LinearSaved {
  /** [n, in], in the base's dtype. */
  input: Value
  /** scale (x A'), [n, ranks], in the base's dtype; absent without an adapter. */
  hidden: Value | null
}

/** Gradients of one layer of a group: of A, and of each B. */
export interface LinearGradients {
  a: Value
  b: Value[]
}

export function readLora(context: ModelContext, group: LinearGroup): LoraSlices | null {
  if (!context.lora) return null
  const { ops, config, frozen } = context
  const { a, b } = lorasOf(group)
  const variable = context.several ? severalName : context.scales ? besideName : (name: string) => name
  const layersOf = (name: string): Value[] => unstack(ops, cast(ops, ops.read(variable(name)), frozen), config.layers)
  return { a: layersOf(a), b: groupLayers(b.map(layersOf)) }
}

/** [matrix][layer] to [layer][matrix]. */
function groupLayers(byMatrix: Value[][]): Value[][] {
  return (byMatrix[0] ?? []).map((_, layer) => byMatrix.flatMap((slices) => slices[layer] ?? []))
}

/** x [n, p] times an adapter's matrix [p, q] (or [q, p], transposed); of several adapters each takes its own rows. */
function timesLora(context: ModelContext, x: Value, matrix: Value, transposeB: boolean): Value {
  const { ops, several } = context
  if (!several) return matMul(ops, x, matrix, { transposeB })
  return reshape(ops, batchMatMul(ops, reshape(ops, x, several.apart), matrix, { transposeB }), several.joined)
}

/** Hidden vectors [n, ranks] times the scale, in float32: rounded, it would be off by the same share in every product. */
function scaled({ ops, scales }: ModelContext, group: LinearGroup, hidden: Value): Value {
  const scale = scales?.[group.name] ?? ops.read('scale')
  return cast(ops, mul(ops, cast(ops, hidden, 'float32'), scale), hidden.dtype)
}

/** x' y of the rows x [n, p] and y [n, q]: the float32 gradient of an adapter's matrix, or of each adapter's own. */
function overRows({ ops, several }: ModelContext, x: Value, y: Value): Value {
  const product = several
    ? batchMatMul(ops, reshape(ops, x, several.apart), reshape(ops, y, several.apart), { transposeA: true })
    : matMul(ops, x, y, { transposeA: true })
  return cast(ops, product, 'float32')
}

export function linearForward(
  context: ModelContext,
  group: LinearGroup,
  layer: number,
  lora: LoraSlices | null,
  input: Value,
): { outputs: Value[]; saved: LinearSaved } {
  const { ops, config, frozen } = context
  const narrow = cast(ops, input, frozen)
  const a = lora?.a[layer]
  const hidden = a ? scaled(context, group, timesLora(context, narrow, a, true)) : null
  const outputs = group.weights.map((name, index) => {
    let output = cast(ops, matMul(ops, narrow, ops.read(`w.${layer}.${name}`), { transposeB: true }), 'float32')
    if (name === 'qkv' && config.attentionBias) output = add(ops, output, ops.read(`w.${layer}.qkvBias`))
    const b = lora?.b[layer]?.[index]
    return hidden && b ? add(ops, output, cast(ops, timesLora(context, hidden, b, true), 'float32')) : output
  })
  return { outputs, saved: { input: narrow, hidden } }
}

/**
 * The same for steps of generation, often of few rows, whose weights are kept packed. A product of few rows runs on one
 * thread, so a lone matrix is halved by its outputs: the two products run side by side.
 */
export function linearPacked(
  context: ModelContext,
  group: LinearGroup,
  layer: number,
  lora: LoraSlices | null,
  input: Value,
): Value[] {
  const { ops, config, frozen } = context
  const narrow = cast(ops, input, frozen)
  const a = lora?.a[layer]
  const hidden = a ? scaled(context, group, matMul(ops, narrow, a, { transposeB: true })) : null
  const lone = group.weights.length === 1
  return group.weights.map((name, index) => {
    const weight = ops.read(`w.${layer}.${name}`)
    const outputs = outputSize(config, group.members[index] ?? [])
    let output = cast(
      ops,
      lone ? inHalves(context, narrow, weight, outputs) : ops.packedMatMul(narrow, weight, outputs),
      'float32',
    )
    if (name === 'qkv' && config.attentionBias) output = add(ops, output, ops.read(`w.${layer}.qkvBias`))
    const b = lora?.b[layer]?.[index]
    return hidden && b ? add(ops, output, cast(ops, matMul(ops, hidden, b, { transposeB: true }), 'float32')) : output
  })
}

/** x [n, in] times weight [outputs, in], transposed, as two products. */
export function inHalves(context: ModelContext, x: Value, weight: Value, outputs: number): Value {
  const { ops } = context
  const sizes = [Math.ceil(outputs / 2), Math.floor(outputs / 2)]
  const parts = splitRows(ops, weight, sizes).map((part, index) => ops.packedMatMul(x, part, sizes[index] ?? 0))
  return concat(ops, parts, 1)
}

/**
 * From the gradients of the outputs [n, out_i] to that of the input (left out where nobody needs it) and, with an
 * adapter, to those of A and every B.
 */
export function linearBackward(
  context: ModelContext,
  group: LinearGroup,
  layer: number,
  lora: LoraSlices,
  saved: LinearSaved,
  gradients: readonly Value[],
  needsInput: boolean,
): { input: Value | null; lora: LinearGradients } {
  const { ops, frozen } = context
  const a = lora.a[layer]
  const b = lora.b[layer]
  const { hidden } = saved
  if (!a || !b || !hidden) throw new Error('the backward pass needs an adapter')
  const narrow = gradients.map((gradient) => cast(ops, gradient, frozen))
  const throughB = addAll(
    ops,
    narrow.map((gradient, index) => timesLora(context, gradient, at(b, index), false)),
  )
  const dHidden = scaled(context, group, throughB)
  const dA = overRows(context, dHidden, saved.input)
  const dB = narrow.map((gradient, index) => {
    const full = overRows(context, gradient, hidden)
    const mask = lorasOf(group).masks[index]
    return mask ? mul(ops, full, ops.read(mask)) : full
  })
  if (!needsInput) return { input: null, lora: { a: dA, b: dB } }
  const throughBase = narrow.map((gradient, index) =>
    matMul(ops, gradient, ops.read(`w.${layer}.${at(group.weights, index)}`)),
  )
  const parts = [...throughBase, timesLora(context, dHidden, a, false)].map((part) => cast(ops, part, 'float32'))
  return { input: addAll(ops, parts), lora: { a: dA, b: dB } }
}

function at<T>(list: readonly T[], index: number): T {
  const value = list[index]
  if (value === undefined) throw new Error(`no entry ${index}`)
  return value
}
