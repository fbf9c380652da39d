// Who may use the model: one at a time, in the order of asking, because all share its variables. A turn may last as long
// as others like to share it (generation, which new prompts join), so whoever holds one can ask whether it should end.
import { EngineBroken } from './engine.ts'

export interface Turns {
  /** Runs `work` when all that was asked for before is over; rejects as it does. */
  take<T>(work: () => Promise<T>): Promise<T>
  /** Whether somebody waits for this turn to end. */
  wanted(): boolean
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  let broken: EngineBroken | undefined
  return {
    take(work) {
      waiting += 1
      const turn = last.then(() => {
        waiting -= 1
        if (broken !== undefined) throw broken
        return work()
      })
      last = turn.catch((error: unknown) => {
        if (error instanceof EngineBroken) broken = error
      })
      return turn
    },
    wanted: () => waiting > 0,
  }
}
