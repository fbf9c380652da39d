import { expect, test } from 'vitest'
import { newId } from '../../shared/ids.ts'

test('ids carry their prefix, sort by time and never repeat', () => {
  expect(newId('doc')).toMatch(/^doc_[0-9a-hjkmnp-tv-z]{26}$/)
  const times = [0, 1, 1_000, 1_700_000_000_000, 1_700_000_000_001, 2 ** 48 - 1]
  const ids = times.map((time) => newId('upd', time))
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(Array.from({ length: 1_000 }, () => newId('sed', 5))).size).toBe(1_000)
})
