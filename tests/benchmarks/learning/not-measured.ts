// An engine for reports: it counts tokens, but whatever would have to be measured now is missing instead.
import type { Engine } from '../../../services/engine/engine.ts'

class NotMeasured extends Error {
  override name = 'NotMeasured'
}

export function withoutMeasuring(engine: Engine): Engine {
  const refuse = () => Promise.reject(new NotMeasured('this result is not in the state'))
  return { ...engine, generate: refuse, score: refuse, train: refuse, teach: refuse, divergence: refuse }
}

/** Null where something of it has not been measured yet. */
export async function ifMeasured<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof NotMeasured) return null
    throw error
  }
}
