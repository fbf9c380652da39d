// Grids and tasks for property tests.
import fc from 'fast-check'
import type { Grid } from '../../../services/trainer/arc/grid.ts'
import type { Pair } from '../../../services/trainer/arc/task.ts'

export const anyGrid = (sideMax = 6): fc.Arbitrary<Grid> =>
  fc.tuple(fc.integer({ min: 1, max: sideMax }), fc.integer({ min: 1, max: sideMax })).chain(([height, width]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: width, maxLength: width }), {
      minLength: height,
      maxLength: height,
    }),
  )

const anyPair: fc.Arbitrary<Pair> = fc.record({ input: anyGrid(4), output: anyGrid(4) })

export const anyDemonstrations: fc.Arbitrary<Pair[]> = fc.array(anyPair, { minLength: 1, maxLength: 4 })
