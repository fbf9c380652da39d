// What is simulated: updates of known effect, from the goal's own size to those that are hard to see.
import { NOISES, SEAL_CORRELATION, shiftFor, type Noise, type Setting } from './population.ts'

export interface Scenario {
  name: string
  setting: Setting
}

/** SEAL's first document fell from .383 to .235 in five later edits; every simulated model begins at .38. */
const SEAL_ACCURACY_AFTER = 0.235
const goal = { documents: 8, questions: 5, correlation: SEAL_CORRELATION }
/** Three standard deviations: of a document's questions hardly one is still answered. */
const WHOLLY = 3

/** One update, 8 documents of 5 questions, under every noise. */
export function noiseScenarios(): Scenario[] {
  const of = (noise: Noise): Scenario[] => [
    { name: `nothing lost, ${noise}`, setting: { ...goal, noise, damagedShare: 0, shift: 0 } },
    ...([1, 0.5] as const).map((damagedShare) => ({
      name: `.38 to .235, ${damagedShare === 1 ? 'all documents' : 'half of them'}, ${noise}`,
      setting: { ...goal, noise, damagedShare, shift: shiftFor(SEAL_ACCURACY_AFTER, noise, damagedShare) },
    })),
    { name: `2 of 8 documents lost, ${noise}`, setting: { ...goal, noise, damagedShare: 0.25, shift: WHOLLY } },
  ]
  return NOISES.flatMap(of)
}

/** One update, more and fewer questions. */
export function sizeScenarios(): Scenario[] {
  const shift = shiftFor(SEAL_ACCURACY_AFTER, 'gaussian', 1)
  const sizes = [
    [3, 5],
    [8, 3],
    [8, 10],
    [8, 20],
    [20, 5],
    [50, 5],
  ] as const
  const gaussian = { noise: 'gaussian', correlation: SEAL_CORRELATION } as const
  return [
    ...sizes.flatMap(([documents, questions]) => [
      {
        name: `nothing lost, ${documents} x ${questions}`,
        setting: { ...gaussian, documents, questions, damagedShare: 0, shift: 0 },
      },
      {
        name: `.38 to .235, ${documents} x ${questions}`,
        setting: { ...gaussian, documents, questions, damagedShare: 1, shift },
      },
    ]),
    {
      name: '1 of 50 documents lost, mostly still, 50 x 10',
      setting: { ...gaussian, noise: 'mostly still', documents: 50, questions: 10, damagedShare: 0.02, shift: WHOLLY },
    },
  ]
}

export interface DriftScenario extends Scenario {
  updates: number
}

/** A loss of SEAL's size in steps of a fifth, by updates as noisy as SEAL's and by quiet ones. */
export function driftScenarios(): DriftScenario[] {
  const step = shiftFor(SEAL_ACCURACY_AFTER, 'gaussian', 1) / 5
  return ([0.97, SEAL_CORRELATION] as const).flatMap((correlation) =>
    (['gaussian', 'together', 'skewed'] as const).flatMap((noise) => {
      const setting = { ...goal, correlation, noise }
      const how = `${noise}, correlation ${correlation.toFixed(2).slice(1)}`
      return [
        { name: `nothing lost, ${how}`, updates: 20, setting: { ...setting, damagedShare: 0, shift: 0 } },
        ...[5, 10].map((updates) => ({
          name: `a fifth of the loss at each update, ${how}`,
          ...{ updates, setting: { ...setting, damagedShare: 1, shift: step } },
        })),
      ]
    }),
  )
}
