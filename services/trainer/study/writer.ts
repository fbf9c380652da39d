// Who writes self-edits: the base itself, helped by its study adapter, or a model outside. The plan of a study is the same
// for both; a writer words the prompts as its model understands them and runs them in its own way.
import type { PromptMessage } from '../../../shared/prompts.ts'
import type { SelfEditOrigin } from '../../../shared/self-edits/self-edit.ts'
import type { Adapter } from '../../engine/adapter/adapter.ts'
import { promptTokens } from '../../engine/ask.ts'
import type { Engine } from '../../engine/engine.ts'
import { questionForMessages, studyMessages } from './prompts.ts'
import type { WrittenFormat } from './prompts.ts'

/** Tasks that share this object run together and draw from one seed. */
export interface Sampling {
  /** 0 is greedy. */
  temperature: number
  topP: number
  seed: number
}

export interface WritingTask {
  messages: readonly PromptMessage[]
  /** Of a model that writes as tersely as a study adapter was taught to. */
  tokensMax: number
  sampling: Sampling
}

export interface Writing {
  text: string
  /** It ended at its token limit. */
  cutOff: boolean
}

export interface WritingOptions {
  onProgress?: (fraction: number) => void
  /** Each writing as it comes, by the index of its task. */
  onWritten?: (task: number, writing: Writing) => void
  signal?: AbortSignal
}

export interface Writer {
  origin: SelfEditOrigin
  promptFor(format: WrittenFormat, title: string, text: string): PromptMessage[]
  /** Asks for a question that has this answer. */
  questionPromptFor(title: string, text: string, answer: string): PromptMessage[]
  /** In the order of the tasks; null for one that its model cannot read. Throws the signal's reason when aborted. */
  write(tasks: readonly WritingTask[], options: WritingOptions): Promise<(Writing | null)[]>
}

const ROWS_MAX = 32

/** The base of this process. */
export function createEngineWriter(engine: Engine, adapter: Adapter | null): Writer {
  return {
    origin: 'model',
    promptFor: studyMessages,
    questionPromptFor: questionForMessages,
    async write(tasks, { onProgress, onWritten, signal }) {
      const room = engine.base.config.positionsMax
      const prompts = tasks.map(({ messages }) => promptTokens(engine, messages))
      // A prompt that fills the base's context leaves nothing to write in.
      const readable = [...tasks.keys()].filter(
        (at) => (prompts[at]?.length ?? 0) + (tasks[at]?.tokensMax ?? 0) <= room,
      )
      const batches = batchesOf(readable, (at) => tasks[at]?.sampling)
      const writings = new Map<number, Writing>()
      for (const [index, batch] of batches.entries()) {
        signal?.throwIfAborted()
        const { temperature = 0, topP = 1, seed = 0 } = tasks[batch[0] ?? 0]?.sampling ?? {}
        const most = Math.max(...batch.map((at) => tasks[at]?.tokensMax ?? 0))
        // What one task may write must not push another's longer prompt over the context.
        const left = room - Math.max(...batch.map((at) => prompts[at]?.length ?? 0))
        const generations = await engine.generate(
          batch.map((at) => prompts[at] ?? []),
          {
            adapter,
            tokensMax: Math.min(most, left),
            seed: seed + index,
            ...(temperature > 0 ? { temperature, topP } : {}),
            ...(signal === undefined ? {} : { signal }),
          },
        )
        signal?.throwIfAborted()
        for (const [row, { text, finish }] of generations.entries()) {
          const [task, writing] = [batch[row] ?? -1, { text, cutOff: finish === 'length' }]
          writings.set(task, writing)
          onWritten?.(task, writing)
        }
        onProgress?.((index + 1) / batches.length)
      }
      return [...tasks.keys()].map((at) => writings.get(at) ?? null)
    },
  }
}

/** At most 32 rows a call, in even shares, each kind of sampling by itself; tasks keep their order. */
function batchesOf(tasks: readonly number[], samplingOf: (task: number) => Sampling | undefined): number[][] {
  return [...new Set(tasks.map(samplingOf))].flatMap((sampling) => {
    const group = tasks.filter((task) => samplingOf(task) === sampling)
    const count = Math.ceil(group.length / ROWS_MAX)
    const rows = Math.ceil(group.length / Math.max(1, count))
    return Array.from({ length: count }, (_, at) => group.slice(at * rows, (at + 1) * rows))
  })
}
