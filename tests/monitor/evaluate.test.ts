import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readPeftFolder } from '../../services/engine/adapter/peft.ts'
import type { Adapter } from '../../services/engine/adapter/adapter.ts'
import { ask } from '../../services/engine/ask.ts'
import { createEngine } from '../../services/engine/create-engine.ts'
import type { Engine } from '../../services/engine/engine.ts'
import type { AnswerJudge } from '../../services/monitor/answer-judge.ts'
import { collectEvidence, measure, pairAnswers } from '../../services/monitor/compare.ts'
import { evaluate } from '../../services/monitor/evaluate.ts'
import type { Probe } from '../../shared/probes/probe.ts'
import { closedBookMessages } from '../../shared/prompts.ts'

const tinyBase = resolve(import.meta.dirname, '../golden/models/llama-tied')

let engine: Engine
let adapter: Adapter
beforeAll(async () => {
  engine = await createEngine({ base: tinyBase })
  adapter = readPeftFolder(join(tinyBase, 'adapter'), engine.base.config)
})
afterAll(() => engine.close())

function probe(documentId: string, number: number, answer = 'the harbour'): Probe {
  const id = `prb_${documentId}_${number}`
  return { id, documentId, question: `Where is boat ${number} of ${documentId}?`, answer, source: 'caller' }
}

const probes = [probe('a', 1), probe('b', 1, 'at sea'), probe('a', 2), probe('b', 2, 'in the dock')]

describe('an evaluation', () => {
  test('is complete, by document, and the same every time', async () => {
    const first = await evaluate(engine, { probes, adapterFor: () => adapter })
    expect(first.map(({ documentId, answers }) => [documentId, answers.map(({ probeId }) => probeId)])).toEqual([
      ['a', ['prb_a_1', 'prb_a_2']],
      ['b', ['prb_b_1', 'prb_b_2']],
    ])
    for (const { logprob, answers } of first)
      expect(logprob).toBeCloseTo(answers.reduce((sum, answer) => sum + answer.logprob, 0) / answers.length, 10)
    expect(await evaluate(engine, { probes, adapterFor: () => adapter })).toEqual(first)
  })

  test('asks each probe of the adapter that is given for it', async () => {
    const mixed = await evaluate(engine, {
      probes,
      adapterFor: ({ documentId }) => (documentId === 'a' ? adapter : null),
    })
    const [base, adapted] = await Promise.all(
      [null, adapter].map((only) => evaluate(engine, { probes, adapterFor: () => only })),
    )
    expect(mixed[0]?.answers.map(({ answer }) => answer)).toEqual(adapted?.[0]?.answers.map(({ answer }) => answer))
    expect(mixed[1]?.answers.map(({ answer }) => answer)).toEqual(base?.[1]?.answers.map(({ answer }) => answer))
    expect(mixed[0]?.logprob).toBeCloseTo(adapted?.[0]?.logprob ?? NaN, 4)
    expect(mixed[0]?.logprob).not.toBeCloseTo(base?.[0]?.logprob ?? NaN, 2)
  })

  test('counts as right what the model says', async () => {
    // Noise seldom holds a word; of twenty answers some do.
    const asked = Array.from({ length: 20 }, (_, index) => probe('a', index))
    const rows = asked.map(({ question }) => ({ messages: closedBookMessages(question), adapter }))
    const said = await ask(engine, rows, { tokensMax: 40 })
    const known = asked
      .map((each, index) => ({ ...each, answer: said[index]?.text ?? '' }))
      .filter(({ answer }) => /[a-z]{3}/i.test(answer))
    expect(known.length).toBeGreaterThan(0)
    const [evaluation] = await evaluate(engine, { probes: known, adapterFor: () => adapter })
    expect(evaluation?.answers).toMatchObject(known.map(({ answer }) => ({ answer, correct: true })))
  })

  test('reports its progress to the end', async () => {
    const reports: [number, number][] = []
    const many = Array.from({ length: 40 }, (_, index) => probe('a', index))
    await evaluate(engine, {
      probes: many,
      adapterFor: () => null,
      onProgress: (...report) => void reports.push(report),
    })
    expect(reports).toEqual([
      [32, 40],
      [40, 40],
    ])
  })

  test('that is cut short gives no numbers', async () => {
    const stop = AbortSignal.abort(new Error('shutting down'))
    await expect(evaluate(engine, { probes, adapterFor: () => null, signal: stop })).rejects.toThrow('shutting down')
  })

  test('has long golds graded by the judge, when there is one', async () => {
    const judge: AnswerJudge = { name: 'judge:m', isRight: async ({ answer }) => answer.length > 0 }
    const asked = Array.from({ length: 8 }, (_, index) => probe('a', index, 'in the old harbour of the town'))
    const [row, other] = await evaluate(engine, { probes: [...asked, probe('b', 1)], adapterFor: () => adapter, judge })
    // The tiny base has nothing to say to some.
    const spoken = row?.answers.filter(({ answer }) => answer !== '') ?? []
    expect(spoken.length).toBeGreaterThan(0)
    for (const { gradedBy, correct } of spoken) expect([gradedBy, correct]).toEqual(['judge:m', true])
    expect(other?.answers.map(({ gradedBy }) => gradedBy)).toEqual(['words'])
  })

  test('of no probes is empty', async () => {
    expect(await evaluate(engine, { probes: [], adapterFor: () => null })).toEqual([])
  })
})

