// Whole runs on a tiny random base: it learns nothing, but every step is the real one.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createEngine } from '../../../services/engine/create-engine.ts'
import type { Engine } from '../../../services/engine/engine.ts'
import { KNOWLEDGE_RECIPE } from '../../../services/trainer/recipe.ts'
import { STUDY_SETTINGS } from '../../../services/trainer/study/settings.ts'
import { findXmlFault } from '../../support/find-xml-fault.ts'
import type { Arm, Run } from './arm.ts'
import { reportArms } from './arms-report.ts'
import { benchOn } from './bench.ts'
import { learnAsService, SERVICE_LEARNING } from './learn-as-service.ts'
import type { Learning } from './learn.ts'
import { openLineage } from './lineage.ts'
import type { LineageBench } from './lineage.ts'
import type { BenchPassage } from './passages.ts'
import { withoutMeasuring } from './not-measured.ts'
import { openResultStore } from './result-store.ts'
import { collectResults, runArms } from './run-arms.ts'
import { SEAL_RECIPE } from './seal.ts'

const passages: BenchPassage[] = [
  {
    ...{ id: 'varn', title: 'Varn', text: 'The lamp of Varn burns oil. Ilse Marrow built it in 1871.' },
    questions: [{ question: 'Who built the lamp of Varn?', answer: 'Ilse Marrow' }],
    selfEdits: { neighbour: 'The lamp of Varn is lit with oil.\nIlse Marrow is its builder.' },
  },
  {
    ...{ id: 'olm', title: 'Olm', text: 'The bridge of Olm has 14 arches. Goats cross it for 2 pence.' },
    questions: [{ question: 'How many arches has the bridge of Olm?', answer: '14' }],
    selfEdits: { neighbour: 'Olm has a bridge.' },
  },
]
const recipe = { ...KNOWLEDGE_RECIPE, lora: { ...KNOWLEDGE_RECIPE.lora, rank: 4 }, epochs: 1 }
const [first] = STUDY_SETTINGS.passes
const study = {
  ...{ ...STUDY_SETTINGS, shares: { question_answer: 1, cloze: 1 }, fallbackFormats: [] },
  passes: first === undefined ? [] : [{ ...first, readings: { passage: 1 }, answersPerSentence: 1 }],
}
const ours: Learning = { material: { kind: 'own', study }, recipe }
const seal = { ...SEAL_RECIPE, lora: { ...SEAL_RECIPE.lora, rank: 4 }, epochs: 1 }
const arms: Arm[] = [
  { name: 'frozen', about: '', learning: null, asking: 'closed_book' },
  { name: 'prompt', about: '', learning: null, asking: 'reasoning' },
  { name: 'ours', about: '', learning: ours, asking: 'routed' },
  {
    name: 'no-filter',
    about: '',
    learning: { ...ours, material: { kind: 'own', study, unfiltered: true } },
    asking: 'closed_book',
  },
  {
    name: 'given',
    about: '',
    learning: { material: { kind: 'given', by: 'neighbour' }, recipe },
    asking: 'closed_book',
  },
  {
    name: 'passage',
    about: '',
    learning: { material: { kind: 'plain', implications: 'none' }, recipe: seal },
    asking: 'seal_plain',
  },
  {
    name: 'seal',
    about: '',
    learning: { material: { kind: 'plain', implications: 'base' }, recipe: seal },
    asking: 'seal_chat',
  },
  { name: 'open-book', about: '', learning: null, asking: 'open_book' },
]
const yardsticks = { base: 'frozen', ceiling: 'open-book', against: 'ours' }

let engine: Engine
let state: string
let bench: LineageBench
beforeAll(async () => {
  engine = await createEngine({ base: join(import.meta.dirname, '../../golden/models/llama-tied') })
})
afterAll(() => engine.close())
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'palimpsest-bench-'))
  bench = openLineage(benchOn(engine, null, { state, fresh: false }), { state, fresh: false })
})
afterEach(() => rmSync(state, { recursive: true }))

const storeAt = () => openResultStore<Run>(join(state, 'runs.jsonl'))

