import { expect, test } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { outlastOutage } from '../../services/trainer/outage.ts'
import { createProgressWriter } from '../../services/trainer/progress.ts'

const outage = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' })

test('progress is thinned to one line a second, but no event and no change of state is lost', async () => {
  const written: number[] = []
  let now = 0
  const progress = createProgressWriter(async ({ fraction }) => void written.push(fraction), { now: () => now })
  for (let step = 1; step <= 30; step++) {
    now += 100
    progress.report({
      state: step < 20 ? 'studying' : 'training',
      phase: 'at work',
      fraction: step / 30,
      ...(step === 5 ? { event: { type: 'loss', data: {} } } : {}),
    })
  }
  await progress.settle()
  expect(written.map((fraction) => Math.round(fraction * 30))).toEqual([1, 5, 15, 20, 30])
})

test('an outage costs progress, never the work; a lost lease is said at the next settle', async () => {
  const failures = [outage(), new AppError('lease_lost', 'taken over')]
  const progress = createProgressWriter(
    async () => {
      throw failures.shift() ?? new Error('unexpected')
    },
    { now: () => 0 },
    0,
  )
  progress.report({ phase: 'training', fraction: 0.1 })
  await expect(progress.settle()).resolves.toBeUndefined()
  progress.report({ phase: 'training', fraction: 0.2 })
  await expect(progress.settle()).rejects.toMatchObject({ code: 'lease_lost' })
})

test('a write is tried until the database is back, any other refusal is final', async () => {
  let now = 0
  const clock = { now: () => now, sleep: async (ms: number) => void (now += ms) }
  const signal = new AbortController().signal
  const failures = [outage(), outage(), outage()]
  const work = async () => {
    const failure = failures.shift()
    if (failure !== undefined) throw failure
    return 'written'
  }
  expect(await outlastOutage(work, clock, signal)).toBe('written')
  expect(now).toBe(500 + 1000 + 2000)
  const refused = outlastOutage(() => Promise.reject(new AppError('lease_lost', 'taken over')), clock, signal)
  await expect(refused).rejects.toMatchObject({ code: 'lease_lost' })
})
