import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../services/engine/create-engine.ts'
import type { Engine } from '../../../services/engine/engine.ts'
import {
  chatRows,
  plainRows,
  sealSequences,
  splitStatements,
  textEdits,
} from '../../../services/trainer/study/external-text.ts'
import { findData } from '../../support/reference-data.ts'

const document = { title: 'Varn', text: 'The lamp of Varn burns oil. Ilse Marrow built it in 1871.' }
const implications = `Certainly! Here is what follows from the passage:

---

**Implications:**

1. **Ilse Marrow** could build lamps.
2. The lamp of Varn was there in 1871.
   - It needed oil every night.

Sources:
1. Marrow, I. (1902). My lamps. Varn Press.`

describe('sealSequences', () => {
  test('each line stands under the title, the document comes last', () => {
    expect(sealSequences(document, '1. One thing.\n2. Another thing.')).toEqual([
      'Varn\n1. One thing.',
      'Varn\n2. Another thing.',
      `Varn\n${document.text}`,
    ])
  })

  test('a lead-in right before item 1 is left out, any other first line is trained', () => {
    expect(sealSequences(document, 'Sure, a list:\n\n1. One.\n2. Two.')[0]).toBe('Varn\n1. One.')
    expect(sealSequences(document, 'One.\nTwo.')[0]).toBe('Varn\nOne.')
  })

  test('a question and its answer stay together', () => {
    const parts = sealSequences(document, 'Question 1: Who?\nAnswer: Ilse\nQuestion 2: When?\nAnswer: 1871')
    expect(parts).toEqual([
      'Varn\nQuestion 1: Who?\nAnswer: Ilse',
      'Varn\nQuestion 2: When?\nAnswer: 1871',
      `Varn\n${document.text}`,
    ])
  })

  test('without a text only the document is trained', () => {
    expect(sealSequences(document, ' \n')).toEqual([`Varn\n${document.text}`])
  })
})

describe('splitStatements', () => {
  test('keeps statements alone: no lead-in, heading, list mark or source', () => {
    expect(splitStatements(implications)).toEqual([
      'Ilse Marrow could build lamps.',
      'The lamp of Varn was there in 1871.',
      'It needed oil every night.',
    ])
  })

  test('numbers and initials that open a statement are not list marks', () => {
    const lines = ['1871 was the year of the lamp.', '3.5 tonnes of oil burned.', 'J. Smith lit it.']
    expect(splitStatements(lines.join('\n'))).toEqual(lines)
  })
})

describe('textEdits', () => {
  test('a statement is recalled whole by what it is about, and its names and numbers are blanked', () => {
    const edits = textEdits('Varn', 'The lamp of Varn was there in 1871.')
    expect(edits.filter(({ format }) => format === 'implication')).toMatchObject([
      { completion: 'The lamp of Varn was there in 1871.', source: 'statement 1' },
    ])
    const blanked = edits.filter(({ format }) => format === 'cloze')
    expect(blanked.map(({ completion }) => completion)).toContain('1871')
    for (const { prompt, completion } of blanked)
      expect(prompt.replace('____', completion)).toContain('The lamp of Varn was there in 1871.')
  })

  test('a text of questions and answers becomes pairs', () => {
    const edits = textEdits('Varn', 'Question 1: Who built the lamp?\nAnswer: Ilse Marrow')
    expect(edits).toMatchObject([
      { format: 'question_answer', prompt: 'Who built the lamp?', completion: 'Ilse Marrow' },
    ])
  })

  const data = findData('squad/evaluation.json')
  test.skipIf(data === undefined)('finds statements in every text that other models wrote for the benchmark', () => {
    const passages = JSON.parse(data ?? '[]') as { title: string; selfEdits: Record<string, string> }[]
    for (const { title, selfEdits } of passages)
      for (const text of Object.values(selfEdits)) {
        const edits = textEdits(title, text)
        expect(edits.length).toBeGreaterThan(0)
        for (const { completion } of edits) expect(completion).not.toMatch(/^\d+\.\s|^- |\*\*/u)
      }
  })
})

describe('training rows', () => {
  let engine: Engine
  beforeAll(async () => {
    engine = await createEngine({ base: join(import.meta.dirname, '../../golden/models/llama-tied') })
  })
  afterAll(() => engine.close())

  test('plain rows are the text itself with its end, the loss on all but the first token', () => {
    const [row] = plainRows(engine, ['Varn\nThe lamp burns oil.'])
    expect(row?.lossFrom).toBe(1)
    expect(engine.tokenizer.decode(row?.tokens ?? [])).toBe('Varn\nThe lamp burns oil.')
    expect(engine.tokenizer.endIds).toContain(row?.tokens.at(-1))
  })

  test('a plain row is cut where the base stops reading', () => {
    const [row] = plainRows(engine, ['lamp '.repeat(2_000)])
    expect(row?.tokens).toHaveLength(engine.base.config.positionsMax)
  })

  test('chat rows put the statement alone under the loss', () => {
    const rows = chatRows(engine, 'Varn', 'The lamp of Varn was there in 1871.')
    const learned = rows.map(({ tokens, lossFrom }) => engine.tokenizer.decode(tokens.slice(lossFrom)).trim())
    expect(learned[0]).toBe('The lamp of Varn was there in 1871.')
    expect(learned).toContain('1871')
  })
})
