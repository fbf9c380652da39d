import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../../services/engine/create-engine.ts'
import type { Engine, TrainingCheckpoint, TrainingRecipe } from '../../../services/engine/engine.ts'
import { findCheckpoint, writeCheckpoint } from '../../../services/trainer/study/checkpoint-file.ts'

const recipe: TrainingRecipe = {
  lora: { rank: 2, alpha: 4, targets: ['q_proj', 'down_proj'] },
  epochs: 3,
  learningRate: 0.01,
  schedule: 'linear',
  warmupSteps: 1,
  weightDecay: 0,
  clipNorm: 1,
  rowsPerStep: 2,
  tokensPerBatch: 64,
  seed: 5,
}
const examples = [1, 2, 3, 4].map((first) => ({ tokens: [first, 7, 9, first + 20, 11], lossFrom: 2 }))

let engine: Engine
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'palimpsest-checkpoint-'))
  engine = await createEngine({ base: join(import.meta.dirname, '../../golden/models/llama-tied') })
})
afterAll(() => {
  engine.close()
  rmSync(folder, { recursive: true })
})

test('a training that goes on from its file ends with the very weights of one that never stopped', async () => {
  const path = join(folder, 'checkpoint.safetensors')
  const whole = await engine.train(examples, recipe, {
    checkpointSteps: 4,
    onCheckpoint: async (checkpoint: TrainingCheckpoint) => writeCheckpoint(path, checkpoint, 'these lessons'),
  })
  const resume = findCheckpoint(path, 'these lessons')
  if (resume === undefined) throw new Error('the checkpoint was not found')
  expect(resume.step).toBe(4)
  const resumed = await engine.train(examples, recipe, { resume })
  expect(resumed.adapter).toEqual(whole.adapter)
})

test('a checkpoint of other lessons is not gone on from, one that was half written leaves the last whole one', () => {
  const path = join(folder, 'checkpoint.safetensors')
  expect(findCheckpoint(path, 'other lessons')).toBeUndefined()
  expect(findCheckpoint(join(folder, 'none'), 'these lessons')).toBeUndefined()
  writeFileSync(`${path}.new`, 'half')
  expect(findCheckpoint(path, 'these lessons')?.step).toBe(4)
  expect(readdirSync(folder)).toContain('checkpoint.safetensors')
})
