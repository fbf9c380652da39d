// `npm run grid-adapter`: teaches a base the form of grid tasks, once, before it is adapted to single ones. Tasks made by
// rule and the pool's tasks that are not held out go in, a LoRA adapter in PEFT's layout and its recipe come out.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { parseConfig } from '../../../shared/config.ts'
import { LINEAR_NAMES } from '../../engine/base/model-config.ts'
import { createEngine } from '../../engine/create-engine.ts'
import type { TrainingRecipe } from '../../engine/engine.ts'
import { sha256, trainToFolder } from '../train-to-folder.ts'
import { makeGridLessons } from './grid-lessons.ts'
import { createGridCoder, lessonExample } from './grid-tokens.ts'
import { isHeldOut } from './held-out.ts'
import { fitsTask, parseTasks } from './task.ts'

const HELP = `npm run grid-adapter -- --data FILE [flags]

Trains the grid adapter of a base, which bench:arc starts from. Tasks that bench:arc asks about (two fifths of the pool, by
a hash of their names) are left out.

  --data FILE          ARC tasks by name: {NAME: {train: [{input, output}], test: [...]}} (../shared/data/arc/pool.json)
  --base PATH          GGUF file, safetensors folder or Hub id (BASE_MODEL, else the embedded base)
  --out FOLDER         adapter_config.json, adapter_model.safetensors, recipe.json (infra/local/grid-adapter)
  --lessons N          (1500)
  --tokens N           longest lesson; those with more are left out (400)
  --side N             longest side of a grid (9)
  --rank N             (8: a file of 5 MB for the embedded base)
  --seed N             (1)
  --resume             go on from FOLDER/checkpoint.safetensors
`

/** The rest are made by rule. */
const REAL_SHARE = 0.3

const { values: flags } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    data: { type: 'string', default: '../shared/data/arc/pool.json' },
    base: { type: 'string' },
    out: { type: 'string', default: 'infra/local/grid-adapter' },
    lessons: { type: 'string', default: '1500' },
    tokens: { type: 'string', default: '400' },
    side: { type: 'string', default: '9' },
    rank: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    resume: { type: 'boolean', default: false },
  },
})
if (flags.help) console.log(HELP)
else await main()

async function main(): Promise<void> {
  const data = readFileSync(flags.data)
  const [count, sideMax, seed, tokensMax] = [number('lessons'), number('side'), number('seed'), number('tokens')]
  const tasks = parseTasks(JSON.parse(data.toString('utf8'))).filter(
    (task) => fitsTask(task, sideMax) && !isHeldOut(task.id),
  )
  const lessons = makeGridLessons(tasks, { count, realShare: REAL_SHARE, sideMax, seed })
  // The database is not needed here; every other setting is the trainer's own.
  const { baseModel } = parseConfig({ DATABASE_URL: 'postgres://unused', ...process.env })
  const engine = await createEngine({ base: flags.base ?? baseModel })
  const coder = createGridCoder(engine)
  const all = lessons.map((lesson) => lessonExample(coder, lesson, 'all'))
  const examples = all.filter(({ tokens }) => tokens.length <= tokensMax)
  const recipe = recipeOf(number('rank'), seed)
  const lessonsSha256 = sha256(JSON.stringify({ examples, recipe }))
  await trainToFolder(engine, {
    ...{ folder: flags.out, examples, recipe, lessonsSha256, resume: flags.resume },
    about: {
      data: { file: basename(flags.data), sha256: sha256(data), tasks: tasks.map(({ id }) => id) },
      lessons: { count: examples.length, real_share: REAL_SHARE, side_max: sideMax, sha256: lessonsSha256 },
    },
    say: console.log,
  })
  engine.close()
}

/** As the study adapter's, with larger steps: a lesson is worth little by itself. */
function recipeOf(rank: number, seed: number): TrainingRecipe {
  return {
    lora: { rank, alpha: 2 * rank, targets: LINEAR_NAMES },
    epochs: 1,
    learningRate: 2e-3,
    schedule: 'linear',
    warmupSteps: 10,
    weightDecay: 0,
    clipNorm: 1,
    rowsPerStep: 8,
    tokensPerBatch: 1024,
    seed,
  }
}

function number(flag: 'lessons' | 'tokens' | 'side' | 'rank' | 'seed'): number {
  const value = Number(flags[flag])
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new Error(`--${flag} takes a whole number of at least 1, not ${flags[flag]}`)
}