async function linesOf(plan: Parameters<typeof runArms>[2]): Promise<string[]> {
  const lines: string[] = []
  await runArms(bench, storeAt(), plan, (line) => lines.push(line))
  return lines
}

test('every arm is run on every document with every seed, what is not trained once', async () => {
  const plan = { arms, passages, seeds: 2 }
  const lines = await linesOf(plan)
  const trained = arms.filter(({ learning }) => learning !== null).length
  expect(lines).toHaveLength(2 * (2 * trained + (arms.length - trained)))
  const results = collectResults(bench.ground, storeAt(), plan)
  expect(results).toHaveLength(2 * arms.length)
  for (const { arm, runs } of results) {
    expect(runs).toHaveLength(arm.learning === null ? 1 : 2)
    for (const run of runs) expect([run.answers.length, run.rows > 0]).toEqual([1, arm.learning !== null])
  }
  const report = reportArms(results, { title: 'Test', command: 'test', yardsticks, seeds: 2 })
  expect(report.markdown).toContain('2 documents, 2 questions, 2 seeds')
  expect(report.markdown.split('\n').filter((line) => line.startsWith('| '))).toHaveLength(1 + arms.length)
  for (const svg of Object.values(report.pictures)) expect(findXmlFault(svg)).toBeNull()
})

test('a run that was stopped goes on where it was, and reports what there is', async () => {
  const some = { arms: arms.slice(0, 3), passages: passages.slice(0, 1), seeds: 1 }
  const all = { ...some, passages }
  const before = await linesOf(some)
  expect(collectResults(bench.ground, storeAt(), all)).toHaveLength(3)
  const after = await linesOf(all)
  expect(after[0]).toBe('3 of 6 results are there; going on')
  expect(after.slice(1).map((line) => line.includes('olm'))).toEqual([true, true, true])
  expect(before).toHaveLength(3)
  expect(await linesOf(all)).toEqual(['6 of 6 results are there; going on'])
})

test('the same run gives the same answers, the study read back from its store', async () => {
  const plan = { arms: arms.slice(2, 3), passages, seeds: 1 }
  await linesOf(plan)
  const once = collectResults(bench.ground, storeAt(), plan)
  const fresh = openResultStore<Run>(join(state, 'again.jsonl'))
  await runArms({ ...bench, written: openResultStore(join(state, 'written.jsonl')) }, fresh, plan, () => undefined)
  const again = collectResults(bench.ground, fresh, plan)
  expect(again.map(({ runs }) => runs.map(({ answers }) => answers))).toEqual(
    once.map(({ runs }) => runs.map(({ answers }) => answers)),
  )
  expect(again.map(({ runs }) => runs.map(({ studySeconds }) => studySeconds))).toEqual(
    once.map(({ runs }) => runs.map(({ studySeconds }) => studySeconds)),
  )
})

test("what an arm learns with the service's defaults is there for every other benchmark", async () => {
  const arm: Arm = { name: 'service', about: '', learning: SERVICE_LEARNING, asking: 'closed_book' }
  await linesOf({ arms: [arm], passages: passages.slice(0, 1), seeds: 1 })
  const [passage] = passages
  if (passage === undefined) throw new Error('no passage')
  const { entry } = await learnAsService({ ...bench, engine: withoutMeasuring(engine) }, passage, 1)
  expect(entry?.document).toBe('varn')
})

test('a training that diverges counts as wrong answers, not as an end of the run', async () => {
  const wild: Arm = {
    name: 'wild',
    about: '',
    learning: { ...ours, recipe: { ...recipe, learningRate: 1e30, epochs: 3, clipNorm: 0 } },
    asking: 'closed_book',
  }
  const plan = { arms: [wild], passages: passages.slice(0, 1), seeds: 1 }
  await linesOf(plan)
  const [result] = collectResults(bench.ground, storeAt(), plan)
  expect(result?.runs[0]?.failed).toMatch(/diverged/)
  expect(result?.runs[0]?.answers).toMatchObject([{ correct: false }])
})
