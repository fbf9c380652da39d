// How text is cut into words before byte-pair merging, by the names that GGUF files give. The patterns are those of
// the published tokenizer.json files. ByteLevel's own pattern and Digits are written out as Split, because the
// tokenizer library renders both with JavaScript's \s and \d, which differ from the reference's Unicode classes
// (a byte order mark, U+0085, Arabic digits); its Split translates patterns exactly.

/** A component of a tokenizer.json file: its `type`, and fields of its own. */
export type Component = { type: string } & Record<string, unknown>

const GPT2_PATTERN = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"

/** Llama 3's pattern; Qwen differs in taking digits one by one. */
function llama3Pattern(digits: string): string {
  const words = `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}`
  return `${words}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`
}

const bytes: Component = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }

function split(pattern: string): Component {
  return { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false }
}

function sequence(...pretokenizers: Component[]): Component {
  return { type: 'Sequence', pretokenizers }
}

export interface PreTokenization {
  normalizer: Component | null
  preTokenizer: Component
  /** Whole words found in the vocabulary are taken without merging (Llama 3). */
  ignoreMerges: boolean
  /** BOS is added where the file does not say. */
  addBos: boolean
}

const gpt2: PreTokenization = {
  normalizer: null,
  preTokenizer: sequence(split(GPT2_PATTERN), bytes),
  ignoreMerges: false,
  addBos: false,
}
const smollm: PreTokenization = { ...gpt2, preTokenizer: sequence(split('\\p{N}'), split(GPT2_PATTERN), bytes) }
const llama3: PreTokenization = {
  normalizer: null,
  preTokenizer: sequence(split(llama3Pattern('\\p{N}{1,3}')), bytes),
  ignoreMerges: true,
  addBos: true,
}
const qwen2: PreTokenization = {
  normalizer: { type: 'NFC' },
  preTokenizer: sequence(split(llama3Pattern('\\p{N}')), bytes),
  ignoreMerges: false,
  addBos: false,
}

const BY_NAME = new Map<string, PreTokenization>([
  ['gpt-2', gpt2],
  ['default', gpt2],
  ['smollm', smollm],
  ['llama-bpe', llama3],
  ['llama3', llama3],
  ['llama-v3', llama3],
  ['qwen2', qwen2],
  ['deepseek-r1-qwen', qwen2],
])

/** The pre-tokenization a GGUF file names in `tokenizer.ggml.pre`. Throws for a name we do not know. */
export function getPreTokenization(name: string): PreTokenization {
  const found = BY_NAME.get(name)
  if (!found) throw new Error(`unsupported pre-tokenizer ${name}; supported: ${[...BY_NAME.keys()].join(', ')}`)
  return found
}

/** The same pre-tokenizer with ByteLevel's pattern and Digits written out as Split. */
export function exactPreTokenizer(component: Component): Component {
  if (component.type === 'Digits') return split(component.individual_digits === true ? '\\p{N}' : '\\p{N}+')
  if (component.type === 'ByteLevel' && component.add_prefix_space !== true && component.use_regex !== false)
    return sequence(split(GPT2_PATTERN), { ...component, use_regex: false })
  if (component.type === 'Sequence' && Array.isArray(component.pretokenizers))
    return sequence(...component.pretokenizers.map((inner) => exactPreTokenizer(inner as Component)))
  return component
}
