import { expect, test } from 'vitest'
import {
  ATTEMPTS_MAX,
  parseRetryAfter,
  RETRY_SECONDS,
  retryDelaySeconds,
} from '../../../shared/webhooks/retry-schedule.ts'

const attempts = Array.from({ length: ATTEMPTS_MAX }, (_, index) => index + 1)

test('tries are spread over three days, each wait longer than the one before, and then end', () => {
  const waits = attempts.map((attempt) => retryDelaySeconds(attempt, { random: () => 0 }))
  expect(waits).toEqual([...RETRY_SECONDS, undefined])
  const total = RETRY_SECONDS.reduce((sum, seconds) => sum + seconds, 0)
  expect(total / 86_400).toBeGreaterThan(3)
  expect(total / 86_400).toBeLessThan(4)
})

test('chance lengthens a wait by a fifth at most and never shortens it', () => {
  expect(retryDelaySeconds(2, { random: () => 0 })).toBe(300)
  expect(retryDelaySeconds(2, { random: () => 0.5 })).toBeCloseTo(330)
  expect(retryDelaySeconds(2, { random: () => 1 })).toBeCloseTo(360)
})

test('a receiver that asks for patience gets it, up to a day; one that asks for less than planned does not', () => {
  const random = (): number => 0
  expect(retryDelaySeconds(1, { retryAfterSeconds: 120, random })).toBe(120)
  expect(retryDelaySeconds(2, { retryAfterSeconds: 1, random })).toBe(300)
  expect(retryDelaySeconds(1, { retryAfterSeconds: 10 ** 9, random })).toBe(86_400)
  expect(retryDelaySeconds(ATTEMPTS_MAX, { retryAfterSeconds: 5, random })).toBeUndefined()
})

test('Retry-After is read as seconds or as a date, and ignored when it is neither', () => {
  const now = new Date('2026-02-03T04:05:06Z')
  expect(parseRetryAfter('120', now)).toBe(120)
  expect(parseRetryAfter('Tue, 03 Feb 2026 04:06:06 GMT', now)).toBe(60)
  expect(parseRetryAfter('Tue, 03 Feb 2026 04:00:00 GMT', now)).toBe(0)
  expect(parseRetryAfter('soon', now)).toBeUndefined()
  expect(parseRetryAfter(undefined, now)).toBeUndefined()
})
