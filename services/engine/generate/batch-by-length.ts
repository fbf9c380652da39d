// Which prompts run together: sorted by length, so that little padding is prefilled, in batches of a bounded size.

export interface IndexedPrompt {
  /** Place in the caller's list. */
  index: number
  tokens: readonly number[]
}

/** At most `rowsMax` prompts and `tokensMax` padded tokens a batch; a longer prompt stands alone. */
export function batchByLength(
  prompts: readonly (readonly number[])[],
  rowsMax: number,
  tokensMax: number,
): IndexedPrompt[][] {
  const sorted = prompts
    .map((tokens, index) => ({ tokens, index }))
    .sort((a, b) => a.tokens.length - b.tokens.length || a.index - b.index)
  const batches: IndexedPrompt[][] = []
  for (const prompt of sorted) {
    const last = batches.at(-1)
    if (last && last.length < rowsMax && (last.length + 1) * prompt.tokens.length <= tokensMax) last.push(prompt)
    else batches.push([prompt])
  }
  return batches
}
