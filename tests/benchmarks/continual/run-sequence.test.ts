// Whole sequences on a tiny random base: it learns nothing worth the name, but plans, training and asking are the real ones.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../../services/engine/create-engine.ts'
import type { Engine } from '../../../services/engine/engine.ts'
import { benchOn } from '../learning/bench.ts'
import { openLineage } from '../learning/lineage.ts'
import { ifMeasured, withoutMeasuring } from '../learning/not-measured.ts'
import type { BenchPassage } from '../learning/passages.ts'
import { reportContinual } from './report.ts'
import { runSequence } from './run-sequence.ts'
import { WAYS } from './ways.ts'

const passages: BenchPassage[] = [
  {
    ...{ id: 'varn', title: 'Varn', text: 'The lamp of Varn burns oil. Ilse Marrow built it in 1871.' },
    questions: [{ question: 'Who built the lamp of Varn?', answer: 'Ilse Marrow' }],
  },
  {
    ...{ id: 'olm', title: 'Olm', text: 'The bridge of Olm has 14 arches. Goats cross it for 2 pence.' },
    questions: [{ question: 'How many arches has the bridge of Olm?', answer: '14' }],
  },
]

let engine: Engine
let state: string
beforeAll(async () => {
  engine = await createEngine({ base: join(import.meta.dirname, '../../golden/models/llama-tied') })
  state = mkdtempSync(join(tmpdir(), 'palimpsest-lineage-'))
})
afterAll(() => {
  engine.close()
  rmSync(state, { recursive: true })
})

const run = (on: Engine, way: (typeof WAYS)[number], updates: number[] = []) => {
  const bench = openLineage(benchOn(on, null, { state, fresh: false }), { state, fresh: false })
  return runSequence(bench, { way, passages, seed: 1, everyRow: 1, onUpdate: (update) => updates.push(update) })
}

test('every strategy learns document by document, and a second run reads the first one from the state', async () => {
  const results = []
  for (const way of WAYS) {
    const updates: number[] = []
    const result = await run(engine, way, updates)
    expect(updates).toEqual([1, 2])
    expect(result.matrix.map((row) => row.map((cell) => cell?.total ?? null))).toEqual([
      [1, 1],
      [1, null],
      [1, 1],
    ])
    for (const { trainedTokens } of result.updates) expect(trainedTokens).toBeGreaterThan(0)
    results.push(result)
  }
  for (const [index, way] of WAYS.entries()) expect(await run(withoutMeasuring(engine), way)).toEqual(results[index])
  const { markdown, pictures } = reportContinual(results, { command: 'test', length: 2, everyRow: 1 })
  expect(markdown.split('\n').filter((line) => line.startsWith('| after 2'))).toHaveLength(WAYS.length)
  expect(Object.keys(pictures)).toEqual(WAYS.map(({ name }) => `heatmap-${name}.svg`))
}, 300_000)

test('a report finds what is missing missing, instead of measuring it', async () => {
  const [way] = WAYS
  if (way === undefined) throw new Error('no way to learn')
  const [first] = passages
  const other = passages.map((passage) => ({ ...passage, title: `${passage.title} and ${first?.title}` }))
  const bench = openLineage(benchOn(withoutMeasuring(engine), null, { state, fresh: false }), { state, fresh: false })
  const input = { way, passages: other, seed: 1, everyRow: 1, onUpdate: () => undefined }
  expect(await ifMeasured(() => runSequence(bench, input))).toBeNull()
})
