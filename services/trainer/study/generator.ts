// A model outside that writes self-edits in place of the base, over OpenAI's chat completions: a larger model reads a
// document better than a small base does. Its text passes the same filter as the base's own. Prompts say everything that
// the study adapter was taught by training, the form above all.
import type { ChatModelConfig } from '../../../shared/config.ts'
import type { PromptMessage } from '../../../shared/prompts.ts'
import { AppError } from '../../../shared/errors.ts'
import { completeChat } from '../../../shared/openai/complete-chat.ts'
import type { ChatPatience } from '../../../shared/openai/complete-chat.ts'
import type { WrittenFormat } from './prompts.ts'
import { STUDY_SETTINGS } from './settings.ts'
import type { StudySettings } from './settings.ts'
import type { Writer, Writing, WritingTask } from './writer.ts'

/**
 * Whole passages and their halves: a model that can read needs no sentence-by-sentence reading, and each one costs. Its
 * pairs stand alone, in the belief (not measured) that they leave less out than a small base's do.
 */
export const GENERATOR_SETTINGS: StudySettings = {
  ...STUDY_SETTINGS,
  shares: { question_answer: 1, given: 1 },
  passes: [
    { readings: { passage: 1, part: 1 }, answersPerSentence: 1, temperature: 0, topP: 1, seed: 1 },
    { readings: { passage: 3, part: 1 }, answersPerSentence: 0, temperature: 0.9, topP: 0.95, seed: 1 },
  ],
}

const SYSTEM =
  'You write training material about a text for a reader who will never see the text. Say only what the text says, and ' +
  'call everything by its name: never "it", "he" or "the text".'

const TASKS: Record<WrittenFormat, string> = {
  question_answer:
    'Write as many different questions about this text as its facts allow, each with a short answer in the words of ' +
    'the text. Two lines for each, and nothing else:\nQ: the question\nA: the answer',
  rewrite: 'Say the same in other words and in another order, without leaving out a fact. Write the new text alone.',
  implication: 'List what follows from this text, one short full sentence a line. Write the list alone.',
  implication_long:
    'Make a long list of what follows from this text, directly or indirectly, one full sentence a line. ' +
    'Write the list alone.',
}

/** A cap, not a length: large models write longer lists, and some think before they write. */
const TOKENS_FACTOR = 8
const REQUESTS_AT_ONCE = 4
/** A long list from a slow server of one's own takes minutes. */
const TIMEOUT_SECONDS = 180

/**
 * `write` throws as `completeChat` does: `unavailable` (to be tried again later) or `endpoint_refused`; the message names
 * the settings. One task that fails ends them all: half a study would pass for a whole one.
 */
export function createGenerator(config: ChatModelConfig, patience: ChatPatience = {}): Writer {
  return {
    origin: 'generator',
    promptFor: (format, title, text) => messagesFor(title, text, TASKS[format]),
    questionPromptFor: (title, text, answer) =>
      messagesFor(title, text, `Write one question whose answer is "${answer}". Write the question alone.`),
    async write(tasks, { onProgress, onWritten, signal }) {
      const writings: Writing[] = []
      const failed = new AbortController()
      const either = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal])
      const waiting = [...tasks.entries()]
      let done = 0
      const work = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const [at, task] = next
          const writing = await ask(config, { ...task, seed: task.sampling.seed + at }, patience, either)
          writings[at] = writing
          onWritten?.(at, writing)
          onProgress?.(++done / tasks.length)
        }
      }
      const workers = Array.from({ length: REQUESTS_AT_ONCE }, () =>
        work().catch((error: unknown) => {
          failed.abort(error)
          throw error
        }),
      )
      // All of them, so that none is still asking when the first error is out.
      const outcomes = await Promise.allSettled(workers)
      signal?.throwIfAborted()
      if (outcomes.some(({ status }) => status === 'rejected')) throw explain(failed.signal.reason)
      return writings
    },
  }
}

async function ask(
  { url, model, apiKey }: ChatModelConfig,
  { messages, tokensMax, sampling, seed }: WritingTask & { seed: number },
  patience: ChatPatience,
  signal: AbortSignal,
): Promise<Writing> {
  const { temperature, topP } = sampling
  const { text, finish } = await completeChat(
    {
      url,
      model,
      apiKey,
      messages,
      maxTokens: TOKENS_FACTOR * tokensMax,
      temperature,
      ...(temperature > 0 ? { topP, seed } : {}),
      signal,
    },
    { timeoutSeconds: TIMEOUT_SECONDS, ...patience },
  )
  return { text: text.replace(/^\s*<think>[^]*?<\/think>/u, '').trim(), cutOff: finish === 'length' }
}

function explain(error: unknown): unknown {
  if (!(error instanceof AppError)) return error
  const message = `${error.message} It shall write the self-edits: STUDY_URL, STUDY_MODEL and STUDY_API_KEY name it.`
  return new AppError(error.code, message, { cause: error })
}

function messagesFor(title: string, text: string, task: string): PromptMessage[] {
  return [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: `${title.trim()}\n${text.trim()}\n\n${task}` },
  ]
}
