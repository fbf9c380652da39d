// `npm run study-adapter`: teaches a base to study. Passages with known questions in, a LoRA adapter in PEFT's layout and
// its recipe with figures out. A stopped run goes on from its last checkpoint with --resume.
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { parseConfig } from '../../../shared/config.ts'
import { readPeftFolder } from '../../engine/adapter/peft.ts'
import { toTrainingExample } from '../../engine/ask.ts'
import { LINEAR_NAMES } from '../../engine/base/model-config.ts'
import { createEngine } from '../../engine/create-engine.ts'
import type { Engine, TrainingRecipe } from '../../engine/engine.ts'
import { RECIPE_FILE, sha256, trainToFolder, writeRecipe } from '../train-to-folder.ts'
import { evaluateStudy } from './evaluate-study.ts'
import { LESSONS_PER_PASSAGE, makeLessons } from './study-examples.ts'
import type { Passage } from './study-examples.ts'

const HELP = `npm run study-adapter -- --data FILE [flags]

Trains the study adapter of a base on passages with questions, then measures it on passages it has not seen.

  --data FILE          passages as JSON: [{id, title, text, questions: [{question, answer}]}] (../shared/data/squad/pool.json)
  --base PATH          GGUF file, safetensors folder or Hub id (BASE_MODEL, else the embedded base)
  --out FOLDER         adapter_config.json, adapter_model.safetensors, recipe.json (infra/local/study-adapter)
  --train-to N         passages before this one are trained on, the others measure (600)
  --documents N        passages to train on, drawn by seed (600)
  --epochs N           (1)
  --rank N             (16)
  --seed N             (1)
  --evaluate N         held-out passages studied for the figures (4); four times as many are asked about
  --resume             go on from FOLDER/checkpoint.safetensors
  --measure-only       measure the adapter in FOLDER anew, without training
`

const passageSchema = z.object({
  id: z.string(),
  title: z.string(),
  text: z.string(),
  questions: z.array(z.object({ question: z.string(), answer: z.string() })),
})

const { values: flags } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    data: { type: 'string', default: '../shared/data/squad/pool.json' },
    base: { type: 'string' },
    out: { type: 'string', default: 'infra/local/study-adapter' },
    'train-to': { type: 'string', default: '600' },
    documents: { type: 'string', default: '600' },
    epochs: { type: 'string', default: '1' },
    rank: { type: 'string', default: '16' },
    seed: { type: 'string', default: '1' },
    evaluate: { type: 'string', default: '4' },
    resume: { type: 'boolean', default: false },
    'measure-only': { type: 'boolean', default: false },
  },
})
if (flags.help) console.log(HELP)
else await main()

async function main(): Promise<void> {
  const data = readFileSync(flags.data)
  const passages = z.array(passageSchema).parse(JSON.parse(data.toString('utf8')))
  const trainTo = wholeNumber('train-to')
  const engine = await createEngine({ base: flags.base ?? baseFromEnvironment() })
  if (!flags['measure-only']) await teach(engine, passages.slice(0, trainTo), sha256(data))
  await measureHeldOut(engine, passages.slice(trainTo))
  engine.close()
}

/** Trains, and writes the adapter and its recipe. */
async function teach(engine: Engine, passages: readonly Passage[], dataSha256: string): Promise<void> {
  const recipe = recipeOf(wholeNumber('rank'), wholeNumber('epochs'), wholeNumber('seed'))
  const lessons = makeLessons(passages, wholeNumber('documents'), recipe.seed)
  const lessonsSha256 = sha256(JSON.stringify({ lessons, recipe }))
  await trainToFolder(engine, {
    folder: flags.out,
    examples: lessons.map(({ messages, answer }) => toTrainingExample(engine, messages, answer)),
    recipe,
    lessonsSha256,
    resume: flags.resume,
    about: {
      data: { file: basename(flags.data), sha256: dataSha256, trained_before: wholeNumber('train-to') },
      lessons: {
        passages: wholeNumber('documents'),
        count: lessons.length,
        per_passage: LESSONS_PER_PASSAGE,
        sha256: lessonsSha256,
      },
    },
    say: console.log,
  })
}

/** Adds to the recipe what the stored (rounded) adapter is worth on passages that it has not seen. */
async function measureHeldOut(engine: Engine, heldOut: readonly Passage[]): Promise<void> {
  const count = wholeNumber('evaluate')
  const measured = { asked: heldOut.slice(0, 4 * count), studied: heldOut.slice(0, count) }
  console.log(`measuring on ${measured.asked.length} passages it has not seen`)
  const adapter = readPeftFolder(flags.out, engine.base.config)
  const before = await evaluateStudy(engine, null, measured)
  console.log(`without it: ${JSON.stringify(before)}`)
  const after = await evaluateStudy(engine, adapter, measured)
  console.log(`with it: ${JSON.stringify(after)}`)
  const recipe = JSON.parse(readFileSync(join(flags.out, RECIPE_FILE), 'utf8')) as object
  writeRecipe(flags.out, { ...recipe, held_out: { before, after } })
}

/** Alpha twice the rank, as LoRA for tasks (not facts) is usually scaled; measured with PEFT at rank 16 before. */
function recipeOf(rank: number, epochs: number, seed: number): TrainingRecipe {
  return {
    lora: { rank, alpha: 2 * rank, targets: LINEAR_NAMES },
    epochs,
    learningRate: 1e-3,
    schedule: 'linear',
    warmupSteps: 20,
    weightDecay: 0,
    clipNorm: 1,
    rowsPerStep: 6,
    tokensPerBatch: 1024,
    seed,
  }
}

function wholeNumber(flag: 'train-to' | 'documents' | 'epochs' | 'rank' | 'seed' | 'evaluate'): number {
  const value = Number(flags[flag])
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new Error(`--${flag} takes a whole number, not ${flags[flag]}`)
}

function baseFromEnvironment(): string {
  // The database is not needed here; every other setting is the trainer's own.
  return parseConfig({ DATABASE_URL: 'postgres://unused', ...process.env }).baseModel
}
