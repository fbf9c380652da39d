import { describe, expect, it } from 'vitest'
import { planDocuments } from '../../../shared/fine-tuning/plan-documents.ts'
import { parseTrainingFile } from '../../../shared/fine-tuning/training-file.ts'

const text = 'The Lantern Bridge was built by Orla Venn in Tarsk.'
const document = { title: 'Lantern Bridge', text }
const chat = (...turns: [string, string, number?][]) => ({
  messages: turns.map(([role, content, weight]) => ({ role, content, ...(weight === undefined ? {} : { weight }) })),
})
const parse = (...lines: (object | string)[]) =>
  parseTrainingFile(
    Buffer.from(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')),
  )
const read = (...lines: (object | string)[]) => ({ filename: 'bridge.jsonl', ...parse(...lines) })

describe('a training file', () => {
  it('holds documents, chats and pairs; blank lines and a byte order mark are nothing', () => {
    const question = { question: 'Who built it?', answer: 'Orla Venn' }
    const file = parse(
      `\uFEFF${JSON.stringify({ ...document, questions: [question] })}\r`,
      '',
      chat(['system', 'Be brief.'], ['user', 'Who built it?'], ['assistant', 'Orla Venn']),
      { prompt: 'Where?', completion: 'In Tarsk' },
      '  ',
    )
    expect(file.documents).toEqual([{ ...document, questions: [question] }])
    expect(file.pairs).toEqual([
      { prompt: 'Who built it?', completion: 'Orla Venn' },
      { prompt: 'Where?', completion: 'In Tarsk' },
    ])
  })

  it('teaches every answer of a chat to the turn before it, but none of weight 0', () => {
    const turns = chat(
      ['user', 'One?'],
      ['assistant', '1', 0],
      ['user', 'Two?'],
      ['assistant', '2', 1],
      ['assistant', '3'],
    )
    expect(parse(turns).pairs).toEqual([{ prompt: 'Two?', completion: '2' }])
  })

  it.each([
    ['no JSON', '{"text": ', /line 2: is not JSON/],
    ['a list', [], /line 2: must be a JSON object/],
    ['something else', { question: 'Who?' }, /line 2: must have `messages`/],
    ['the turn of a tool', chat(['user', 'Who?'], ['tool', '{}']), /line 2: messages\.1\.role/],
    ['a chat without an answer', chat(['user', 'Who?'], ['user', 'Who?']), /line 2: holds no answer/],
    ['a blank answer', chat(['user', 'Who?'], ['assistant', ' ']), /line 2: .*blank/],
    ['too long an answer', { prompt: 'Who?', completion: 'x'.repeat(8_001) }, /line 2: .*over 8000 bytes/],
    ['a text that tells nothing', { title: 'T', text: 'Why?' }, /line 2: text holds no statement/],
    ['an unknown field', { ...document, model: 'other' }, /line 2: .*model/],
  ])('with %s is refused at its line', (_what, line, says) => {
    expect(() => parse(document, line)).toThrow(says)
  })

  it('that is empty or no UTF-8 is refused', () => {
    expect(() => parse('', ' ')).toThrow(/empty/)
    expect(() => parseTrainingFile(Buffer.from([0x7b, 0xff]))).toThrow(/UTF-8/)
  })
})

describe('its plan', () => {
  it('is a document for each document, and one for all chats, which are given to it as they are', () => {
    const pairs = [
      { prompt: 'Who built it?', completion: 'Venn' },
      { prompt: 'Where?', completion: 'Tarsk' },
    ]
    const plan = planDocuments('default', read(...pairs, document, { text }), undefined)
    expect(plan).toEqual([
      { ...document, model: 'default' },
      { text, title: 'bridge, document 2', model: 'default' },
      {
        model: 'default',
        title: 'bridge',
        text: 'Question: Who built it?\nThe answer: Venn\n\nQuestion: Where?\nThe answer: Tarsk',
        self_edits: pairs,
        study: 'given',
      },
    ])
  })

  it('is several documents where one cannot take all pairs', () => {
    const pairs = Array.from({ length: 1_001 }, (_, index) => ({ prompt: `What is ${index}?`, completion: 'A number' }))
    const plan = planDocuments('default', read(...pairs), undefined)
    expect(plan.map(({ title, self_edits: edits }) => [title, edits?.length])).toEqual([
      ['bridge, part 1', 1_000],
      ['bridge, part 2', 1],
    ])
    const long = Array.from({ length: 200 }, (_, index) => ({ prompt: `${index}?`, completion: 'long '.repeat(1_500) }))
    for (const { text } of planDocuments('default', read(...long), undefined))
      expect(Buffer.byteLength(text)).toBeLessThan(1_000_000)
  })

  it('is refused when it would be more updates than are queued at once', () => {
    expect(() => planDocuments('default', read(...new Array<object>(501).fill({ text })), undefined)).toThrow(
      /501 updates/,
    )
  })

  it('asks what the validation file holds, of chats alone', () => {
    const training = read({ prompt: 'Who?', completion: 'Venn' })
    const asked = read(chat(['user', 'Who was it?'], ['assistant', 'Orla Venn']))
    expect(planDocuments('default', training, asked)[0]?.questions).toEqual([
      { question: 'Who was it?', answer: 'Orla Venn' },
    ])
    expect(() => planDocuments('default', read(document), asked)).toThrow(/goes with chats/)
    expect(() => planDocuments('default', training, read(document))).toThrow(/holds documents/)
  })
})