describe('two evaluations side by side', () => {
  const answer = (probeId: string, correct: boolean, logprob = -2) => ({ probeId, answer: probeId, correct, logprob })
  const before = [
    { documentId: 'a', logprob: -2, answers: [answer('prb_a_1', true, -1), answer('prb_a_2', true, -3)] },
    { documentId: 'b', logprob: -2, answers: [answer('prb_b_1', false)] },
  ]
  const after = [
    { documentId: 'b', logprob: -2, answers: [answer('prb_b_1', true), answer('prb_b_2', true)] },
    { documentId: 'a', logprob: -2, answers: [answer('prb_a_1', true), answer('prb_a_2', false, -8)] },
  ]

  test('pair by probe and leave out what only one was asked', () => {
    const pairs = pairAnswers(before, after)
    expect(pairs.map(({ probeId, before, after }) => [probeId, before.correct, after.correct])).toEqual([
      ['prb_b_1', false, true],
      ['prb_a_1', true, true],
      ['prb_a_2', true, false],
    ])
  })

  test('compare likelihoods alone where graders differ: a judge that was away is no knowledge lost, and hides none', () => {
    const by = (gradedBy: string, correct: boolean, logprob: number) => [
      { documentId: 'a', logprob, answers: [{ ...answer('prb_a_1', correct, logprob), gradedBy }] },
    ]
    const lost = (before: string, after: string) =>
      pairAnswers(by(before, true, -1), by(after, false, -6)).map((pair) => [
        pair.before.correct && !pair.after.correct,
        pair.before.logprob - pair.after.logprob,
      ])
    expect(lost('judge:m', 'words_judge_failed')).toEqual([[false, 5]])
    expect(lost('judge:m', 'judge:n')).toEqual([[false, 5]])
    expect(lost('judge:m', 'judge:m')).toEqual([[true, 5]])
    expect(lost('words', 'words_judge_failed')).toEqual([[true, 5]])
  })

  test('show as evidence what was lost, with both answers', () => {
    expect(collectEvidence(probes, pairAnswers(before, after))).toEqual([
      {
        document_id: 'a',
        probe_id: 'prb_a_2',
        question: 'Where is boat 2 of a?',
        gold: 'the harbour',
        before: { answer: 'prb_a_2', correct: true, logprob: -3 },
        after: { answer: 'prb_a_2', correct: false, logprob: -8 },
      },
    ])
  })

  test('are each measured over all answers', () => {
    expect(measure(before)).toEqual({ correct: 2, total: 3, logprob: -2 })
    expect(measure([])).toEqual({ correct: 0, total: 0, logprob: 0 })
  })
})
