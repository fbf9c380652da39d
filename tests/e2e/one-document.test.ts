// One document, learned end to end by the real base: what the README shows, kept true. The walk through six files that
// opens the README is what happens between the POST and the promotion.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { grade } from '../../services/monitor/grade.ts'
import { readInvented } from '../data/invented.ts'
import { hasRealBase } from '../engine/real-base.ts'
import { followUpdate } from '../support/client.ts'
import { repository, startTestService, type TestService } from '../support/service.ts'

const hasStudyAdapter = existsSync(join(repository, 'infra/local/study-adapter/adapter_config.json'))
const why = !hasRealBase
  ? ' (skipped: "npm run setup" gets the base)'
  : hasStudyAdapter
    ? ''
    : ' (without study adapter)'

describe.skipIf(!hasRealBase)(`one document, learned by the embedded base${why}`, () => {
  const [document] = readInvented()
  if (document === undefined) throw new Error('tests/data/invented.json is empty')
  const { title, text, questions } = document

  let service: TestService
  beforeAll(async () => {
    service = await startTestService()
  }, 120_000)
  afterAll(() => service.remove())

  test(
    'becomes a version that answers its questions from the weights, as the base could not',
    { timeout: 480_000 },
    async () => {
      const { client } = service
      const posted = await client.postDocument({ title, text, questions })
      expect(posted).toMatchObject({ object: 'document', model: 'default', title, state: 'queued' })

      const fractions: number[] = []
      const update = await followUpdate(client, posted.update_id, ({ progress }) => fractions.push(progress.fraction))
      expect(update).toMatchObject({ state: 'promoted', version: 1, attempts: 1, error: null, retained: null })
      expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
      const events = await client.readEvents(update.id)
      const states = events.filter(({ type }) => type === 'state').map(({ data }) => data['state'])
      expect(states).toEqual(['queued', 'studying', 'training', 'evaluating', 'promoted'])
      expect(update.trained_tokens).toBeGreaterThan(1000)

      // By its own measure it knows more than the base did.
      const learned = update.learned ?? { before: -1, after: -1, total: -1 }
      expect(learned.total).toBe(questions.length)
      expect(learned.after).toBeGreaterThan(learned.before)
      expect(learned.after).toBeGreaterThanOrEqual(2)

      // And it says so when it is asked: the head from its weights, version 0 from the base's.
      const asked = await Promise.all(
        questions.map(async ({ question, answer }) => {
          const [head, base] = await Promise.all([client.ask(question), client.ask(question, { model: 'default@v0' })])
          expect(head).toMatchObject({ model: 'default@v1', version: 1 })
          expect(base).toMatchObject({ model: 'default@v0', version: 0, documents: [] })
          return {
            head: grade(question, answer, head.answer),
            base: grade(question, answer, base.answer),
            routed: head.documents.some(({ id }) => id === posted.id),
          }
        }),
      )
      expect(asked.map(({ routed }) => routed)).toEqual(questions.map(() => true))
      expect(asked.filter(({ head, base }) => head && !base).length).toBeGreaterThanOrEqual(2)
      expect(asked.filter(({ base }) => base).length).toBeLessThanOrEqual(1)

      // The books agree with what was seen.
      const retention = await client.getRetention('default')
      expect(retention).toMatchObject({
        head: 1,
        versions: [0, 1],
        documents: [{ id: posted.id, title, version: 1 }],
        matrix: [
          [{ correct: learned.before, total: learned.total }],
          [{ correct: learned.after, total: learned.total }],
        ],
      })
      expect(retention.matrix[1]?.[0]?.logprob).toBeGreaterThan(retention.matrix[0]?.[0]?.logprob ?? 0)
      const versions = await client.listVersions('default')
      expect(versions.data).toMatchObject([
        {
          version: 1,
          parent: 0,
          update_id: update.id,
          verdict: { action: 'promote' },
          manifest: { adapters: [{ document: posted.id, scale: 1 }] },
        },
        { version: 0, parent: null, manifest: null },
      ])
    },
  )

  test("a question about something else is the base's to answer", async () => {
    const question = 'What is the capital of France?'
    const head = await service.client.ask(question)
    const base = await service.client.ask(question, { model: 'default@v0' })
    expect(head).toMatchObject({ version: 1, documents: [], answer: base.answer })
  })

  test('the same text again is the same document, and nothing is learned twice', async () => {
    const again = await service.client.postDocument({ title, text, questions })
    expect(again.state).toBe('promoted')
    expect((await service.client.getModel('default')).head_version).toBe(1)
  })
})
