// What the model itself writes about a document: one reading task per pass, window, format and sample, run in batches.
// Earlier passes come first, since the first answer to a question is the one that stands.
import type { PromptMessage } from '../../../shared/prompts.ts'
import type { SelfEdit, SelfEditFormat } from '../../../shared/self-edits/self-edit.ts'
import type { Adapter } from '../../engine/adapter/adapter.ts'
import { promptTokens } from '../../engine/ask.ts'
import type { Engine, Generation } from '../../engine/engine.ts'
import { parsePairs } from './pairs.ts'
import { FREE_FORMATS, questionForMessages, recallPrompt, studyMessages } from './prompts.ts'
import type { FreeFormat } from './prompts.ts'
import { formatsOf } from './settings.ts'
import type { StudyPass, StudySettings } from './settings.ts'
import { findSpans } from './spans.ts'
import { listWindows } from './windows.ts'
import type { Window, WindowKind } from './windows.ts'
import { contentWordsOf } from './words.ts'

/** One prompt put to the model, and how its text becomes self-edits. */
interface Reading {
  messages: PromptMessage[]
  tokensMax: number
  pass: StudyPass
  /** The first reading of a whole passage: the last to be given up in a long text. */
  whole: boolean
  read: (generation: Generation) => SelfEdit[]
}

/** Long enough for about six pairs of a passage (greedy text repeats itself after that), three of a sentence. */
const PAIR_TOKENS_MAX: Record<WindowKind, number> = { passage: 144, part: 120, pair: 96, sentence: 72 }
const FREE_TOKENS_MAX: Record<FreeFormat, number> = { rewrite: 256, implication: 160, implication_long: 320 }
const QUESTION_TOKENS_MAX = 40
const ROWS_MAX = 32

export async function writeFreely(
  engine: Engine,
  adapter: Adapter | null,
  document: { title: string; text: string },
  settings: StudySettings,
  options: { onProgress?: (fraction: number) => void; signal?: AbortSignal },
): Promise<SelfEdit[]> {
  const room = engine.base.config.positionsMax
  const readings = planReadings(document, settings)
    .map((reading) => ({ ...reading, prompt: promptTokens(engine, reading.messages) }))
    // A window that fills the base's context leaves nothing to write in.
    .filter(({ prompt, tokensMax }) => prompt.length + tokensMax <= room)
  const batches = batchesOf(readings)
  const edits: SelfEdit[] = []
  for (const [index, batch] of batches.entries()) {
    options.signal?.throwIfAborted()
    const { temperature = 0, topP = 1, seed = 0 } = batch[0]?.pass ?? {}
    const generations = await engine.generate(
      batch.map(({ prompt }) => prompt),
      {
        adapter,
        tokensMax: Math.max(...batch.map(({ tokensMax }) => tokensMax)),
        seed: seed + index,
        ...(temperature > 0 ? { temperature, topP } : {}),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
    )
    options.signal?.throwIfAborted()
    edits.push(...batch.flatMap(({ read }, row) => generations.slice(row, row + 1).flatMap(read)))
    options.onProgress?.((index + 1) / batches.length)
  }
  return edits
}

/** The readings of a document under these settings, pass by pass, at most `readingsMax`; pure. */
export function planReadings({ title, text }: { title: string; text: string }, settings: StudySettings): Reading[] {
  const windows = listWindows(text)
  const formats = formatsOf(settings)
  const asks = formats.includes('question_answer')
  const readings = settings.passes.flatMap((pass, at) => [
    ...windows.flatMap((window) => freeTextReadings(title, window, formats, pass, at === 0)),
    ...(asks ? windows.flatMap((window) => pairReadings(title, window, pass, at === 0)) : []),
    ...(asks ? windows.flatMap((window) => answerReadings(title, window, pass)) : []),
  ])
  // Where there are too many, a little of every part: whole passages before single sentences, and every nth of the rest.
  const whole = readings.filter((reading) => reading.whole)
  const rest = readings.filter((reading) => !reading.whole)
  return [...thin(whole, settings.readingsMax), ...thin(rest, settings.readingsMax - whole.length)]
}

/** At most `countMax` items, evenly spread. */
function thin<T>(items: readonly T[], countMax: number): T[] {
  if (items.length <= countMax) return [...items]
  const count = Math.max(0, countMax)
  return Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)] as T)
}

