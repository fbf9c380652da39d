// What a writer is asked about a document: one reading per pass, window, format and sample, and how the text that comes
// back is read as self-edits. A pure plan; the same for the base and for a model outside.
import type { PromptMessage } from '../../../shared/prompts.ts'
import type { SelfEdit, SelfEditFormat } from '../../../shared/self-edits/self-edit.ts'
import { splitStatements } from './external-text.ts'
import { parsePairs } from './pairs.ts'
import { FREE_FORMATS, recallPrompt } from './prompts.ts'
import type { FreeFormat } from './prompts.ts'
import { formatsOf } from './settings.ts'
import type { StudyPass, StudySettings } from './settings.ts'
import { findSpans } from './spans.ts'
import { listWindows } from './windows.ts'
import type { Window, WindowKind } from './windows.ts'
import { contentWordsOf } from './words.ts'
import type { Writer, Writing } from './writer.ts'

/** One prompt put to the model, and how its text becomes self-edits. */
export interface Reading {
  messages: PromptMessage[]
  tokensMax: number
  pass: StudyPass
  /** The first reading of a whole passage: the last to be given up in a long text. */
  whole: boolean
  read: (writing: Writing) => SelfEdit[]
}

/** Long enough for about six pairs of a passage (greedy text repeats itself after that), three of a sentence. */
const PAIR_TOKENS_MAX: Record<WindowKind, number> = { passage: 144, part: 120, pair: 96, sentence: 72 }
const FREE_TOKENS_MAX: Record<FreeFormat, number> = { rewrite: 256, implication: 160, implication_long: 320 }
const QUESTION_TOKENS_MAX = 40

/** A document about which a writer is asked in a pass. */
interface Plan {
  title: string
  writer: Pick<Writer, 'origin' | 'promptFor' | 'questionPromptFor'>
  pass: StudyPass
  first: boolean
}

/** The readings of a document under these settings, pass by pass, at most `readingsMax`; pure. */
export function planReadings(
  { title, text }: { title: string; text: string },
  settings: StudySettings,
  writer: Plan['writer'],
): Reading[] {
  const windows = listWindows(text)
  const formats = formatsOf(settings)
  const asks = formats.includes('question_answer')
  const readings = settings.passes.flatMap((pass, at) => {
    const plan: Plan = { title, writer, pass, first: at === 0 }
    const ofPass = [
      ...windows.flatMap((window) => freeTextReadings(plan, window, formats)),
      ...(asks ? windows.flatMap((window) => pairReadings(plan, window)) : []),
      ...(asks ? windows.flatMap((window) => answerReadings(plan, window)) : []),
    ]
    // Rows of like length run together; and of two answers to one question, that of the narrower reading stands.
    return ofPass.sort((one, other) => one.tokensMax - other.tokensMax)
  })
  // Where there are too many, a little of every part: whole passages before single sentences, and every nth of the rest.
  const whole = readings.filter((reading) => reading.whole)
  const rest = readings.filter((reading) => !reading.whole)
  const read = new Set([...thin(whole, settings.readingsMax), ...thin(rest, settings.readingsMax - whole.length)])
  return readings.filter((reading) => read.has(reading))
}

/** At most `countMax` items, evenly spread. */
function thin<T>(items: readonly T[], countMax: number): T[] {
  if (items.length <= countMax) return [...items]
  const count = Math.max(0, countMax)
  return Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)] as T)
}

function pairReadings({ title, writer, pass, first }: Plan, window: Window): Reading[] {
  const messages = writer.promptFor('question_answer', title, window.text)
  return Array.from({ length: pass.readings[window.kind] ?? 0 }, (_, sample) => ({
    messages,
    tokensMax: PAIR_TOKENS_MAX[window.kind],
    pass,
    whole: first && sample === 0 && window.kind === 'passage',
    read: ({ text, cutOff }) =>
      parsePairs(text, { cutOff }).map(({ question, answer }) =>
        written(writer.origin, 'question_answer', question, answer, window.source),
      ),
  }))
}

/** Questions for given answers: numbers and names first, sentence by sentence. */
function answerReadings({ title, writer, pass }: Plan, window: Window): Reading[] {
  if (window.kind !== 'sentence') return []
  // A question about the title's own thing names it, and so gives the answer away.
  const named = new Set(contentWordsOf(title))
  const spans = findSpans(window.text).filter(({ text }) => !contentWordsOf(text).every((word) => named.has(word)))
  return spans.slice(0, pass.answersPerSentence).map((span) => ({
    messages: writer.questionPromptFor(title, window.text, span.text),
    tokensMax: QUESTION_TOKENS_MAX,
    pass,
    whole: false,
    read: ({ text }) => [
      written(writer.origin, 'question_answer', text.split('\n')[0] ?? '', span.text, window.source),
    ],
  }))
}

function freeTextReadings(
  { title, writer, pass, first }: Plan,
  window: Window,
  formats: readonly SelfEditFormat[],
): Reading[] {
  if (window.kind !== 'passage' && window.kind !== 'part') return []
  return FREE_FORMATS.filter((format) => formats.includes(format)).flatMap((format) =>
    Array.from({ length: pass.readings[window.kind] ?? 0 }, (_, sample) => ({
      messages: writer.promptFor(format, title, window.text),
      tokensMax: FREE_TOKENS_MAX[format],
      pass,
      whole: first && sample === 0 && window.kind === 'passage',
      read: (writing) =>
        readFreeText(format, writing).map((text) =>
          written(writer.origin, format, recallPrompt(format, title, window.source), text, window.source),
        ),
    })),
  )
}

/** A rewriting is trained whole, implications one by one; a sentence or line that the token limit cut is left out. */
function readFreeText(format: FreeFormat, { text, cutOff }: Writing): string[] {
  if (format !== 'rewrite') return splitStatements(cutOff ? text.replace(/[^\n]*$/u, '') : text)
  const whole = (cutOff ? text.replace(/[^.!?]*$/u, '') : text).trim()
  return whole === '' ? [] : [whole]
}

function written(
  origin: SelfEdit['origin'],
  format: SelfEdit['format'],
  prompt: string,
  completion: string,
  source: string,
): SelfEdit {
  return {
    origin,
    format,
    prompt: prompt.trim(),
    completion: completion.trim(),
    source,
    kept: true,
    heldOut: false,
    reason: null,
  }
}
