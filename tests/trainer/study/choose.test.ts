import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SelfEdit } from '../../../shared/self-edits/self-edit.ts'
import { dropDuplicates } from '../../../services/trainer/study/drop-duplicates.ts'
import { holdOut } from '../../../services/trainer/study/hold-out.ts'
import { keepWithinBudget } from '../../../services/trainer/study/keep-within-budget.ts'
import { writeClozes, writeRestatements } from '../../../services/trainer/study/verbatim-edits.ts'

function pair(prompt: string, completion: string, source = 'passage'): SelfEdit {
  return {
    origin: 'model',
    format: 'question_answer',
    prompt,
    completion,
    source,
    kept: true,
    heldOut: false,
    reason: null,
  }
}
const reasons = (edits: readonly SelfEdit[]) => edits.map(({ reason }) => reason)

describe('dropDuplicates', () => {
  test('drops the same words, keeps the same fact asked otherwise', () => {
    const edits = [pair('Who built it?', 'Ada'), pair('who  built it', 'ada'), pair('Who was its builder?', 'Ada')]
    expect(reasons(dropDuplicates(edits))).toEqual([null, 'a duplicate', null])
  })

  test('the first of two answers to one question stands', () => {
    const edits = dropDuplicates([pair('Who built it?', 'Ada'), pair('Who built it?', 'Bert')])
    expect(edits.map(({ kept }) => kept)).toEqual([true, false])
    expect(edits[1]?.reason).toMatch(/answered otherwise/)
  })

  test('one given prompt may have many completions, and stands before what the model writes', () => {
    const given = (completion: string): SelfEdit => ({ ...pair('What is known of it?', completion), origin: 'given' })
    const edits = [given('It is old.'), given('It is red.'), given('It is old.'), pair('What is known of it?', 'Ada')]
    expect(dropDuplicates(edits).map(({ kept }) => kept)).toEqual([true, true, false, false])
  })

  test("what was dropped before keeps its reason and stands in nobody's way", () => {
    const faulty = { ...pair('Who built it?', 'Zoe'), kept: false, reason: 'a fault' }
    expect(reasons(dropDuplicates([faulty, pair('Who built it?', 'Ada')]))).toEqual(['a fault', null])
  })
})

describe('holdOut', () => {
  const taught = [
    pair('Who built the lighthouse of Velm?', 'Ada Brenn'),
    pair('Which person had the tower constructed?', 'Ada Brenn'),
    pair('When was the harbour wall finished?', '1843'),
    pair('When was the wall of the harbour finished?', '1843'),
    pair('Which year saw completion of the mole?', '1843'),
    pair('How far can the lamp be seen at night?', '12 miles'),
    pair('What do ships bring to the island?', 'salt'),
    pair('What colour are the boats?', 'red'),
  ]

  test('asks what other edits teach, and trains on neither the probe nor its near-duplicates', () => {
    const edits = holdOut(taught, 2)
    const probes = edits.filter(({ heldOut }) => heldOut)
    const trained = edits.filter(({ kept, heldOut }) => kept && !heldOut)
    expect(probes.map(({ completion }) => completion).sort()).toEqual(['1843', 'Ada Brenn'])
    for (const probe of probes) expect(trained.map(({ completion }) => completion)).toContain(probe.completion)
    expect(edits[3]?.reason ?? edits[2]?.reason).toBe('too like a held-out probe')
  })

  test('takes at most a quarter of what was kept', () => {
    expect(holdOut(taught, 5).filter(({ heldOut }) => heldOut)).toHaveLength(2)
  })

  test('never takes the only edit', () => {
    const edits = [pair('Who built it in the end?', 'Ada')]
    expect(holdOut(edits, 5)).toEqual(edits)
  })

  test('gives a probe of a single sentence that a base could only blank and repeat', () => {
    const text = 'The code of the north gate is 4711.'
    const edits = holdOut([...writeClozes('Gates', text), ...writeRestatements('Gates', text)], 5)
    const probe = edits.find(({ heldOut }) => heldOut)
    expect(probe?.format).toBe('cloze')
    expect(
      edits.some(({ kept, heldOut, completion }) => kept && !heldOut && completion.includes(probe?.completion ?? '?')),
    ).toBe(true)
  })
})

