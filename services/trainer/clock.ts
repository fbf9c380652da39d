// Time as the worker reads it; tests hand in another.
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from './worker.ts'

export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
}
