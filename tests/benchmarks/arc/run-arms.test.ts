// Practice and all arms on a tiny random base, of which only the room for positions was raised: its policy writes no
// configuration, so that practice is given some.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { promptTokens } from '../../../services/engine/ask.ts'
import { createEngine } from '../../../services/engine/create-engine.ts'
import type { Engine } from '../../../services/engine/engine.ts'
import { ADAPT_LIMITS } from '../../../services/trainer/arc/adapt.ts'
import { configurationMessages } from '../../../services/trainer/arc/ask-for-configuration.ts'
import { practise } from '../../../services/trainer/arc/practise.ts'
import type { Task } from '../../../services/trainer/arc/task.ts'
import { findXmlFault } from '../../support/find-xml-fault.ts'
import { benchOn } from '../learning/bench.ts'
import { withoutMeasuring } from '../learning/not-measured.ts'
import { arcBenchOn, trainPolicyOnce, tryOnce } from './arc-bench.ts'
import type { ArcBench } from './arc-bench.ts'
import { reportArc } from './report.ts'
import { ARC_ARMS, runArm } from './run-arms.ts'
import type { ArcArm, ArmTries } from './run-arms.ts'

const dark = (id: string, first: number): Task => ({
  id,
  demonstrations: [1, 2].map((step) => ({ input: [[first + step]], output: [[0]] })),
  tests: [{ input: [[first]], output: [[0]] }],
})
const tasks = [dark('one', 1), dark('two', 5)]
const configuration = (learning_rate: number) =>
  JSON.stringify({
    data_generation: {
      use_basic_augmentations: false,
      use_size_augmentations: false,
      use_chain_augmentations: false,
      use_repeat_augmentations: false,
    },
    training: { strategy: 'train_using_output_tokens', learning_rate, num_train_epochs: 60 },
  })
const [good, useless] = [configuration(0.01), configuration(1e-9)]

let folder: string
let engine: Engine
let bench: ArcBench
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'palimpsest-arc-'))
  cpSync(join(import.meta.dirname, '../../golden/models/llama-tied'), join(folder, 'base'), { recursive: true })
  const path = join(folder, 'base', 'config.json')
  const config = JSON.parse(readFileSync(path, 'utf8')) as object
  writeFileSync(path, JSON.stringify({ ...config, max_position_embeddings: 4096 }))
  engine = await createEngine({ base: join(folder, 'base') })
  bench = openOn(engine)
})
afterAll(() => {
  engine.close()
  rmSync(folder, { recursive: true })
})

function openOn(own: Engine): ArcBench {
  const flags = { state: join(folder, 'state'), fresh: false }
  return arcBenchOn(benchOn(own, null, flags), null, { ...ADAPT_LIMITS, sideMax: 2 }, flags)
}

const rehearse = (on: ArcBench) =>
  practise(tasks.slice(0, 1), {
    sample: async () => [good, 'no configuration', useless, good],
    attempt: (task, read) => tryOnce(on, task, read, 1),
  })

async function runAll(on: ArcBench): Promise<ArmTries[]> {
  const practised = await trainPolicyOnce(on, (await rehearse(on)).kept)
  const results: ArmTries[] = []
  for (const task of tasks)
    for (const arm of Object.keys(ARC_ARMS) as ArcArm[])
      results.push(await runArm(on, arm, task, { k: 2, seeds: 1, practised }))
  return results
}

test('practice keeps each self-edit that solved its task once, and counts what was none', async () => {
  const result = await rehearse(bench)
  expect(result).toMatchObject({ sampled: 4, valid: 3, solved: 2, faults: { not_json: 1 } })
  expect(result.kept.map(({ task, text }) => [task.id, text])).toEqual([['one', good]])
})

test('the policy finds what was kept likelier than the base does, and without anything kept there is none', async () => {
  const { kept } = await rehearse(bench)
  const policy = await trainPolicyOnce(bench, kept)
  const rows = kept.map(({ task, text }) => ({
    prompt: promptTokens(engine, configurationMessages(task.demonstrations)),
    answer: engine.tokenizer.encode(text, { addSpecial: false }),
  }))
  const [before] = await engine.score(rows)
  const [after] = await engine.score(rows, { adapter: policy?.adapter ?? null })
  expect(after?.logprob).toBeGreaterThan(before?.logprob ?? 0)
  expect(await trainPolicyOnce(bench, [])).toBeNull()
})

test('a stopped run goes on from its state: everything is there again without the engine', async () => {
  const results = await runAll(bench)
  expect(results.map(({ tries }) => tries.length)).toEqual([1, 2, 2, 1, 1, 1, 2, 2, 1, 1])
  expect(await runAll(openOn(withoutMeasuring(engine)))).toEqual(results)
  const best = results.filter(({ arm }) => arm === 'oracle').map(({ tries }) => tries[0]?.cells ?? 0)
  const fixed = results.filter(({ arm }) => arm === 'fixed').map(({ tries }) => tries[0]?.cells ?? 0)
  best.forEach((cells, index) => expect(cells).toBeGreaterThanOrEqual(fixed[index] ?? 0))
})

test('the report names every arm, labels the upper bound and draws well-formed pictures', async () => {
  const results = await runAll(bench)
  const report = reportArc(results, { command: 'test', k: 2, seeds: 1, practice: await rehearse(bench) })
  for (const arm of Object.keys(ARC_ARMS)) expect(report.markdown).toContain(`| ${arm}`)
  expect(report.markdown).toContain('oracle (upper bound)')
  expect(report.markdown).toContain('4 self-edits sampled, 3 of them configurations (1 not_json), 2 solved their task')
  for (const svg of Object.values(report.pictures)) expect(findXmlFault(svg)).toBeNull()
})
