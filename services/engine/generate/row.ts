// One sequence being generated: its tokens so far, when it ends, and the text it may already show. Text is held back
// while it could still turn into a stop sequence or ends in half a character.
import type { DrawnToken, GenerateOptions, Generation, RowOptions } from '../engine.ts'
import { createRandom } from '../random.ts'
import type { Random } from '../random.ts'
import type { Tokenizer } from '../tokenizer/tokenizer.ts'
import { readForm } from './form.ts'
import type { Form } from './form.ts'
import { CANDIDATES_MAX, sample } from './sample.ts'
import type { Candidates } from './slots.ts'

export interface GeneratingRow {
  prompt: readonly number[]
  options: Omit<RowOptions, 'signal'> & { tokensMax: number }
  /** Each of them ends it. */
  signals: readonly AbortSignal[]
  tokens: number[]
  logprobs: number[]
  random: Random
  /** Null while it goes on. */
  finish: Generation['finish'] | null
  text: string
  shown: number
  /** Tokens that were not yet shown, each with the text's length before it and with it. */
  unshown: { token: DrawnToken; begin: number; end: number }[]
}

/** The options of the call, overridden by those of its row; the streams and signals of both are kept apart. */
export function startRow(index: number, prompt: readonly number[], options: GenerateOptions): GeneratingRow {
  const { rows, onText, signal, ...shared } = options
  const { signal: ownSignal, ...own } = rows?.[index] ?? {}
  // A stream of its own for each row: what one row draws does not depend on its neighbours.
  const random = createRandom(own.seed ?? (options.seed ?? 0) * 1_000_003 + index)
  const ofRow: GeneratingRow['options'] = { ...shared, ...own, tokensMax: own.tokensMax ?? options.tokensMax }
  if (onText) ofRow.onPiece = (text) => onText(index, text)
  const state = { tokens: [], logprobs: [], finish: null, text: '', shown: 0, unshown: [] }
  const signals = [signal, ownSignal].flatMap((one) => one ?? [])
  return { prompt, random, options: ofRow, signals, ...state }
}

/** What has become of a row; one that has not ended counts as cancelled. */
export function toGeneration({ text, tokens, logprobs, finish }: GeneratingRow, tokenizer: Tokenizer): Generation {
  if (finish !== null && finish !== 'cancelled') return { text, tokens, logprobs, finish }
  return { text: tokenizer.decode(tokens), tokens, logprobs, finish: 'cancelled' }
}

/** How many of the likeliest next tokens a row looks at. */
export function candidatesOf({ options }: GeneratingRow): number {
  return (options.temperature ?? 0) > 0 || options.form ? CANDIDATES_MAX : Math.max(1, options.alternatives ?? 0)
}

/** Draws the next token from the likeliest candidates and says whether the row has ended. */
export function advanceRow(row: GeneratingRow, candidates: Candidates, tokenizer: Tokenizer): void {
  const { options } = row
  const choice = choose(row, candidates, tokenizer)
  if (choice === null) return void (row.finish = 'stop')
  const token = candidates.tokens[choice] ?? 0
  row.logprobs.push(candidates.logprobs[choice] ?? 0)
  row.tokens.push(token)
  if (tokenizer.endIds.includes(token)) row.finish = 'stop'
  else if (row.tokens.length >= options.tokensMax) row.finish = 'length'
  if (!needsText(options) && !row.finish) return
  const begin = row.text.length
  row.text = tokenizer.decode(row.tokens)
  if (options.onPiece && !tokenizer.endIds.includes(token))
    row.unshown.push({ token: drawnToken(candidates, choice, options), begin, end: row.text.length })
  const stopAt = firstStop(row.text, options.stop ?? [])
  if (stopAt >= 0) {
    row.text = row.text.slice(0, stopAt)
    row.finish = 'stop'
  }
  show(row)
}

/** The index of the token that was drawn; null where the row has a form that none of them fits. */
function choose(row: GeneratingRow, candidates: Candidates, tokenizer: Tokenizer): number | null {
  const { temperature = 0, topK = 0, topP = 1, form } = row.options
  const draw = (logprobs: ArrayLike<number>) => sample(logprobs, { temperature, topK, topP }, row.random)
  if (form === undefined) return draw(candidates.logprobs)
  const fitting = Array.from(candidates.tokens).flatMap((token, index) =>
    fits(form, row, token, tokenizer) ? index : [],
  )
  if (fitting.length === 0) return null
  return fitting[draw(fitting.map((index) => candidates.logprobs[index] ?? 0))] ?? null
}

/** Other special tokens never do: they would lead nowhere. */
function fits(form: Form, { text, tokens }: GeneratingRow, token: number, tokenizer: Tokenizer): boolean {
  if (tokenizer.endIds.includes(token)) return readForm(form, text) === 'whole'
  const longer = tokenizer.decode([...tokens, token])
  return longer.length > text.length && readForm(form, longer) !== null
}

const needsText = ({ onPiece, stop, form }: RowOptions): boolean => Boolean(onPiece ?? form ?? stop?.length)

function drawnToken(candidates: Candidates, choice: number, options: RowOptions): DrawnToken {
  const at = (index: number) => ({ id: candidates.tokens[index] ?? 0, logprob: candidates.logprobs[index] ?? 0 })
  const count = Math.min(options.alternatives ?? 0, candidates.tokens.length)
  return { ...at(choice), alternatives: Array.from({ length: count }, (_, index) => at(index)) }
}

function firstStop(text: string, stops: readonly string[]): number {
  const places = stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0)
  return places.length > 0 ? Math.min(...places) : -1
}

/** A token is shown with the piece that ends it, and at the end what is left; those behind a stop text are not. */
function show(row: GeneratingRow): void {
  const { onPiece, stop } = row.options
  if (!onPiece) return
  const end = row.text.length - (row.finish ? 0 : heldBack(row.text, stop ?? []))
  const due = row.unshown.filter((one) => (row.finish ? one.begin < end || one.end <= end : one.end <= end))
  if (end <= row.shown && due.length === 0) return
  row.unshown = row.unshown.filter((one) => !due.includes(one))
  const text = row.text.slice(row.shown, end)
  row.shown = Math.max(row.shown, end)
  onPiece(
    text,
    due.map(({ token }) => token),
  )
}

/** Characters at the end that may still change: the beginning of a stop sequence, or an unfinished character. */
function heldBack(text: string, stops: readonly string[]): number {
  let held = text.endsWith('\ufffd') ? 1 : 0
  for (const stop of stops)
    for (let length = Math.min(stop.length - 1, text.length); length > held; length--)
      if (text.endsWith(stop.slice(0, length))) held = length
  return held
}
