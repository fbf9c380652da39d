// A routed model of two documents on a tiny random base, whose adapters were trained by other tests' means: what is held
// to account here is the counting.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { putAdapter } from '../../../shared/registry/adapters.ts'
import { encodeAdapter, readPeftFolder } from '../../../services/engine/adapter/peft.ts'
import { createEngine } from '../../../services/engine/create-engine.ts'
import type { Engine } from '../../../services/engine/engine.ts'
import { findXmlFault } from '../../support/find-xml-fault.ts'
import { benchOn } from '../learning/bench.ts'
import { openLineage } from '../learning/lineage.ts'
import { scaleFigures } from './figures.ts'
import { measureCosts, measureSet } from './measure-set.ts'
import { reportScale } from './report.ts'

const tiny = join(import.meta.dirname, '../../golden/models/llama-tied')
let engine: Engine
let state: string
beforeAll(async () => {
  engine = await createEngine({ base: tiny })
  state = mkdtempSync(join(tmpdir(), 'palimpsest-scale-'))
})
afterAll(() => {
  engine.close()
  rmSync(state, { recursive: true })
})

test('each question is counted where its route led, and the costs are those of the stored adapters', async () => {
  const bench = openLineage(benchOn(engine, null, { state, fresh: false }), { state, fresh: false })
  const bytes = encodeAdapter(readPeftFolder(join(tiny, 'adapter'), engine.base.config), engine.base)
  const stored = await putAdapter(bench.objects, bytes)
  const documentOf = (id: string, title: string, text: string, question: string) => ({
    passage: {
      id,
      title,
      text,
      questions: [
        { question, answer: 'Ilse Marrow' },
        { question: 'Zzyzx?', answer: 'oil' },
      ],
    },
    entry: { ...stored, document: id, scale: 1 },
    questions: [],
  })
  const documents = [
    documentOf('varn', 'Varn', 'Ilse Marrow built the lamp of Varn.', 'Who built the lamp of Varn?'),
    documentOf('olm', 'Olm', 'The bridge of Olm has 14 arches.', 'How many arches has the bridge of Olm?'),
  ]
  const scales = await measureSet(bench, documents)
  expect(scales.map(({ id, total, toOwn, toOther, toBase }) => [id, total, toOwn, toOther, toBase])).toEqual([
    ['varn', 2, 1, 0, 1],
    ['olm', 2, 1, 0, 1],
  ])
  const costs = await measureCosts(bench, documents)
  expect(costs.bytes).toBe(2 * bytes.byteLength)
  expect(costs.queryMs).toMatchObject({ queries: 4 })
  expect(costs.queryMs.p95).toBeGreaterThanOrEqual(costs.queryMs.p50)
  const { markdown, pictures } = reportScale([{ size: 2, documents: scales, costs }], [], { command: 'test' })
  expect(markdown).toContain('2 documents, 4 questions')
  for (const svg of Object.values(pictures)) expect(findXmlFault(svg)).toBeNull()
})

test('what is kept is the share of what the own adapters add to the base', () => {
  const document = { total: 10, base: 1, own: 9, routed: 5, openBook: 4, toOwn: 8, toOther: 1, toBase: 1 }
  const figures = scaleFigures(2, [
    { ...document, id: 'a' },
    { ...document, id: 'b', routed: 7 },
  ])
  expect(figures).toMatchObject({ questions: 20, own: { value: 0.9 }, routed: { value: 0.6 }, toOther: { value: 0.1 } })
  expect(figures.kept.value).toBeCloseTo((0.6 - 0.1) / (0.9 - 0.1), 10)
  expect(scaleFigures(1, [{ ...document, id: 'c', own: 1 }]).kept.value).toBeNull()
})
