import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../services/engine/random.ts'
import { clusteredFlipTest } from '../../services/monitor/clustered-flip-test.ts'
import { signFlipTest } from '../../services/monitor/sign-flip-test.ts'

const losses = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 9 })

/** Every choice of signs, one after another. */
function countedPValue(values: readonly number[]): number {
  const observed = values.reduce((sum, value) => sum + value, 0)
  let reached = 0
  for (let signs = 0; signs < 2 ** values.length; signs++) {
    const sum = values.reduce((total, value, index) => total + ((signs >> index) & 1 ? -1 : 1) * Math.abs(value), 0)
    if (sum >= observed) reached++
  }
  return reached / 2 ** values.length
}

describe('the sign-flip test', () => {
  test('agrees with counting every choice of signs', () => {
    fc.assert(
      fc.property(losses, (values) => {
        expect(signFlipTest(values)).toBeCloseTo(countedPValue(values), 12)
      }),
    )
  })

  test('of five losses and no gain is 1/32, of five gains 1', () => {
    expect(signFlipTest([2, 0.5, 1, 3, 0.1])).toBe(1 / 32)
    expect(signFlipTest([-2, -0.5, -1, -3, -0.1])).toBe(1)
  })

  test('finds nothing where nothing changed, and is not moved by what did not', () => {
    expect(signFlipTest([])).toBe(1)
    expect(signFlipTest([0, 0, 0])).toBe(1)
    expect(signFlipTest([1, 0, 2, 0, -1])).toBe(signFlipTest([1, 2, -1]))
  })

  test('never gets surer when a loss turns into a gain', () => {
    fc.assert(
      fc.property(losses, fc.nat(), (values, which) => {
        const index = which % Math.max(1, values.length)
        const turned = values.map((value, at) => (at === index ? -Math.abs(value) : value))
        expect(signFlipTest(turned)).toBeGreaterThanOrEqual(signFlipTest(values) - 1e-12)
      }),
    )
  })

  test('drawn at random agrees with the exact one, is repeatable and never zero', () => {
    const random = createRandom(4)
    const fourteen = Array.from({ length: 14 }, () => random() - 0.35)
    // A fifteenth that weighs nothing beside the others takes the drawn way.
    const drawn = signFlipTest([...fourteen, 1e-7])
    expect(drawn).toBeCloseTo(signFlipTest(fourteen), 1)
    expect(Math.abs(drawn - signFlipTest(fourteen))).toBeLessThan(0.02)
    expect(signFlipTest([...fourteen, 1e-7])).toBe(drawn)
    expect(signFlipTest(Array.from({ length: 60 }, () => 1))).toBe(1 / 5_000)
  })

  test('is below .05 in at most .05 of the cases where nothing is lost, whatever the tails', () => {
    const random = createRandom(11)
    const trials = 2_000
    let alarms = 0
    for (let trial = 0; trial < trials; trial++) {
      const heavy = Array.from({ length: 10 }, () => (random() - 0.5) / (random() + 0.01) ** 2)
      if (signFlipTest(heavy) <= 0.05) alarms++
    }
    // Three standard errors of .05 over 2,000 trials.
    expect(alarms / trials).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / trials))
  })

  test('refuses what is no number', () => {
    expect(() => signFlipTest([1, Number.NaN])).toThrow(RangeError)
  })
})

describe('the clustered sign-flip test', () => {
  test('is surer of losses spread over documents than of as many in one', () => {
    const spread = clusteredFlipTest([[1, -0.5], [1, -0.5], [1, -0.5], [1, 0.5], [1], [1]])
    const together = clusteredFlipTest([[1, 1, 1, 1, 1, 1, 0.5, -0.5, -0.5, -0.5]])
    expect(spread).toBeLessThan(together)
  })

  test('of single questions a document is the plain test', () => {
    const values = [1, 2, -0.5, 1.5, 3, -0.2, 1, 0.7]
    expect(Math.abs(clusteredFlipTest(values.map((value) => [value])) - signFlipTest(values))).toBeLessThan(0.02)
  })

  test('alarms in under .10 of the cases where documents move as one by chance, the plain one in more', () => {
    const random = createRandom(5)
    const gaussian = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
    const trials = 300
    const alarms = { clustered: 0, plain: 0 }
    for (let trial = 0; trial < trials; trial++) {
      const documents = Array.from({ length: 8 }, () => {
        const common = gaussian()
        return Array.from({ length: 5 }, () => Math.sqrt(0.3) * common + Math.sqrt(0.7) * gaussian())
      })
      if (clusteredFlipTest(documents) < 0.05) alarms.clustered++
      if (signFlipTest(documents.flat()) < 0.05) alarms.plain++
    }
    expect(alarms.clustered / trials).toBeLessThan(0.1)
    expect(alarms.plain).toBeGreaterThan(alarms.clustered)
  })

  test('finds nothing where nothing changed', () => {
    expect(clusteredFlipTest([])).toBe(1)
    expect(clusteredFlipTest([[0, 0], [0]])).toBe(1)
  })
})
