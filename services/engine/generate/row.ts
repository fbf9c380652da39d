// One sequence being generated: its tokens so far, when it ends, and the text it may already show. Text is held back
// while it could still turn into a stop sequence or ends in half a character.
import type { GenerateOptions, Generation } from '../engine.ts'
import { createRandom } from '../random.ts'
import type { Random } from '../random.ts'
import type { Tokenizer } from '../tokenizer/tokenizer.ts'
import { sample } from './sample.ts'

export interface GeneratingRow {
  index: number
  prompt: readonly number[]
  tokens: number[]
  logprobs: number[]
  random: Random
  /** Null while it goes on. */
  finish: Generation['finish'] | null
  text: string
  shown: number
}

export function startRow(index: number, prompt: readonly number[], seed: number): GeneratingRow {
  // A stream of its own for each row: what one row draws does not depend on its neighbours.
  const random = createRandom(seed * 1_000_003 + index)
  return { index, prompt, tokens: [], logprobs: [], random, finish: null, text: '', shown: 0 }
}

/** Draws the next token from the likeliest candidates and says whether the row has ended. */
export function advanceRow(
  row: GeneratingRow,
  candidates: { tokens: ArrayLike<number>; logprobs: ArrayLike<number> },
  tokenizer: Tokenizer,
  options: GenerateOptions,
): void {
  const choice = sample(
    candidates.logprobs,
    { temperature: options.temperature ?? 0, topK: options.topK ?? 0, topP: options.topP ?? 1 },
    row.random,
  )
  const token = candidates.tokens[choice] ?? 0
  row.logprobs.push(candidates.logprobs[choice] ?? 0)
  row.tokens.push(token)
  if (tokenizer.endIds.includes(token)) row.finish = 'stop'
  else if (row.tokens.length >= options.tokensMax) row.finish = 'length'
  if (!needsText(options) && !row.finish) return
  row.text = tokenizer.decode(row.tokens)
  const stopAt = firstStop(row.text, options.stop ?? [])
  if (stopAt >= 0) {
    row.text = row.text.slice(0, stopAt)
    row.finish = 'stop'
  }
  show(row, options)
}

const needsText = (options: GenerateOptions): boolean => Boolean(options.onText) || (options.stop?.length ?? 0) > 0

function firstStop(text: string, stops: readonly string[]): number {
  const places = stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0)
  return places.length > 0 ? Math.min(...places) : -1
}

function show(row: GeneratingRow, options: GenerateOptions): void {
  if (!options.onText) return
  const held = row.finish ? 0 : heldBack(row.text, options.stop ?? [])
  const end = row.text.length - held
  if (end <= row.shown) return
  options.onText(row.index, row.text.slice(row.shown, end))
  row.shown = end
}

/** Characters at the end that may still change: the beginning of a stop sequence, or an unfinished character. */
function heldBack(text: string, stops: readonly string[]): number {
  let held = text.endsWith('\ufffd') ? 1 : 0
  for (const stop of stops)
    for (let length = Math.min(stop.length - 1, text.length); length > held; length--)
      if (text.endsWith(stop.slice(0, length))) held = length
  return held
}