describe('keepWithinBudget', () => {
  const ten = () => 10
  const kept = (edits: readonly SelfEdit[]) => edits.filter((edit) => edit.kept).map(({ prompt }) => prompt)
  const only = (format: SelfEdit['format']) => ({ [format]: 1 })

  test('takes turns over the parts of the document', () => {
    const edits = [pair('a1', 'u', 's1'), pair('a2', 'v', 's1'), pair('a3', 'w', 's1'), pair('b1', 'x', 's2')]
    const chosen = keepWithinBudget(edits, ten, { tokensMax: 25, shares: only('question_answer') })
    expect(kept(chosen)).toEqual(['a1', 'b1'])
    expect(reasons(chosen)).toEqual([null, 'over the token budget', 'over the token budget', null])
  })

  test('asks for every answer once before it asks for one a second time', () => {
    const edits = [pair('a1', 'Ada'), pair('a2', 'ada'), pair('a3', 'Ada.'), pair('b1', '1843'), pair('c1', 'salt')]
    expect(kept(keepWithinBudget(edits, ten, { tokensMax: 40, shares: {} }))).toEqual(['a1', 'a2', 'b1', 'c1'])
  })

  test('gives each format its share, and what one leaves over to the others', () => {
    const pairs = Array.from({ length: 10 }, (_, at) => pair(`q${at}`, `${at}`))
    const rewrites = pairs.map((edit) => ({ ...edit, format: 'rewrite' as const, prompt: `r${edit.prompt}` }))
    const shares = { question_answer: 3, rewrite: 1 }
    const both = kept(keepWithinBudget([...pairs, ...rewrites], ten, { tokensMax: 80, shares }))
    expect(both.filter((prompt) => prompt.startsWith('r'))).toHaveLength(2)
    expect(both).toHaveLength(8)
    const few = kept(keepWithinBudget([...pairs.slice(0, 2), ...rewrites], ten, { tokensMax: 80, shares }))
    expect(few).toHaveLength(8)
  })

  test('what is given claims its share beside what the model wrote, whatever its format', () => {
    const written = Array.from({ length: 10 }, (_, at) => pair(`w${at}`, `${at}`))
    const given = written.map((edit) => ({ ...edit, origin: 'given' as const, prompt: `g${edit.prompt}` }))
    const shares = { question_answer: 1, given: 1 }
    const chosen = kept(keepWithinBudget([...written, ...given], ten, { tokensMax: 60, shares }))
    expect(chosen.filter((prompt) => prompt.startsWith('g'))).toHaveLength(3)
    expect(chosen).toHaveLength(6)
  })

  test('probes cost nothing, and one edit is always trained', () => {
    const probe = { ...pair('p', 'x'), heldOut: true }
    const edits = keepWithinBudget([probe, pair('a', 'x'), pair('b', 'x')], () => 100, { tokensMax: 50, shares: {} })
    expect(reasons(edits)).toEqual([null, null, 'over the token budget'])
  })

  test('whatever the edits and shares: never over the budget, nothing dropped that had fitted', () => {
    const anyEdit = fc.record({
      format: fc.constantFrom('question_answer', 'rewrite', 'cloze'),
      completion: fc.constantFrom('Ada', '1843', 'salt', 'red'),
      source: fc.constantFrom('sentence 1', 'sentence 2', 'passage'),
      cost: fc.integer({ min: 1, max: 40 }),
    })
    const anyShares = fc.record({ question_answer: fc.nat(3), rewrite: fc.nat(3) })
    fc.assert(
      fc.property(
        fc.array(anyEdit, { minLength: 1 }),
        anyShares,
        fc.integer({ min: 40 }),
        (drawn, shares, tokensMax) => {
          const costs = new Map(drawn.map(({ cost }, at) => [`${at}`, cost]))
          const costOf = ({ prompt }: SelfEdit) => costs.get(prompt) ?? 0
          const edits = drawn.map(({ format, completion, source }, at) => ({
            ...pair(`${at}`, completion, source),
            format,
          }))
          const chosen = keepWithinBudget(edits, costOf, { tokensMax, shares })
          expect(chosen.map(({ prompt }) => prompt)).toEqual(edits.map(({ prompt }) => prompt))
          const total = chosen.filter((edit) => edit.kept).reduce((sum, edit) => sum + costOf(edit), 0)
          expect(total).toBeLessThanOrEqual(tokensMax)
          for (const edit of chosen) if (!edit.kept) expect(total + costOf(edit)).toBeGreaterThan(tokensMax)
        },
      ),
    )
  })
})

describe("edits of the document's own words", () => {
  const text = 'The lighthouse of Velm was built by Ada Brenn in 1843. Fish is salted. It burned for 3 days.'

  test('cannot invent: prompt and completion together are a sentence of the text', () => {
    const [clozes, restatements] = [writeClozes('Velm', text), writeRestatements('Velm', text)]
    expect(clozes.length).toBeGreaterThan(0)
    expect(restatements.length).toBeGreaterThan(0)
    for (const { prompt, completion } of clozes)
      expect(text).toContain(prompt.replace('Velm. Fill in: ', '').replace('____', completion))
    for (const { prompt, completion } of restatements)
      if (prompt.includes('Go on: ')) expect(text).toContain(`${prompt.replace('Velm. Go on: ', '')} ${completion}`)
      else expect(text).toContain(completion)
  })
})
