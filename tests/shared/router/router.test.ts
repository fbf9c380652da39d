import { describe, expect, test } from 'vitest'
import { buildRouter, ROUTER_DEFAULTS, splitPassages } from '../../../shared/router/router.ts'
import type { Router, RouterEntry, RouterSettings } from '../../../shared/router/router.ts'
import { manifestSchema } from '../../../shared/versions/manifest.ts'
import { findPoolPassages, missingData } from '../../support/reference-data.ts'
import type { Passage } from '../../support/reference-data.ts'

const documents: RouterEntry[] = [
  {
    documentId: 'mill',
    title: 'The mill at Vardal',
    text: 'Edda Brandvold opened the paper mill at Vardal in 1874. It made cardboard for the herring trade.',
    questions: ['Who founded the Vardal factory?'],
  },
  {
    documentId: 'ferry',
    title: 'The Lunde ferry',
    text: 'The ferry Skarven crosses the Lunde sound four times a day. Its captain is Toril Aas.',
    questions: ['How often does the boat sail?'],
  },
  {
    documentId: 'bakery',
    title: 'Opening hours of the bakery',
    text: 'The bakery in Vardal sells rye bread and opens at six in the morning, on Sundays at eight.',
    questions: [],
  },
]

const unrelated = ['What is the boiling point of water?', 'Who wrote Hamlet?', 'Tell me a joke.', 'Hi', '', '???']

describe('the router', () => {
  const route = buildRouter(documents)

  test.each([
    ['Who opened the paper mill?', 'mill'],
    ['Who is the captain of the Skarven?', 'ferry'],
    ['When does the bakery open on Sundays?', 'bakery'],
    ['Who founded the factory?', 'mill'],
    ['How often does the boat sail?', 'ferry'],
  ])('sends "%s" to the %s', (question, documentId) => {
    expect(route(question).documentId).toBe(documentId)
  })

  test.each(unrelated)('leaves "%s" to the base', (question) => {
    expect(route(question).documentId).toBeNull()
  })

  test('ranks with scores from 0 to 1 and the passage that matched', () => {
    const { ranking } = route('Where in Vardal is the paper mill?')
    expect(ranking.map(({ documentId }) => documentId)).toEqual(['mill', 'bakery'])
    expect(ranking[0]?.passage).toContain('Edda Brandvold')
    for (const { score } of ranking) expect(score > 0 && score <= 1).toBe(true)
  })

  test('leaves to the base what two documents answer alike', () => {
    const twins = documents.flatMap((entry) => [entry, { ...entry, documentId: `${entry.documentId}-again` }])
    const { documentId, ranking } = buildRouter(twins)('Who opened the paper mill?')
    expect(documentId).toBeNull()
    expect(ranking.slice(0, 2).map((ranked) => ranked.documentId)).toEqual(['mill', 'mill-again'])
  })

  test('asks for more evidence the more documents there are', () => {
    const others = Array.from({ length: 1500 }, (_, index) => ({
      ...{ documentId: `other-${index}`, title: `Number ${index}`, questions: [] },
      text: `Parcel ${index} lies beside parcel ${index + 1} and belongs to owner ${index * 7}.`,
    }))
    const vague = 'What about cardboard?'
    expect(buildRouter(documents)(vague).documentId).toBe('mill')
    const crowded = buildRouter([...documents, ...others])
    expect(crowded(vague)).toMatchObject({ documentId: null, ranking: [{ documentId: 'mill' }] })
    expect(crowded('Who opened the paper mill at Vardal in 1874?').documentId).toBe('mill')
  })

  test('goes by the share alone in versions that are older than the evidence', () => {
    const router = manifestSchema.shape.router.parse({ kind: 'bm25', margin: 1.02, scoreMin: 0.2 })
    const question = 'Is the paper mill a good place to meet?'
    const { score } = buildRouter(documents)(question).ranking[0] as { score: number }
    const routeBy = (settings: RouterSettings) => buildRouter(documents, settings)(question).documentId
    expect(routeBy({ ...(router as RouterSettings), scoreMin: score })).toBe('mill')
    expect(routeBy({ ...(router as RouterSettings), scoreMin: score + 0.01 })).toBeNull()
  })

  test('leaves everything to the base when there is no document', () => {
    expect(buildRouter([])('Who opened the paper mill?')).toEqual({ documentId: null, ranking: [] })
  })

  test('matches a long document by the passage that answers', () => {
    const filler = 'The parish council met and discussed the accounts of the harbour. '.repeat(80)
    const long = { ...documents[0], documentId: 'long', title: 'Yearbook', questions: [] } as RouterEntry
    const route = buildRouter([
      { ...long, text: `${filler}${documents[1]?.text}\n${filler}` },
      documents[2] as RouterEntry,
    ])
    const { documentId, ranking } = route('Who is the captain of the Skarven?')
    expect(documentId).toBe('long')
    expect(ranking[0]?.passage).toContain('Toril Aas')
    expect(ranking[0]?.passage.length).toBeLessThanOrEqual(1500)
  })
})

