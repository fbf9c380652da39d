import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '../../../services/engine/random.ts'
import { formatGrid } from '../../../services/trainer/arc/grid.ts'
import { drawRecolouring, SYMMETRIES, TOOLS } from '../../../services/trainer/arc/transforms.ts'
import { anyGrid } from './arbitrary.ts'

const all = [...SYMMETRIES, ...Object.values(TOOLS).flat()]

test.each(all.map((transform) => [transform.name, transform] as const))(
  '%s is undone by its inverse',
  (_, transform) => {
    fc.assert(
      fc.property(anyGrid(), (grid) => {
        expect(transform.invert(transform.apply(grid))).toEqual(grid)
      }),
    )
  },
)

test.each(all.map((transform) => [transform.name, transform] as const))(
  'what the inverse of %s gives is an inverse: done again it is the grid, and where there is none it says so',
  (_, transform) => {
    fc.assert(
      fc.property(anyGrid(), (grid) => {
        const undone = transform.invert(grid)
        if (undone !== null) expect(transform.apply(undone)).toEqual(grid)
      }),
    )
  },
)

test('a grid that no doubling makes has no inverse under it', () => {
  const [doubled] = TOOLS.size
  expect(doubled?.invert([[1, 1, 2]])).toBeNull()
  expect(
    doubled?.invert([
      [1, 1],
      [1, 2],
    ]),
  ).toBeNull()
})

test('colours permuted are undone, 0 stays 0, and the same seed draws the same', () => {
  fc.assert(
    fc.property(anyGrid(), fc.nat(), (grid, seed) => {
      const recolouring = drawRecolouring(createRandom(seed))
      expect(recolouring.invert(recolouring.apply(grid))).toEqual(grid)
      expect(recolouring.apply([[0]])).toEqual([[0]])
      expect(drawRecolouring(createRandom(seed)).name).toBe(recolouring.name)
    }),
  )
})

test('the symmetries are eight and all different; composed they stay among themselves', () => {
  const grid = [
    [1, 2, 3],
    [4, 5, 6],
  ]
  const seen = new Set(SYMMETRIES.map(({ apply }) => formatGrid(apply(grid))))
  expect(seen.size).toBe(8)
  for (const first of SYMMETRIES)
    for (const second of SYMMETRIES) expect(seen).toContain(formatGrid(second.apply(first.apply(grid))))
})
