// The tokenizer inside a GGUF file: its tokens, merges and pre-tokenizer name become the tokenizer.json they were
// made from. Only byte-pair encoding over bytes (`gpt2`), which all supported families since Llama 3 use.
import type { GgufValue } from '../formats/gguf.ts'
import { jsonTokenizer } from './json-tokenizer.ts'
import type { AddedToken, SpecialIds, TokenizerDefinition } from './json-tokenizer.ts'
import { getPreTokenization } from './pre-tokenizers.ts'
import type { Component } from './pre-tokenizers.ts'
import type { Tokenizer } from './tokenizer.ts'

/** GGML's token types: these two are matched whole in the text, and control tokens are left out by decode. */
const CONTROL = 3
const USER_DEFINED = 4

type Metadata = ReadonlyMap<string, GgufValue>

/** Throws when the file has no tokenizer, or one of another kind, by name. */
export function ggufTokenizer(metadata: Metadata): Tokenizer {
  const { definition, ids } = readGgufTokenizer(metadata)
  return jsonTokenizer(definition, ids)
}

/** The contents of tokenizer.json. Throws as ggufTokenizer does. */
export function readGgufTokenizer(metadata: Metadata): { definition: TokenizerDefinition; ids: SpecialIds } {
  const kind = metadata.get('tokenizer.ggml.model')
  if (kind === undefined) throw new Error('the file holds no tokenizer (tokenizer.ggml.model is missing)')
  if (kind !== 'gpt2') throw new Error(`unsupported tokenizer ${describe(kind)}; byte-level BPE (gpt2) is read`)
  const tokens = getStrings(metadata, 'tokenizer.ggml.tokens')
  const pre = getPreTokenization(preTokenizerName(metadata))
  const bos = findId(metadata, 'bos')
  const addBos = metadata.get('tokenizer.ggml.add_bos_token') ?? pre.addBos
  const definition = {
    added_tokens: addedTokens(metadata, tokens),
    normalizer: pre.normalizer,
    pre_tokenizer: pre.preTokenizer,
    post_processor: addBos === true && bos !== null ? bosTemplate(tokens[bos] ?? '', bos) : null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      ...{ type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null },
      ...{ fuse_unk: false, byte_fallback: false, ignore_merges: pre.ignoreMerges },
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      // A merge is two tokens with one space between; tokens hold no spaces in the byte-level alphabet.
      merges: getStrings(metadata, 'tokenizer.ggml.merges'),
    },
  }
  const ends = [findId(metadata, 'eos'), findId(metadata, 'eot')].filter((id) => id !== null)
  return { definition, ids: { bos, ends, pad: findId(metadata, 'padding') } }
}

/** The token of `tokenizer.ggml.<role>_token_id` as text; '' where there is none. */
export function findGgufToken(metadata: Metadata, role: 'bos' | 'eos' | 'padding' | 'unknown'): string {
  const id = findId(metadata, role)
  return id === null ? '' : (getStrings(metadata, 'tokenizer.ggml.tokens')[id] ?? '')
}

/** Files from before the field existed: Qwen's are told by their architecture. */
function preTokenizerName(metadata: Metadata): string {
  const name = metadata.get('tokenizer.ggml.pre')
  if (typeof name === 'string' && name !== 'default') return name
  return describe(metadata.get('general.architecture')).startsWith('qwen') ? 'qwen2' : 'default'
}

function addedTokens(metadata: Metadata, tokens: readonly string[]): AddedToken[] {
  const types = metadata.get('tokenizer.ggml.token_type')
  if (!Array.isArray(types)) return []
  return tokens.flatMap((content, id) => {
    const special = types[id] === CONTROL
    if (!special && types[id] !== USER_DEFINED) return []
    return [{ id, content, special, normalized: false, lstrip: false, rstrip: false, single_word: false }]
  })
}

function bosTemplate(token: string, id: number): Component {
  const parts = [{ SpecialToken: { id: token, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }]
  const special_tokens = { [token]: { id: token, ids: [id], tokens: [token] } }
  return { type: 'TemplateProcessing', single: parts, pair: parts, special_tokens }
}

function findId(metadata: Metadata, role: string): number | null {
  const id = metadata.get(`tokenizer.ggml.${role}_token_id`)
  return typeof id === 'number' ? id : null
}

function getStrings(metadata: Metadata, key: string): string[] {
  const values = metadata.get(key)
  if (!Array.isArray(values)) throw new Error(`the file's tokenizer is incomplete: ${key} is missing`)
  return values.map((value) => describe(value))
}

function describe(value: GgufValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}