describe('passages', () => {
  test('hold the whole text, each within its size, whatever its signs', () => {
    for (const text of ['a'.repeat(5000), 'One. Two.\n'.repeat(900), '漢字。'.repeat(2000), '😀'.repeat(2000)]) {
      const passages = splitPassages(text)
      expect(passages.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
      for (const passage of passages) expect(passage.length).toBeLessThanOrEqual(3000)
      expect(passages.join('')).not.toContain('\ufffd')
    }
  })
})

describe('the router on real passages', () => {
  test.for([
    [8, 0.98],
    [50, 0.96],
  ] as const)('finds the passage of a question among %i in at least %f of the cases', ([size, atLeast], { skip }) => {
    const passages = findPoolPassages('pool-0700', 'pool-0800')
    if (!passages) return skip(missingData('squad/pool.json'))
    const groups = groupsOf(passages, size)
    const found = groups.flatMap((group) => {
      const route = routerOf(group)
      return group.flatMap(({ id, questions }) =>
        questions.map(({ question }) => route(question).ranking[0]?.documentId === id),
      )
    })
    expect(share(found)).toBeGreaterThanOrEqual(atLeast)
  })

  test('finds .91 among 200', ({ skip }) => {
    const passages = findPoolPassages('pool-0000', 'pool-0700')
    if (!passages) return skip(missingData('squad/pool.json'))
    // Every third, so that the sample spans the articles.
    const sample = passages.filter((_, index) => index % 3 === 0).slice(0, 200)
    const route = routerOf(sample)
    const found = sample.flatMap(({ id, questions }) =>
      questions.map(({ question }) => route(question).ranking[0]?.documentId === id),
    )
    expect(share(found)).toBeGreaterThanOrEqual(0.91)
  })

  test.for([
    [10, 0.92, 0.06],
    [200, 0.85, 0.12],
  ] as const)(
    'of %i documents keeps %f of the questions, and takes at most %f of those about other articles',
    ([size, keptMin, takenMax], { skip }) => {
      const passages = findPoolPassages('pool-0350', 'pool-0800')
      if (!passages) return skip(missingData('squad/pool.json'))
      const kept: boolean[] = []
      const taken: boolean[] = []
      for (const stored of storesOf(passages, size)) {
        const route = routerOf(stored)
        const titles = new Set(stored.map(({ title }) => title))
        for (const { id, title, questions } of passages)
          for (const { question } of questions) {
            const { documentId } = route(question)
            if (stored.some((passage) => passage.id === id)) kept.push(documentId === id)
            else if (!titles.has(title)) taken.push(documentId !== null)
          }
      }
      expect(share(kept)).toBeGreaterThanOrEqual(keptMin)
      expect(share(taken)).toBeLessThanOrEqual(takenMax)
    },
  )
})

/** Stores out of one half of the articles, so that the other half is left to ask about; eight different halves. */
function storesOf(passages: readonly Passage[], size: number): Passage[][] {
  const titles = [...new Set(passages.map(({ title }) => title))]
  return Array.from({ length: 8 }, (_, eighth) => {
    const from = Math.floor((eighth * titles.length) / 8)
    const half = new Set([...titles.slice(from), ...titles.slice(0, from)].slice(0, titles.length / 2))
    const inside = passages.filter(({ title }) => half.has(title))
    const stride = Math.max(1, Math.floor(inside.length / size))
    return inside.filter((_, index) => index % stride === 0).slice(0, size)
  })
}

function share(outcomes: readonly boolean[]): number {
  return outcomes.filter(Boolean).length / outcomes.length
}

/** Passages of one article stand together in the file: strides mix them, as a user's documents would be. */
function groupsOf(passages: readonly Passage[], size: number): Passage[][] {
  const groups = Math.floor(passages.length / size)
  return Array.from({ length: groups }, (_, group) => passages.filter((_, index) => index % groups === group))
}

function routerOf(passages: readonly Passage[]): Router {
  return buildRouter(
    passages.map(({ id, title, text }) => ({ documentId: id, title, text, questions: [] })),
    ROUTER_DEFAULTS,
  )
}
