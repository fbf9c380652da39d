// What every candidate and every strategy is held against.
import { measure } from '../../monitor/compare.ts'
import { evaluate } from '../../monitor/evaluate.ts'
import type { Answered } from './reward.ts'
import type { RoundParts } from './run-round.ts'
import type { PracticeDocument } from './train-and-ask.ts'

/** Each document's own questions, in the words of a closed book; the unedited base once for all rounds. */
export function askBase({ engine, steps, signal }: RoundParts, { id, probes }: PracticeDocument): Promise<Answered> {
  return steps.run('training', `base/${id}`, async () =>
    measure(await evaluate(engine, { probes, adapterFor: () => null, signal })),
  )
}
