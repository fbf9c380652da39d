import { expect, test } from 'vitest'
import { duration } from '../../services/dashboard/parts/format.ts'

test.each([
  [4_230, '4.2 s'],
  [45_400, '45 s'],
  [125_000, '2 min 5 s'],
  [179_600, '3 min 0 s'],
])('%d ms are shown as %s', (milliseconds, shown) => expect(duration(milliseconds)).toBe(shown))
