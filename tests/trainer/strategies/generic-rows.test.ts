// Anchors on the tiny base: rows that hold an adapter to the base, or leave it at the base's words.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readPeftFolder } from '../../../services/engine/adapter/peft.ts'
import type { Adapter } from '../../../services/engine/adapter/adapter.ts'
import { createEngine } from '../../../services/engine/create-engine.ts'
import type { Engine, TrainingExample } from '../../../services/engine/engine.ts'
import { KNOWLEDGE_RECIPE } from '../../../services/trainer/recipe.ts'
import { DRIFT_QUESTIONS, GENERIC_QUESTIONS } from '../../../services/trainer/strategies/generic-questions.ts'
import { writeGenericRows } from '../../../services/trainer/strategies/generic-rows.ts'

const base = join(import.meta.dirname, '../../golden/models/llama-tied')
let engine: Engine
beforeAll(async () => {
  engine = await createEngine({ base })
})
afterAll(() => engine.close())

const write = (anchor: number, tokensMax: number, on: Adapter | null = null) =>
  writeGenericRows(engine, { ...{ on, tokensMax, objective: { anchor, k: 24 }, seed: 1 }, signal: AbortSignal.any([]) })

test('keeps to its budget of tokens, anchored or not', async () => {
  for (const anchor of [0, 1]) {
    const rows = await write(anchor, 1000)
    expect(rows.length).toBeGreaterThan(1)
    expect(rows.reduce((sum, { tokens }) => sum + tokens.length, 0)).toBeLessThanOrEqual(1000)
    expect(rows.every(({ teacher }) => (teacher !== undefined) === anchor > 0)).toBe(true)
  }
})

test('an anchor pulls an adapter back to the base on the questions it is trained on', async () => {
  const anchors = await write(1, 800)
  const adapter = readPeftFolder(join(base, 'adapter'), engine.base.config)
  const rows = anchors.map(({ tokens, lossFrom }: TrainingExample) => ({
    prompt: tokens.slice(0, lossFrom),
    answer: tokens.slice(lossFrom),
  }))
  const recipe = { ...KNOWLEDGE_RECIPE, lora: adapter.config, epochs: 20, learningRate: 0.01 }
  const trained = await engine.train(anchors, recipe, { from: adapter })
  const before = await engine.divergence(rows, { adapter })
  expect(await engine.divergence(rows, { adapter: trained.adapter })).toBeLessThan(0.5 * before)
})

test('an adapter trained upon others is anchored to the base with those, not to the bare base', async () => {
  const adapter = readPeftFolder(join(base, 'adapter'), engine.base.config)
  const recipe = { ...KNOWLEDGE_RECIPE, lora: adapter.config, epochs: 1 }
  // The loss of the first step, before anything moved: how far the adapter is from what it is held to.
  const distanceFrom = async (on: Adapter | null) =>
    (await engine.train(await write(1, 800, on), recipe, { from: adapter })).losses[0] ?? NaN
  expect(await distanceFrom(adapter)).toBeLessThan(1e-3)
  expect(await distanceFrom(null)).toBeGreaterThan(1e-2)
})

test('what drift is measured by is never trained on', () => {
  expect(DRIFT_QUESTIONS.length).toBeGreaterThan(10)
  expect(DRIFT_QUESTIONS.filter((question) => GENERIC_QUESTIONS.includes(question))).toEqual([])
})
