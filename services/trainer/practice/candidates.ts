// A candidate: one set of self-edits that the policy wrote about a document. What it wrote is remembered as it came, since
// the kept part of it is what the policy learns to write next time.
import type { PromptMessage } from '../../../shared/prompts.ts'
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import type { Adapter } from '../../engine/adapter/adapter.ts'
import type { Engine, TrainingExample } from '../../engine/engine.ts'
import { formatPairs, parsePairs } from '../study/pairs.ts'
import { FREE_FORMATS } from '../study/prompts.ts'
import type { StudySettings } from '../study/settings.ts'
import { exampleOf, writeSelfEdits } from '../study/write-self-edits.ts'
import { createEngineWriter } from '../study/writer.ts'
import type { Writer, Writing } from '../study/writer.ts'

export interface Candidate {
  /** Of the edits that were kept. */
  rows: TrainingExample[]
  lessons: Lesson[]
}

/** A prompt, and what of the answer was worth keeping. */
export interface Lesson {
  messages: readonly PromptMessage[]
  text: string
}

export interface CandidateOptions {
  study: StudySettings
  /** How often training will run each row. */
  epochs: number
  /** Gives what was written in an earlier attempt, or writes. */
  remember: (write: () => Promise<(Writing | null)[]>) => Promise<(Writing | null)[]>
  signal: AbortSignal
}

/** Throws what the engine throws, and the signal's reason. */
export async function writeCandidate(
  engine: Engine,
  policy: Adapter | null,
  document: { title: string; text: string },
  { study, epochs, remember, signal }: CandidateOptions,
): Promise<Candidate> {
  const written: { messages: readonly PromptMessage[]; writing: Writing }[] = []
  const writer = createEngineWriter(engine, policy)
  const generator: Writer = {
    ...writer,
    async write(tasks, options) {
      const writings = await remember(() => writer.write(tasks, options))
      for (const [at, { messages }] of tasks.entries()) {
        const writing = writings[at] ?? null
        if (writing !== null) written.push({ messages, writing })
      }
      return writings
    },
  }
  const options = { makeProbes: false, epochs, generator, signal }
  const edits = await writeSelfEdits(engine, null, document, study, options)
  const kept = edits.filter((edit) => edit.kept)
  return {
    rows: kept.map((edit) => exampleOf(engine, edit)),
    lessons: written.flatMap(({ messages, writing }) => {
      const text = keptPart(writing, kept)
      return text === '' ? [] : [{ messages, text }]
    }),
  }
}

/** Drawn anew for each candidate: every pass is sampled, with a seed of its own. */
export function sampledStudy(
  study: StudySettings,
  { candidate, temperature, topP }: { candidate: number; temperature: number; topP: number },
): StudySettings {
  // Batches count on from a pass's seed, so the seeds lie apart by more than a study has batches.
  const passes = study.passes.map((pass, at) => ({
    ...pass,
    ...{ temperature, topP, seed: pass.seed + 1000 * (candidate * study.passes.length + at + 1) },
  }))
  return { ...study, passes }
}

/** The pairs, the question or the free text of a writing that the study kept; empty where it kept nothing. */
function keptPart({ text, cutOff }: Writing, kept: readonly SelfEdit[]): string {
  const questions = new Set(kept.filter(({ format }) => format === 'question_answer').map(({ prompt }) => prompt))
  const pairs = parsePairs(text, { cutOff }).filter(({ question }) => questions.has(question.trim()))
  if (pairs.length > 0) return formatPairs(pairs)
  const line = (text.split('\n')[0] ?? '').trim()
  if (questions.has(line)) return line
  const free = kept.filter(({ format }) => FREE_FORMATS.some((one) => one === format))
  return !cutOff && free.some(({ completion }) => text.includes(completion)) ? text.trim() : ''
}
