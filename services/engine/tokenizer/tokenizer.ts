// What the engine needs of a tokenizer.

export interface Tokenizer {
  readonly vocabSize: number
  readonly bosId: number | null
  /** Ids that end a generation (end of text, end of turn). */
  readonly endIds: readonly number[]
  readonly padId: number
  /** Special tokens written in `text` (`<|im_start|>`) become their ids; `addSpecial` adds BOS where the model has it. */
  encode(text: string, options?: { addSpecial?: boolean }): number[]
  /** Special tokens are left out unless `keepSpecial`. */
  decode(ids: readonly number[], options?: { keepSpecial?: boolean }): string
}
