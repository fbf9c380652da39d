// From a reading to the depth of its colour. The colours themselves are the style sheet's, so that they follow the theme.

/** Log-likelihood at which a cell is blank, nats a question: an answer that the model would not give once in a thousand. */
const blankNats = -7

/** A share of 0 to 1 as `--heat`, 0% to 100%. */
export function heatOf(share: number | null): string {
  return `${Math.round(Math.min(1, Math.max(0, share ?? 0)) * 100)}%`
}

/** Mean log-likelihood, nats, on the same scale: 1 is certain. */
export function likelihoodShare(nats: number): number {
  return Math.min(1, Math.max(0, 1 - nats / blankNats))
}
