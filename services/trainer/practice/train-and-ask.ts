// Adapters trained at once, each then asked the questions of its document, in the words of a closed book.
import type { EvaluationInput } from '../../../shared/evaluations/evaluation.ts'
import type { Probe } from '../../../shared/probes/probe.ts'
import type { Engine, Training } from '../../engine/engine.ts'
import { measure } from '../../monitor/compare.ts'
import { evaluate } from '../../monitor/evaluate.ts'
import type { Answered } from './reward.ts'

export interface PracticeDocument {
  id: string
  title: string
  text: string
  /** Its questions, which are never trained on. */
  probes: readonly Probe[]
}

/** Adapters trained at once, so that their memory does not grow with what is asked for. */
export const TOGETHER_MAX = 5

/** Trains, a few at once, and asks each about its document; in order. */
export async function trainAndAsk(
  { engine, signal }: { engine: Engine; signal: AbortSignal },
  trainings: readonly Training[],
  documentOf: (training: number) => PracticeDocument | undefined,
): Promise<(Answered & { evaluations: EvaluationInput[] })[]> {
  const answers: (Answered & { evaluations: EvaluationInput[] })[] = []
  for (let from = 0; from < trainings.length; from += TOGETHER_MAX) {
    const results = await engine.trainTogether(trainings.slice(from, from + TOGETHER_MAX), { signal })
    for (const { adapter } of results) {
      const probes = documentOf(answers.length)?.probes ?? []
      const evaluations = await evaluate(engine, { probes, adapterFor: () => adapter, signal })
      answers.push({ ...measure(evaluations), evaluations })
    }
  }
  return answers
}
