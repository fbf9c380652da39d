// A long training by a command: progress on the terminal, a checkpoint to go on from after a stop, and in the end a folder
// with the adapter in PEFT's layout and the recipe it can be made again by.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeAdapter, writePeftFolder } from '../engine/adapter/peft.ts'
import type { Engine, TrainingExample, TrainingRecipe, TrainingStep } from '../engine/engine.ts'
import { findCheckpoint, removeCheckpoint, writeCheckpoint } from './study/checkpoint-file.ts'

export interface FolderTraining {
  folder: string
  examples: readonly TrainingExample[]
  recipe: TrainingRecipe
  /** Names examples and recipe by content: a checkpoint of others is not gone on from. */
  lessonsSha256: string
  resume: boolean
  /** What the recipe file says beside the training itself. */
  about: object
  say: (line: string) => void
}

export const RECIPE_FILE = 'recipe.json'

const CHECKPOINT_STEPS = 25

/** Weights are written as F16. Throws what training throws. */
export async function trainToFolder(engine: Engine, training: FolderTraining): Promise<void> {
  const { folder, examples, recipe, lessonsSha256, say } = training
  mkdirSync(folder, { recursive: true })
  const checkpointPath = join(folder, 'checkpoint.safetensors')
  const resume = training.resume ? findCheckpoint(checkpointPath, lessonsSha256) : undefined
  if (training.resume)
    say(resume ? `going on from step ${resume.step}` : 'no checkpoint of this training; from the start')
  const tokens = examples.reduce((sum, example) => sum + example.tokens.length, 0)
  say(`training on ${examples.length} lessons, ${tokens} tokens an epoch`)
  const started = performance.now()
  const result = await engine.train(examples, recipe, {
    onStep: progressOf(started, resume?.step ?? 0, say),
    onCheckpoint: async (checkpoint) => writeCheckpoint(checkpointPath, checkpoint, lessonsSha256),
    checkpointSteps: CHECKPOINT_STEPS,
    ...(resume === undefined ? {} : { resume }),
  })
  writePeftFolder(folder, encodeAdapter(result.adapter, engine.base, 'F16'))
  writeRecipe(folder, {
    base: { id: engine.base.id, sha256: engine.base.sha256 },
    ...training.about,
    recipe,
    trained_tokens: result.trainedTokens,
    steps: result.steps,
    // Of this run; a resumed one counts from its checkpoint.
    seconds: Math.round((performance.now() - started) / 1000),
    resumed_at_step: resume?.step ?? null,
    last_loss: mean(result.losses.slice(-10)),
  })
  removeCheckpoint(checkpointPath)
  say(`written to ${folder}`)
}

export function writeRecipe(folder: string, recipe: object): void {
  writeFileSync(join(folder, RECIPE_FILE), `${JSON.stringify(recipe, null, 2)}\n`)
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** A line every ten steps, with the mean loss since the last. */
function progressOf(started: number, stepBefore: number, say: FolderTraining['say']): (step: TrainingStep) => void {
  let tokens = 0
  let losses: number[] = []
  return ({ step, steps, loss, tokens: stepTokens }) => {
    tokens += stepTokens
    losses.push(loss)
    if (step % 10 !== 0 && step !== steps) return
    const seconds = (performance.now() - started) / 1000
    const minutesLeft = Math.ceil(((seconds / (step - stepBefore)) * (steps - step)) / 60)
    const speed = Math.round(tokens / seconds)
    say(`step ${step}/${steps}  loss ${mean(losses).toFixed(3)}  ${speed} tokens/s  ${minutesLeft} min left`)
    losses = []
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
