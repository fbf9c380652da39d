import { expect, test } from 'vitest'
import { findPoolPassages } from '../../support/reference-data.ts'
import { keyOf } from '../learning/result-store.ts'
import { poolPath } from '../learning/passages.ts'
import { ABLATE_ARMS } from './arms.ts'
import { tuningPassages } from './tuning-passages.ts'

test('every arm differs from every other in what is learned or asked', () => {
  const keys = ABLATE_ARMS.map(({ learning, asking }) => keyOf({ learning, asking }))
  expect(new Set(keys).size).toBe(ABLATE_ARMS.length)
  expect(new Set(ABLATE_ARMS.map(({ name }) => name)).size).toBe(ABLATE_ARMS.length)
})

test.skipIf(findPoolPassages('pool-0000', 'pool-0001') === undefined)(
  'defaults are tuned on passages before 700 of the pool alone (needs the data beside the repository)',
  () => {
    const ids = tuningPassages(poolPath, 10_000, 0).map(({ id }) => id)
    expect(ids.filter((id) => id >= 'pool-0700')).toEqual([])
    // The study adapter was taught with the first 600, but for those too long for one window.
    expect(ids.filter((id) => id < 'pool-0600').length).toBeLessThan(40)
    expect(ids.filter((id) => id >= 'pool-0600')).toHaveLength(100)
    expect(() => tuningPassages(poolPath.replace('pool', 'evaluation'), 1, 0)).toThrow(/published figures/)
  },
)
