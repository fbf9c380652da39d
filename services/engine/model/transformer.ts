// The decoder, forward and backward, written once for both executors. Pre-norm blocks: x += attention(norm(x)), then
// x += mlp(norm(x)). The backward pass walks the same lines upwards and gives the adapter's gradients only: the base is
// frozen, so no gradient of a weight, a norm or an embedding is ever formed.
import { add, cast, gather } from '../ops/math.ts'
import type { Value } from '../ops/ops.ts'
import { attentionBackward, attentionForward, attentionShapes } from './attention.ts'
import type { AttentionSaved, AttentionShapes } from './attention.ts'
import { linearBackward, linearForward, readLora } from './linear.ts'
import type { LinearGradients, LinearSaved, LoraSlices } from './linear.ts'
import { GROUPS } from './lora-layout.ts'
import { swigluBackward, swigluForward } from './mlp.ts'
import type { SwigluSaved } from './mlp.ts'
import type { ModelContext, RopeTables } from './model-context.ts'
import { normBackward, normForward } from './norm.ts'
import type { NormSaved } from './norm.ts'

export type GroupName = keyof typeof GROUPS
export type Loras = Record<GroupName, LoraSlices | null>

/** What stays the same through all layers of a step. */
export interface StepInputs {
  tables: RopeTables
  /** [s, s], added to the scores. */
  mask: Value
  /** Rows of the batch, a scalar. */
  rows: Value
}

interface BlockSaved {
  norm1: NormSaved
  qkv: LinearSaved
  attention: AttentionSaved
  o: LinearSaved
  norm2: NormSaved
  mlp: LinearSaved
  swiglu: SwigluSaved
  down: LinearSaved
}

export interface ForwardResult {
  /** Before the final norm, [n, hidden]. */
  hidden: Value
  blocks: BlockSaved[]
  loras: Loras
  shapes: AttentionShapes
}

export function readLoras(context: ModelContext): Loras {
  return {
    qkv: readLora(context, GROUPS.qkv),
    o: readLora(context, GROUPS.o),
    mlp: readLora(context, GROUPS.mlp),
    down: readLora(context, GROUPS.down),
  }
}

/** Token ids [n] to float32 vectors [n, hidden]. */
export function embed(context: ModelContext, ids: Value): Value {
  const { ops } = context
  return cast(ops, gather(ops, ops.read('w.embed'), ids), 'float32')
}

export function forward(context: ModelContext, step: StepInputs, ids: Value): ForwardResult {
  const loras = readLoras(context)
  const shapes = attentionShapes(context, step.rows)
  const result: ForwardResult = { hidden: embed(context, ids), blocks: [], loras, shapes }
  for (let layer = 0; layer < context.config.layers; layer++) {
    const block = blockForward(context, step, shapes, loras, layer, result.hidden)
    result.hidden = block.output
    result.blocks.push(block.saved)
  }
  return result
}

function blockForward(
  context: ModelContext,
  step: StepInputs,
  shapes: AttentionShapes,
  loras: Loras,
  layer: number,
  x: Value,
): { output: Value; saved: BlockSaved } {
  const { ops } = context
  const norm1 = normForward(context, x, ops.read(`w.${layer}.norm1`))
  const qkv = linearForward(context, GROUPS.qkv, layer, loras.qkv, norm1.output)
  const attention = attentionForward(context, layer, step.tables, shapes, step.mask, only(qkv.outputs))
  const o = linearForward(context, GROUPS.o, layer, loras.o, attention.output)
  const middle = add(ops, x, only(o.outputs))
  const mlp = mlpForward(context, loras, layer, middle)
  return {
    output: mlp.output,
    saved: { norm1: norm1.saved, qkv: qkv.saved, attention: attention.saved, o: o.saved, ...mlp.saved },
  }
}

/** The second half of a block: x + down(swiglu(gate, up)) of the normed x. */
function mlpForward(context: ModelContext, loras: Loras, layer: number, x: Value) {
  const { ops } = context
  const norm2 = normForward(context, x, ops.read(`w.${layer}.norm2`))
  const mlp = linearForward(context, GROUPS.mlp, layer, loras.mlp, norm2.output)
  const [gate, up] = mlp.outputs
  if (!gate || !up) throw new Error('the mlp has two inputs')
  const swiglu = swigluForward(context, gate, up)
  const down = linearForward(context, GROUPS.down, layer, loras.down, swiglu.output)
  return {
    output: add(ops, x, only(down.outputs)),
    saved: { norm2: norm2.saved, mlp: mlp.saved, swiglu: swiglu.saved, down: down.saved },
  }
}

/** Gradients of the adapter, [group][layer], from the gradient of `hidden` [n, hidden]. */
export function backward(
  context: ModelContext,
  step: StepInputs,
  result: ForwardResult,
  gradient: Value,
): Record<GroupName, LinearGradients[]> {
  const { ops } = context
  const { shapes } = result
  const loras = requireLoras(result.loras)
  const gradients: Record<GroupName, LinearGradients[]> = { qkv: [], o: [], mlp: [], down: [] }
  let dx = gradient
  for (let layer = context.config.layers - 1; layer >= 0; layer--) {
    const saved = result.blocks[layer]
    if (!saved) throw new Error(`layer ${layer} was not run`)
    const down = linearBackward(context, GROUPS.down, layer, loras.down, saved.down, [dx], true)
    const swiglu = swigluBackward(context, saved.swiglu, required(down.input))
    const mlp = linearBackward(context, GROUPS.mlp, layer, loras.mlp, saved.mlp, [swiglu.gate, swiglu.up], true)
    dx = add(ops, dx, normBackward(context, saved.norm2, required(mlp.input)))
    const o = linearBackward(context, GROUPS.o, layer, loras.o, saved.o, [dx], true)
    const dQkv = attentionBackward(context, step.tables, shapes, saved.attention, required(o.input), step.rows)
    // Below the first layer stand only embeddings, which are frozen.
    const qkv = linearBackward(context, GROUPS.qkv, layer, loras.qkv, saved.qkv, [dQkv], layer > 0)
    if (qkv.input) dx = add(ops, dx, normBackward(context, saved.norm1, qkv.input))
    gradients.down.unshift(down.lora)
    gradients.mlp.unshift(mlp.lora)
    gradients.o.unshift(o.lora)
    gradients.qkv.unshift(qkv.lora)
  }
  return gradients
}

function requireLoras(loras: Loras): Record<GroupName, LoraSlices> {
  const { qkv, o, mlp, down } = loras
  if (!qkv || !o || !mlp || !down) throw new Error('the backward pass needs an adapter')
  return { qkv, o, mlp, down }
}

function required(value: Value | null): Value {
  if (!value) throw new Error('a gradient is missing')
  return value
}

function only(values: readonly Value[]): Value {
  const [value] = values
  if (!value) throw new Error('a linear gave no output')
  return value
}
