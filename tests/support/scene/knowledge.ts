// What a model would know at each point of the scene, in numbers that look like measured ones: a question is learned to some
// depth, fades a little with every later version, and counts as answered while its log-likelihood is above a threshold. By
// a hash, so that every run shows the same.
import { createHash } from 'node:crypto'
import type { EvaluationInput } from '../../../shared/evaluations/evaluation.ts'
import type { Probe } from '../../../shared/probes/probe.ts'
import { skerrow } from './skerrow.ts'

/** Nats; above it an answer is given right. */
const rightAbove = -1.25

export interface KnownDocument {
  documentId: string
  /** Versions made since it was learned; null: never learned. */
  age: number | null
  /** Nats that this candidate takes from each of its questions, beside age. */
  damage: number
}

const guesses = new Map(skerrow.flatMap(({ questions }) => questions).map(({ question, guess }) => [question, guess]))

export function evaluationOf(probes: readonly Probe[], { documentId, age, damage }: KnownDocument): EvaluationInput {
  const answers = probes
    .filter((probe) => probe.documentId === documentId)
    .map(({ id, question, answer: gold }) => {
      const logprob = age === null ? -4.5 - 5 * dice(question) : learned(question, age) - damage * (0.5 + dice(gold))
      const correct = logprob > rightAbove
      return { probeId: id, answer: correct ? gold : (guesses.get(question) ?? 'I do not know.'), correct, logprob }
    })
  const logprob = answers.reduce((sum, answer) => sum + answer.logprob, 0) / Math.max(1, answers.length)
  return { documentId, logprob, answers }
}

function learned(question: string, age: number): number {
  const depth = -0.08 - 1.55 * dice(`${question} depth`) ** 1.3
  const faded = Array.from({ length: age }, (_, version) => 0.14 * (dice(`${question} ${version}`) - 0.28))
  return depth - faded.reduce((sum, nats) => sum + nats, 0)
}

/** From 0 to 1, the same for the same text. */
export function dice(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32
}
