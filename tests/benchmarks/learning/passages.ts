// The documents of a benchmark, from a file that the caller names. Their questions go to the grader and nowhere else;
// `selfEdits` are texts that other models wrote about a passage.
import { existsSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { PlainError } from '../../../infra/local/setup/plain-error.mjs'
import { inventedPath } from '../../data/invented.ts'

const passageSchema = z.object({
  id: z.string(),
  title: z.string(),
  text: z.string(),
  questions: z.array(z.object({ question: z.string(), answer: z.string() })).min(1),
  selfEdits: z.record(z.string(), z.string()).optional(),
})
export type BenchPassage = z.infer<typeof passageSchema>

const squad = resolve(import.meta.dirname, '../../../../shared/data/squad')
export const evaluationPath = resolve(squad, 'evaluation.json')
export const poolPath = resolve(squad, 'pool.json')
/** Passages of the pool before this one may be trained and tuned on. */
export const poolTunedBefore = 700

/** The first of these that is there; else the documents written for this project. */
export function defaultData(...paths: readonly string[]): string {
  return paths.find((path) => existsSync(path)) ?? inventedPath
}

/** Throws a PlainError for a file that is missing or of another form. */
export function readAllPassages(path: string): BenchPassage[] {
  if (!existsSync(path)) throw new PlainError(`${path} is not there: name another by --data.`)
  const parsed = z.array(passageSchema).safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!parsed.success) throw new PlainError(`${path} is no list of passages with id, title, text and questions.`)
  return parsed.data
}

/** `documents` of them from `from` on. Throws a PlainError as above, and where there are none. */
export function readPassages(path: string, documents: number, from?: number): BenchPassage[] {
  const all = readAllPassages(path)
  const first = from ?? (basename(path) === 'pool.json' ? poolTunedBefore : 0)
  const passages = all.slice(first, first + documents)
  if (passages.length === 0) throw new PlainError(`${path} has ${all.length} passages, none from ${first} on.`)
  if (passages.length < documents) console.error(`${path} has only ${passages.length} passages from ${first} on.`)
  return passages
}
