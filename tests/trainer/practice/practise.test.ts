// A practice on real parts: Postgres, a folder as the object store, the tiny base with a policy that can write.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getPractice } from '../../../shared/practice/get-practice.ts'
import type { PracticeInput } from '../../../shared/practice/practice.ts'
import { findPolicy } from '../../../shared/practice/policies.ts'
import { queuePractice } from '../../../shared/practice/queue-practice.ts'
import { getAdapter } from '../../../shared/registry/adapters.ts'
import { claimUpdate } from '../../../shared/updates/claim-update.ts'
import { listUpdateEvents } from '../../../shared/updates/update-events.ts'
import type { Engine } from '../../../services/engine/engine.ts'
import { workOn } from '../../../services/trainer/work-on.ts'
import { orlaDocument, teachTinyPolicy } from '../../support/tiny-policy.ts'
import { openScene, openTinyEngine, type Scene } from '../incorporate-scene.ts'

const patient = 240_000
const input: PracticeInput = {
  ...{ rounds: 2, candidates: 2, reward: 'likelihood', strategies: false },
  ...{ temperature: 0.05, top_p: 0.95 },
}

let engine: Engine
let scene: Scene
beforeAll(async () => {
  engine = await openTinyEngine()
  scene = await openScene(engine)
  scene.parts.studyAdapter = await teachTinyPolicy(engine)
  await scene.createModel('keen', { gate: { reject_on_regression: false } })
  for (const [name, colour] of [
    ['Harn', 'green'],
    ['Tarsk', 'red'],
    ['Vell', 'blue'],
  ] as const) {
    await scene.send('keen', orlaDocument(name, colour))
    await scene.work()
  }
}, patient)
afterAll(async () => {
  await scene.close()
  engine.close()
})

describe('a practice', () => {
  test('lets a document pass between two of its steps, and goes on where it was', { timeout: patient }, async () => {
    const { db } = scene.parts
    const { id } = await queuePractice(db, 'keen', input)
    await scene.send('keen', orlaDocument('Tyne', 'pink'))
    expect((await scene.work()).state).toBe('queued')
    const steps = await scene.database.pool.query('select name, created_at from practice_steps')
    expect(steps.rowCount).toBe(1)
    expect(await scene.work()).toMatchObject({ kind: 'incorporate', state: 'promoted' })

    const ended = await scene.work()
    expect(ended).toMatchObject({ kind: 'practice', version: null, attempts: 1 })
    const practice = await getPractice(db, id)
    expect(practice.state).toBe(ended.state)
    expect(practice.rounds.map(({ number }) => number)).toEqual([1, 2])
    for (const round of practice.rounds) {
      expect(round.kept_share).toBe(1)
      expect(round.rows).toBeGreaterThan(0)
      expect(round.accuracy?.total).toBe(2)
      expect(round.state).toBe(round.verdict?.action === 'promote' ? 'promoted' : 'rejected')
    }
    const first = await scene.database.pool.query('select created_at from practice_steps order by created_at limit 1')
    expect(first.rows).toEqual(steps.rows.map(({ created_at }: { created_at: Date }) => ({ created_at })))
  })

  test('tells of each document and round, and studies from then on by the policy that was promoted last, if one was', async () => {
    const { db, store } = scene.parts
    const practice = (await scene.database.pool.query<{ id: string; update_id: string }>('select * from practices'))
      .rows[0]
    const { rounds } = await getPractice(db, practice?.id ?? '')
    const events = await listUpdateEvents(db, practice?.update_id ?? '', 0)
    expect(events.filter(({ type }) => type === 'round').map(({ data }) => data['number'])).toEqual([1, 2])
    expect(events.filter(({ type }) => type === 'candidates')).toHaveLength(4)
    const promoted = rounds.findLast(({ policy }) => policy !== null)?.policy
    const policy = await findPolicy(db, (await modelOf('keen')) ?? '', engine.base.sha256)
    expect(policy?.sha256).toBe(promoted ?? undefined)
    if (policy) expect((await getAdapter(store, policy)).length).toBeGreaterThan(0)
    expect(await findPolicy(db, (await modelOf('keen')) ?? '', 'another base')).toBeUndefined()
  })

  test(
    'that is cancelled in a training stops with the signal and keeps what was written',
    { timeout: patient },
    async () => {
      const { db } = scene.parts
      const { id, update_id: updateId } = await queuePractice(db, 'keen', { ...input, candidates: 3 })
      const claim = await claimUpdate(db, { leaseSeconds: 60 })
      if (claim === undefined) throw new Error('nothing to claim')
      expect(claim.update.id).toBe(updateId)
      const stop = new AbortController()
      const trainTogether: Engine['trainTogether'] = async (...call) => {
        stop.abort(new Error('cancelled by request'))
        return await engine.trainTogether(...call)
      }
      const parts = { ...scene.parts, engine: { ...engine, trainTogether } }
      await expect(workOn(parts, claim, stop.signal)).rejects.toThrow('cancelled by request')
      const { rows } = await scene.database.pool.query<{ name: string }>(
        'select name from practice_steps where practice_id = $1 order by created_at',
        [id],
      )
      expect(rows.map(({ name }) => name.replace(/doc_\w+/, 'ID'))).toEqual([
        ...['round 1/ID/writing 0', 'round 1/ID/writing 1', 'round 1/ID/writing 2', 'base/ID'],
      ])
    },
  )
})

async function modelOf(name: string): Promise<string | undefined> {
  const found = await scene.database.pool.query<{ id: string }>('select id from models where name = $1', [name])
  return found.rows[0]?.id
}
