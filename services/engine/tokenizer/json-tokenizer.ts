// Our tokenizer over `@huggingface/tokenizers`, from the contents of tokenizer.json (a file's, or one made from GGUF
// metadata). `bosId` is null unless the model really puts a BOS first: SmolLM2 names one but never adds it.
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { exactPreTokenizer } from './pre-tokenizers.ts'
import type { Component } from './pre-tokenizers.ts'
import type { Tokenizer } from './tokenizer.ts'

export interface AddedToken {
  id: number
  content: string
  special: boolean
  [field: string]: unknown
}

/** The parts of tokenizer.json that are looked at here; the rest passes through. */
export interface TokenizerDefinition {
  model: Component
  normalizer: Component | null
  pre_tokenizer: Component | null
  post_processor: Component | null
  decoder: Component | null
  added_tokens: AddedToken[]
}

export interface SpecialIds {
  bos: number | null
  /** From the model's configuration; end-of-turn tokens found by name are added. */
  ends: readonly number[]
  pad: number | null
}

/** Tokens that end a turn or a text in the chat formats of the supported families. */
const END_TOKENS = ['<|endoftext|>', '<|im_end|>', '<|end_of_text|>', '<|eot_id|>', '<|eom_id|>']

export function jsonTokenizer(definition: TokenizerDefinition, ids: SpecialIds): Tokenizer {
  const { pre_tokenizer, added_tokens } = definition
  const exact = { ...definition, pre_tokenizer: pre_tokenizer && exactPreTokenizer(pre_tokenizer) }
  // Cleaning up spaces before punctuation would make decode lose what was there.
  const inner = new HuggingFaceTokenizer(exact, { clean_up_tokenization_spaces: false })
  const special = new Map(added_tokens.filter((token) => token.special).map((token) => [token.content, token.id]))
  const ends = new Set([...ids.ends, ...END_TOKENS.flatMap((token) => special.get(token) ?? [])])
  const first = inner.encode('', { add_special_tokens: true }).ids[0]
  return {
    vocabSize: inner.get_vocab().size,
    bosId: first !== undefined && first === ids.bos ? first : null,
    endIds: [...ends],
    padId: ids.pad ?? [...ends][0] ?? 0,
    encode: (text, options) => inner.encode(text, { add_special_tokens: options?.addSpecial ?? false }).ids,
    decode: (tokens, options) =>
      tokens.length === 0 ? '' : inner.decode([...tokens], { skip_special_tokens: !(options?.keepSpecial ?? false) }),
  }
}
