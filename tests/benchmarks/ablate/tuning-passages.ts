// The documents that defaults may be tuned on: of the pool those before 700, without the ones that the study adapter was
// taught with, since it writes better about those than about any new text. The published figures' documents are refused.
import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { z } from 'zod'
import { PlainError } from '../../../infra/local/setup/plain-error.mjs'
import { makeLessons } from '../../../services/trainer/study/study-examples.ts'
import { poolTunedBefore, readAllPassages } from '../learning/passages.ts'
import type { BenchPassage } from '../learning/passages.ts'

const recipeSchema = z.object({
  data: z.object({ file: z.string(), trained_before: z.number() }),
  lessons: z.object({ passages: z.number() }),
  recipe: z.object({ seed: z.number() }),
})

const recipePath = resolve(import.meta.dirname, '../../../infra/local/study-adapter/recipe.json')

/** Throws a PlainError where the file holds documents that must stay unseen. */
export function tuningPassages(path: string, documents: number, from: number): BenchPassage[] {
  const all = readAllPassages(path)
  refuseEvaluation(all)
  const tuned = basename(path) === 'pool.json' ? all.slice(0, poolTunedBefore) : all
  const unseen = withoutTaught(tuned, basename(path))
  const passages = unseen.slice(from, from + documents)
  if (passages.length === 0)
    throw new PlainError(`${path} has ${unseen.length} passages to tune on, none from ${from} on.`)
  return passages
}

function refuseEvaluation(passages: readonly BenchPassage[]): void {
  if (!passages.some(({ id }) => id.startsWith('seal-'))) return
  throw new PlainError(
    'These are the documents of the published figures: nothing may be tuned on them. Take pool.json (its first ' +
      `${poolTunedBefore}), or documents of your own.`,
  )
}

/** Passages that no lesson of the committed study adapter was made from. */
function withoutTaught(passages: readonly BenchPassage[], file: string): BenchPassage[] {
  const { data, lessons, recipe } = recipeSchema.parse(JSON.parse(readFileSync(recipePath, 'utf8')))
  if (data.file !== file) return [...passages]
  const taught = makeLessons(passages.slice(0, data.trained_before), lessons.passages, recipe.seed)
    .filter(({ kind }) => kind === 'passage_pairs')
    .flatMap(({ messages }) => messages.map(({ content }) => content))
    .join('\n')
  return passages.filter(({ text }) => !taught.includes(text.trim()))
}
