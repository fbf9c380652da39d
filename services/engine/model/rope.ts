// Rotary position embedding in Hugging Face's half-split layout: rope(x) = x cos + turn(x) sin, where turn sends (a, b) to
// (-b, a). Turning is a roll by half a head; its sign stands in the table of sines. The tables for q carry the attention's
// 1/sqrt(head size), so scaling scores costs nothing.
import type { ModelConfig } from '../base/model-config.ts'
import { ropeDivisors } from '../base/rope-scaling.ts'
import { add, mul, roll } from '../ops/math.ts'
import type { HostArray } from '../ops/executor.ts'
import type { Value } from '../ops/ops.ts'
import type { ModelContext, RopeTables } from './model-context.ts'

/** x [q and k heads, rows, positions, head size] */
export function applyRope(context: ModelContext, tables: RopeTables, x: Value): Value {
  const { ops, config } = context
  return add(ops, mul(ops, x, tables.cos), mul(ops, roll(ops, x, config.headSize / 2), tables.sin))
}

/** The transposed map; rolling by half a head is its own inverse. */
export function ropeBackward(context: ModelContext, tables: RopeTables, gradient: Value): Value {
  const { ops, config } = context
  const turned = roll(ops, mul(ops, gradient, tables.sin), config.headSize / 2)
  return add(ops, mul(ops, gradient, tables.cos), turned)
}

/** Angular frequency of each pair of features, radians a position; Llama 3's scaling slows the long waves. */
function ropeFrequencies(config: ModelConfig): number[] {
  const { headSize, ropeTheta, ropeScaling } = config
  const half = headSize / 2
  const divisors = ropeScaling ? ropeDivisors(ropeScaling, ropeTheta, headSize) : []
  return Array.from({ length: half }, (_, index) => ropeTheta ** (-index / half) / (divisors[index] ?? 1))
}

/**
 * cos and signed sin for `positions` [rows][length] as arrays [heads + kvHeads, rows, length, headSize]; one row serves all
 * rows of a step whose positions agree.
 */
export function ropeTables(
  config: ModelConfig,
  positions: readonly (readonly number[])[],
): { cos: HostArray; sin: HostArray } {
  const { heads, kvHeads, headSize } = config
  const frequencies = ropeFrequencies(config)
  const half = headSize / 2
  const rows = positions.length
  const length = positions[0]?.length ?? 0
  const block = rows * length * headSize
  const cos = new Float32Array((heads + kvHeads) * block)
  const sin = new Float32Array((heads + kvHeads) * block)
  const qScale = 1 / Math.sqrt(headSize)
  positions.forEach((row, rowIndex) =>
    row.forEach((position, index) => {
      const start = (rowIndex * length + index) * headSize
      for (let feature = 0; feature < headSize; feature++) {
        const angle = position * (frequencies[feature % half] ?? 0)
        const sine = feature < half ? -Math.sin(angle) : Math.sin(angle)
        cos[start + feature] = Math.cos(angle) * qScale
        sin[start + feature] = sine * qScale
        cos[heads * block + start + feature] = Math.cos(angle)
        sin[heads * block + start + feature] = sine
      }
    }),
  )
  for (const table of [cos, sin]) {
    for (let head = 1; head < heads; head++) table.copyWithin(head * block, 0, block)
    for (let head = 1; head < kvHeads; head++)
      table.copyWithin((heads + head) * block, heads * block, (heads + 1) * block)
  }
  const shape = [heads + kvHeads, rows, length, headSize]
  return { cos: { shape, data: cos }, sin: { shape, data: sin } }
}
