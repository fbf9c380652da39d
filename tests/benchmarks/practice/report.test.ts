import { expect, test } from 'vitest'
import { findXmlFault } from '../../support/find-xml-fault.ts'
import { reportPractice, type PractisedRound } from './report.ts'

const answersOf = (documentId: string, right: number) => ({
  documentId,
  logprob: -1,
  answers: [0, 1].map((at) => {
    return { probeId: `${documentId}/${at}`, answer: '', correct: at < right, logprob: -1 }
  }),
})

const round: PractisedRound = {
  number: 1,
  before: 'first',
  trained: { key: 'adapters/abc.safetensors', sha256: 'abc' },
  policy: null,
  result: {
    ...{ strategy: 'default', reward: { kept: 0.5, all: 0.25 }, reliability: 0.8, keptShare: 1, rows: 12 },
    ...{ accuracy: { before: 1, after: 3, total: 4 }, verdict: null, perMinute: { strategies: null, samples: 0.1 } },
    seconds: { writing: 60, training: 120 },
  },
}
const options = { command: 'npm run bench:practice', revision: 'abc123', documents: 3, heldOut: 2 }

test('a round is a row: what was kept, what it was worth, and the held-out accuracy before and after', () => {
  const examined = new Map([
    ['first', [answersOf('a', 1), answersOf('b', 0)]],
    ['abc', [answersOf('a', 2), answersOf('b', 1)]],
  ])
  const { markdown, pictures } = reportPractice([round], examined, options)
  expect(markdown).toMatch(/\| 1 +\| default \| 1\.000 \| \.500 \| \.250 \| \.800 \| 12 \| \.250 \[/)
  expect(markdown).toMatch(/\| \.750 \[.*\| - \| - \| \.100 \| 3 \|/)
  expect(findXmlFault(pictures['practice.svg'] ?? '')).toBeNull()
  expect(pictures['practice.svg']).toContain('after round 1')
})

test('a round that trained nothing has no accuracy', () => {
  const { markdown } = reportPractice([{ ...round, trained: null }], new Map(), options)
  expect(markdown).toMatch(/\| 12 \| - \| - \|/)
})