function pairReadings(title: string, window: Window, pass: StudyPass, first: boolean): Reading[] {
  const messages = studyMessages('question_answer', title, window.text)
  return Array.from({ length: pass.readings[window.kind] ?? 0 }, (_, sample) => ({
    messages,
    tokensMax: PAIR_TOKENS_MAX[window.kind],
    pass,
    whole: first && sample === 0 && window.kind === 'passage',
    read: ({ text, finish }) =>
      parsePairs(text, { cutOff: finish === 'length' }).map(({ question, answer }) =>
        written('question_answer', question, answer, window.source),
      ),
  }))
}

/** Questions for given answers: numbers and names first, sentence by sentence. */
function answerReadings(title: string, window: Window, pass: StudyPass): Reading[] {
  if (window.kind !== 'sentence') return []
  // A question about the title's own thing names it, and so gives the answer away.
  const named = new Set(contentWordsOf(title))
  const spans = findSpans(window.text).filter(({ text }) => !contentWordsOf(text).every((word) => named.has(word)))
  return spans.slice(0, pass.answersPerSentence).map((span) => ({
    messages: questionForMessages(title, window.text, span.text),
    tokensMax: QUESTION_TOKENS_MAX,
    pass,
    whole: false,
    read: ({ text }) => [written('question_answer', text.split('\n')[0] ?? '', span.text, window.source)],
  }))
}

function freeTextReadings(
  title: string,
  window: Window,
  formats: readonly SelfEditFormat[],
  pass: StudyPass,
  first: boolean,
): Reading[] {
  if (window.kind !== 'passage' && window.kind !== 'part') return []
  return FREE_FORMATS.filter((format) => formats.includes(format)).flatMap((format) =>
    Array.from({ length: pass.readings[window.kind] ?? 0 }, (_, sample) => ({
      messages: studyMessages(format, title, window.text),
      tokensMax: FREE_TOKENS_MAX[format],
      pass,
      whole: first && sample === 0 && window.kind === 'passage',
      read: ({ text, finish }) => readFreeText(format, title, window.source, text, finish === 'length'),
    })),
  )
}

/** A rewriting is trained whole, implications line by line; a sentence or line that the token limit cut is left out. */
function readFreeText(format: FreeFormat, title: string, source: string, text: string, cutOff: boolean): SelfEdit[] {
  const end = format === 'rewrite' ? /[^.!?]*$/u : /[^\n]*$/u
  const whole = cutOff ? text.replace(end, '') : text
  return (format === 'rewrite' ? [whole] : whole.split('\n'))
    .map((part) => part.replace(/^[\s\d.)*-]+/u, '').trim())
    .filter((part) => part !== '')
    .map((part) => written(format, recallPrompt(format, title, source), part, source))
}

/** At most 32 rows a call, each pass by itself; rows end each at their own time, the longest stand together. */
function batchesOf<Batched extends Reading>(readings: readonly Batched[]): Batched[][] {
  return [...new Set(readings.map(({ pass }) => pass))].flatMap((pass) => {
    const group = readings
      .filter((reading) => reading.pass === pass)
      .sort((one, other) => one.tokensMax - other.tokensMax)
    const count = Math.ceil(group.length / ROWS_MAX)
    const rows = Math.ceil(group.length / Math.max(1, count))
    return Array.from({ length: count }, (_, at) => group.slice(at * rows, (at + 1) * rows))
  })
}

function written(format: SelfEdit['format'], prompt: string, completion: string, source: string): SelfEdit {
  return {
    origin: 'model',
    format,
    prompt: prompt.trim(),
    completion: completion.trim(),
    source,
    kept: true,
    heldOut: false,
    reason: null,
  }
}
