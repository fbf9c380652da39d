// The answers of two measurements side by side, question by question. A question that only the later one was asked stands
// alone; one that only the earlier was asked has nothing to compare and is left out.
import type { Evaluation } from '../wire/types.ts'
import type { ProbeRow } from './probe-table.tsx'

export function pairEvaluations(before: readonly Evaluation[], after: readonly Evaluation[]): ProbeRow[] {
  const known = new Map(before.flatMap(({ answers }) => answers).map((answer) => [answer.probe_id, answer]))
  return after
    .flatMap(({ answers }) => answers)
    .map((answer) => ({
      id: answer.probe_id,
      question: answer.question,
      gold: answer.gold,
      before: known.get(answer.probe_id),
      after: answer,
    }))
}
