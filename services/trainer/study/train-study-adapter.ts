// `npm run study-adapter`: teaches a base to study. Passages with known questions in, a LoRA adapter in PEFT's layout and
// its recipe with figures out. A stopped run goes on from its last checkpoint with --resume.
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { parseConfig } from '../../../shared/config.ts'
import { decodeAdapter, encodeAdapter, writePeftFolder } from '../../engine/adapter/peft.ts'
import { toTrainingExample } from '../../engine/ask.ts'
import { LINEAR_NAMES } from '../../engine/base/model-config.ts'
import { createEngine } from '../../engine/create-engine.ts'
import type { TrainingRecipe, TrainingStep } from '../../engine/engine.ts'
import { findCheckpoint, removeCheckpoint, writeCheckpoint } from './checkpoint-file.ts'
import { evaluateStudy } from './evaluate-study.ts'
import { LESSONS_PER_PASSAGE, makeLessons } from './study-examples.ts'

const HELP = `npm run study-adapter -- --data FILE [flags]

Trains the study adapter of a base on passages with questions, then measures it on passages it has not seen.

  --data FILE          passages as JSON: [{id, title, text, questions: [{question, answer}]}] (../shared/data/squad/pool.json)
  --base PATH          GGUF file, safetensors folder or Hub id (BASE_MODEL, else the embedded base)
  --out FOLDER         adapter_config.json, adapter_model.safetensors, recipe.json (infra/local/study-adapter)
  --train-to N         passages before this one are trained on, the others measure (700)
  --documents N        passages to train on, drawn by seed (260)
  --epochs N           (1)
  --rank N             (8)
  --seed N             (1)
  --evaluate N         held-out passages studied for the figures (4); four times as many are asked about
  --resume             go on from FOLDER/checkpoint.safetensors
`

const CHECKPOINT_STEPS = 25

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
    'train-to': { type: 'string', default: '700' },
    documents: { type: 'string', default: '260' },
    epochs: { type: 'string', default: '1' },
    rank: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    evaluate: { type: 'string', default: '4' },
    resume: { type: 'boolean', default: false },
  },
})
if (flags.help) console.log(HELP)
else await main()

async function main(): Promise<void> {
  const data = readFileSync(flags.data)
  const passages = z.array(passageSchema).parse(JSON.parse(data.toString('utf8')))
  const trainTo = wholeNumber('train-to')
  const heldOut = passages.slice(trainTo)
  const evaluated = wholeNumber('evaluate')
  const measured = { asked: heldOut.slice(0, 4 * evaluated), studied: heldOut.slice(0, evaluated) }
  const recipe = recipeOf(wholeNumber('rank'), wholeNumber('epochs'), wholeNumber('seed'))
  const lessons = makeLessons(passages.slice(0, trainTo), wholeNumber('documents'), recipe.seed)
  const lessonsSha256 = sha256(JSON.stringify({ lessons, recipe }))

  mkdirSync(flags.out, { recursive: true })
  const checkpointPath = join(flags.out, 'checkpoint.safetensors')
  const resume = flags.resume ? findCheckpoint(checkpointPath, lessonsSha256) : undefined
  if (flags.resume)
    console.log(resume ? `going on from step ${resume.step}` : 'no checkpoint of this training; from the start')

  const engine = await createEngine({ base: flags.base ?? baseFromEnvironment() })
  const examples = lessons.map(({ messages, answer }) => toTrainingExample(engine, messages, answer))
  const tokens = examples.reduce((sum, example) => sum + example.tokens.length, 0)
  console.log(`training on ${lessons.length} lessons, ${tokens} tokens an epoch`)
  const started = performance.now()
  const result = await engine.train(examples, recipe, {
    onStep: progressOf(started, resume?.step ?? 0),
    onCheckpoint: async (checkpoint) => writeCheckpoint(checkpointPath, checkpoint, lessonsSha256),
    checkpointSteps: CHECKPOINT_STEPS,
    ...(resume === undefined ? {} : { resume }),
  })
  const seconds = Math.round((performance.now() - started) / 1000)
  // Measured as it is stored: rounded.
  const bytes = encodeAdapter(result.adapter, engine.base, 'F16')
  writePeftFolder(flags.out, bytes)

  console.log(`written to ${flags.out}; measuring on passages it has not seen`)
  const before = await evaluateStudy(engine, null, measured)
  console.log(`without it: ${JSON.stringify(before)}`)
  const after = await evaluateStudy(engine, decodeAdapter(bytes, engine.base.config), measured)
  console.log(`with it: ${JSON.stringify(after)}`)
  writeFileSync(
    join(flags.out, 'recipe.json'),
    JSON.stringify(
      {
        base: { id: engine.base.id, sha256: engine.base.sha256 },
        data: {
          file: basename(flags.data),
          sha256: sha256(data),
          trained_before: trainTo,
          passages: wholeNumber('documents'),
        },
        lessons: { count: lessons.length, per_passage: LESSONS_PER_PASSAGE, sha256: lessonsSha256 },
        recipe,
        trained_tokens: result.trainedTokens,
        steps: result.steps,
        // Of this run; a resumed one counts from its checkpoint.
        seconds,
        resumed_at_step: resume?.step ?? null,
        last_loss: mean(result.losses.slice(-20)),
        held_out: { before, after },
      },
      null,
      2,
    ) + '\n',
  )
  removeCheckpoint(checkpointPath)
  engine.close()
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

/** A line every ten steps, with the mean loss since the last. */
function progressOf(started: number, stepBefore: number): (step: TrainingStep) => void {
  let tokens = 0
  let losses: number[] = []
  return ({ step, steps, loss, tokens: stepTokens }) => {
    tokens += stepTokens
    losses.push(loss)
    if (step % 10 !== 0 && step !== steps) return
    const seconds = (performance.now() - started) / 1000
    const minutesLeft = Math.ceil(((seconds / (step - stepBefore)) * (steps - step)) / 60)
    const speed = Math.round(tokens / seconds)
    console.log(`step ${step}/${steps}  loss ${mean(losses).toFixed(3)}  ${speed} tokens/s  ${minutesLeft} min left`)
    losses = []
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

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
