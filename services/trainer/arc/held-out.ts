// Which tasks of a pool nothing may be trained on. A task's own hash decides, not its place and nobody's choice: the grid
// adapter and the benchmark agree on it whatever files and numbers they are given.
import { createHash } from 'node:crypto'

const HELD_OUT_SHARE = 0.4
const SEED = 'held out 1'

export const isHeldOut = (taskId: string): boolean => drawOf(taskId) < HELD_OUT_SHARE

/** Uniform in [0, 1), the same for ever. */
function drawOf(taskId: string): number {
  return createHash('sha256').update(`${SEED} ${taskId}`).digest().readUInt32BE(0) / 2 ** 32
}
