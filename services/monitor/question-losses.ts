// From the answers of two versions to numbers that a test can add up: by how much each question's gold answer became less
// likely. Paraphrases of a question are one question, by their mean. Two transformations keep the sums honest: what lies
// within the noise floor is no change, and what is far beyond the usual size counts as far, not as everything.

/** One probe, asked of two versions. */
export interface ProbeChange {
  documentId: string
  probeId: string
  /** Paraphrases of one question share it; a probe without it is a question of its own. */
  questionId?: string
  before: { correct: boolean; logprob: number }
  after: { correct: boolean; logprob: number }
}

/** Changes are cut at so many times their median size, so that one wild answer cannot speak for forty. */
const CUT_AT_MEDIANS = 4

/**
 * Nats lost a question (negative: won), by document, in the order of the probes. Cutting looks at sizes only, never at
 * signs, so a test that flips signs stays exact.
 */
export function questionLosses(changes: readonly ProbeChange[], noiseFloor: number): Map<string, number[]> {
  const questions = new Map<string, { documentId: string; losses: number[] }>()
  for (const { documentId, probeId, questionId, before, after } of changes) {
    const key = questionId ?? probeId
    const loss = before.logprob - after.logprob
    const known = questions.get(key)
    if (known) known.losses.push(loss)
    else questions.set(key, { documentId, losses: [loss] })
  }
  const means = [...questions.values()].map(({ documentId, losses }) => {
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length
    return { documentId, loss: Math.abs(mean) <= noiseFloor ? 0 : mean }
  })
  const limit = CUT_AT_MEDIANS * medianSize(means.map(({ loss }) => loss))
  const byDocument = new Map<string, number[]>()
  for (const { documentId, loss } of means) {
    const cut = Math.sign(loss) * Math.min(Math.abs(loss), limit)
    byDocument.set(documentId, [...(byDocument.get(documentId) ?? []), cut])
  }
  return byDocument
}

/** Of those that changed at all. */
function medianSize(losses: readonly number[]): number {
  const sizes = losses.flatMap((loss) => (loss === 0 ? [] : [Math.abs(loss)])).toSorted((a, b) => a - b)
  return sizes[sizes.length >> 1] ?? 0
}
