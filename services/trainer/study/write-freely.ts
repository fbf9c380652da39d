// What the model itself writes about a document: one reading task per window, format and sample, run in batches. Greedy
// readings come first, since the first answer to a question is the one that stands.
import type { PromptMessage } from '../../../shared/prompts.ts'
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import type { Adapter } from '../../engine/adapter/adapter.ts'
import { promptTokens } from '../../engine/ask.ts'
import type { Engine, Generation } from '../../engine/engine.ts'
import { parsePairs } from './pairs.ts'
import { questionForMessages, recallPrompt, studyMessages } from './prompts.ts'
import type { StudySettings } from './settings.ts'
import { findSpans } from './spans.ts'
import { listWindows } from './windows.ts'
import type { Window } from './windows.ts'
import { contentWordsOf } from './words.ts'

/** One prompt put to the model, and how its text becomes self-edits. */
interface Reading {
  messages: PromptMessage[]
  tokensMax: number
  sampled: boolean
  /** Reads a whole passage greedily: the last to be given up in a long text. */
  whole: boolean
  read: (generation: Generation) => SelfEdit[]
}

/** Long enough for about six pairs of a passage (greedy text repeats itself after that), three of a sentence. */
const TOKENS_MAX = { passage: 144, pair: 96, sentence: 72, question: 40, rewrite: 256, implication: 160 } as const
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
    const sampling = batch[0]?.sampled === true ? { temperature: settings.temperature, topP: settings.topP } : {}
    const generations = await engine.generate(
      batch.map(({ prompt }) => prompt),
      {
        adapter,
        tokensMax: Math.max(...batch.map(({ tokensMax }) => tokensMax)),
        seed: settings.seed + index,
        ...sampling,
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
    )
    options.signal?.throwIfAborted()
    edits.push(...batch.flatMap(({ read }, row) => generations.slice(row, row + 1).flatMap(read)))
    options.onProgress?.((index + 1) / batches.length)
  }
  return edits
}

/** The readings of a document under these settings, greedy ones first, at most `readingsMax`; pure. */
export function planReadings(document: { title: string; text: string }, settings: StudySettings): Reading[] {
  const windows = listWindows(document.text)
  const asks = settings.formats.includes('question_answer')
  const readings = [
    ...windows.flatMap((window) => freeTextReadings(document.title, window, settings)),
    ...(asks ? windows.flatMap((window) => pairReadings(document.title, window, settings)) : []),
    ...(asks ? windows.flatMap((window) => answerReadings(document.title, window, settings)) : []),
  ]
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

function pairReadings(title: string, window: Window, settings: StudySettings): Reading[] {
  const messages = studyMessages('question_answer', title, window.text)
  return Array.from({ length: 1 + settings.samples[window.kind] }, (_, sample) => ({
    messages,
    tokensMax: TOKENS_MAX[window.kind],
    sampled: sample > 0,
    whole: sample === 0 && window.kind === 'passage',
    read: ({ text, finish }) =>
      parsePairs(text, { cutOff: finish === 'length' }).map(({ question, answer }) =>
        written('question_answer', question, answer, window.source),
      ),
  }))
}

/** Questions for given answers: numbers and names first, sentence by sentence. */
function answerReadings(title: string, window: Window, settings: StudySettings): Reading[] {
  if (window.kind !== 'sentence') return []
  // A question about the title's own thing names it, and so gives the answer away.
  const named = new Set(contentWordsOf(title))
  const spans = findSpans(window.text).filter(({ text }) => !contentWordsOf(text).every((word) => named.has(word)))
  return spans.slice(0, settings.answersPerSentence).map((span) => ({
    messages: questionForMessages(title, window.text, span.text),
    tokensMax: TOKENS_MAX.question,
    sampled: false,
    whole: false,
    read: ({ text }) => [written('question_answer', text.split('\n')[0] ?? '', span.text, window.source)],
  }))
}

function freeTextReadings(title: string, window: Window, settings: StudySettings): Reading[] {
  if (window.kind !== 'passage') return []
  return (['rewrite', 'implication'] as const)
    .filter((format) => settings.formats.includes(format))
    .map((format) => ({
      messages: studyMessages(format, title, window.text),
      tokensMax: TOKENS_MAX[format],
      sampled: false,
      whole: true,
      read: ({ text }) => {
        const parts = format === 'rewrite' ? [text] : text.split('\n')
        return parts
          .map((part) => part.replace(/^[\s\d.)*-]+/u, '').trim())
          .filter((part) => part !== '')
          .map((part) => written(format, recallPrompt(format, title, window.source), part, window.source))
      },
    }))
}

/** At most 32 rows a call, greedy ones apart from sampled ones; rows end each at their own time, the longest stand together. */
function batchesOf<Batched extends Reading>(readings: readonly Batched[]): Batched[][] {
  return [false, true].flatMap((sampled) => {
    const group = readings
      .filter((reading) => reading.sampled === sampled)
      .sort((one, other) => one.tokensMax - other.tokensMax)
    const count = Math.ceil(group.length / ROWS_MAX)
    const rows = Math.ceil(group.length / Math.max(1, count))
    return Array.from({ length: count }, (_, at) => group.slice(at * rows, (at + 1) * rows))
  })
}

function written(format: SelfEdit['format'], prompt: string, completion: string, source: string): SelfEdit {
  return {
    format,
    prompt: prompt.trim(),
    completion: completion.trim(),
    source,
    kept: true,
    heldOut: false,
    reason: null,
  }
}
