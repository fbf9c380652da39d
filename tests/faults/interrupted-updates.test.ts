// What is promised when processes die: an update goes on by itself after its trainer or the database was killed, is
// applied exactly once, and questions are answered meanwhile. Real processes under the real supervisor, real signals.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServiceProcess } from '../../infra/local/service-process.ts'
import { followUpdate } from '../support/client.ts'
import { longDocument } from '../support/long-document.ts'
import { repository, serviceMains } from '../support/service.ts'
import {
  blockPromotions,
  countAdapters,
  expectAppliedOnce,
  getTrainer,
  keepAsking,
  kill,
  openScene,
  stateOf,
  until,
  untilWorking,
  type Scene,
} from './scene.ts'

/** Restarted trainers load TensorFlow and wait for the dead one's lease; the machine may be busy with other tests. */
const patient = 180_000

let scene: Scene
beforeAll(async () => {
  scene = await openScene()
}, patient)
afterAll(() => scene.end())

async function post(name: string): Promise<string> {
  return (await scene.client.postDocument(longDocument(name))).update_id
}

describe('a killed trainer', () => {
  test.each(['studying', 'training', 'evaluating'] as const)(
    'while %s: another takes the update up, it is applied once, and every question is answered',
    { timeout: patient },
    async (phase) => {
      const trainer = await getTrainer(scene)
      const asking = keepAsking(scene.client, `Who built the mill 3 of Harn ${phase}?`)
      const update = await post(`Harn ${phase}`)
      await untilWorking(scene, update, phase)
      await kill(trainer)
      const killedAt = Date.now()
      expect(await stateOf(scene, update)).toBe(phase)

      expect(await followUpdate(scene.client, update)).toMatchObject({ state: 'promoted', attempts: 2, error: null })
      const version = await expectAppliedOnce(scene, update)
      await until('the new version answers', async () => asking.asked.at(-1)?.version === version)
      const asked = await asking.stop()
      expect(asked.filter(({ failure }) => failure !== undefined)).toEqual([])
      expect(new Set(asked.map((answer) => answer.version))).toEqual(new Set([version - 1, version]))
      expect(asked.filter(({ at, version: by }) => at > killedAt && by === version - 1)).not.toEqual([])
      expect(await getTrainer(scene)).not.toBe(trainer)
    },
  )

  test(
    'after its adapter was stored, in the middle of the promotion: nothing of it shows, and it is promoted once',
    { timeout: patient },
    async () => {
      const trainer = await getTrainer(scene)
      const [{ head } = { head: -1 }] = await scene.query<{ head: number }>('select head_version as head from models')
      const adapters = await countAdapters(scene)
      const promotions = await blockPromotions(scene)
      const update = await post('Harn promoting')
      await promotions.untilReached()
      expect(await countAdapters(scene)).toBe(adapters + 1)
      await kill(trainer)
      await promotions.letPass()
      expect(await scene.client.getModel('default')).toMatchObject({ head_version: head })

      expect(await followUpdate(scene.client, update)).toMatchObject({ state: 'promoted', attempts: 2 })
      expect(await expectAppliedOnce(scene, update)).toBe(head + 1)
    },
  )

  test('goes on with the self-edits that were stored before it died', async () => {
    const resumed = await scene.query<{ title: string; resumed: boolean[] }>(
      `select d.title, array_agg((e.data->>'resumed')::boolean order by e.id) as resumed
       from update_events e join updates u on u.id = e.update_id join documents d on d.id = u.document_ids[1]
       where e.type = 'self_edits' group by d.title`,
    )
    expect(Object.fromEntries(resumed.map((row) => [row.title, row.resumed]))).toEqual({
      'Harn studying': [false],
      'Harn training': [false, true],
      'Harn evaluating': [false, true],
      'Harn promoting': [false, true],
    })
  })
})

describe('a frozen trainer', () => {
  test(
    'that wakes after its lease ran out and another finished the update is refused',
    { timeout: patient },
    async () => {
      const frozen = await getTrainer(scene)
      const update = await post('Harn frozen')
      await untilWorking(scene, update, 'training')
      await freezeBetweenTransactions(frozen)
      expect(['training', 'evaluating']).toContain(await stateOf(scene, update))

      const log = { write: () => undefined, lastLines: () => [] }
      const { environment } = scene.service
      const second = await startServiceProcess({ main: serviceMains.trainer, repository, env: environment, log })
      try {
        expect(await followUpdate(scene.client, update)).toMatchObject({ state: 'promoted', attempts: 2 })
        process.kill(frozen, 'SIGCONT')
        await until('the woken trainer gives up', async () =>
          (await scene.service.readLog('trainer')).includes('update taken over by another worker'),
        )
        await expectAppliedOnce(scene, update)
        const last = await scene.query('select data from update_events where update_id = $1 order by id desc limit 1', [
          update,
        ])
        expect(last).toMatchObject([{ data: { state: 'promoted' } }])
      } finally {
        process.kill(frozen, 'SIGCONT')
        await second.stop()
      }
      expect(await getTrainer(scene)).toBe(frozen)
    },
  )

  /** Inside one it would hold the update's row until the server's time limit, a minute later. */
  async function freezeBetweenTransactions(pid: number): Promise<void> {
    await until('the trainer stands still outside of a transaction', async () => {
      process.kill(pid, 'SIGSTOP')
      const busy = await scene.query(
        `select from pg_stat_activity where backend_type = 'client backend' and state <> 'idle' and pid <> pg_backend_pid()`,
      )
      if (busy.length > 0) process.kill(pid, 'SIGCONT')
      return busy.length === 0
    })
  }
})

describe('a killed database', () => {
  test(
    'during training: the same trainer goes on, and questions fail as unavailable only while it is down',
    { timeout: patient },
    async () => {
      const trainer = await getTrainer(scene)
      const asking = keepAsking(scene.client, 'Who built the mill 3 of Harn outage?')
      const update = await post('Harn outage')
      await untilWorking(scene, update, 'training')
      await killPostgres()
      const killedAt = Date.now()
      await untilEnded(update)

      expect(await scene.client.getUpdate(update)).toMatchObject({ state: 'promoted', error: null })
      const version = await expectAppliedOnce(scene, update)
      await until('the new version answers', async () => asking.asked.at(-1)?.version === version)
      const asked = await asking.stop()
      const failures = asked.filter(({ failure }) => failure !== undefined)
      expect(failures.filter(({ status }) => status !== 503)).toEqual([])
      const backAt = asked.find(({ at, failure }) => at > (failures.at(0)?.at ?? killedAt) && failure === undefined)?.at
      expect(failures.filter(({ at }) => at < killedAt - 1000 || at > (backAt ?? 0))).toEqual([])
      expect(await getTrainer(scene)).toBe(trainer)
    },
  )

  test('in the middle of the promotion: it is made again, and once', { timeout: patient }, async () => {
    const [{ head } = { head: -1 }] = await scene.query<{ head: number }>('select head_version as head from models')
    const promotions = await blockPromotions(scene)
    const update = await post('Harn recovered')
    await promotions.untilReached()
    await killPostgres()
    await untilEnded(update)
    expect(await scene.client.getUpdate(update)).toMatchObject({ state: 'promoted', error: null })
    expect(await expectAppliedOnce(scene, update)).toBe(head + 1)
    await promotions.letPass().catch(() => undefined) // its connection died with the server
  })

  async function killPostgres(): Promise<void> {
    const postmaster = await scene.service.findProcess('postgres')
    if (postmaster === undefined) throw new Error('Postgres is not running')
    await kill(postmaster)
  }

  /** Calls fail while the database is down. */
  async function untilEnded(update: string): Promise<void> {
    await until(`update ${update} has ended`, async () => {
      const { finished_at } = await scene.client.getUpdate(update).catch(() => ({ finished_at: null }))
      return finished_at !== null
    })
  }
})

test('in the end every version stands on the one before, and the service stops cleanly', async () => {
  const { data } = await scene.client.listVersions('default')
  expect(data.map(({ version, parent }) => [version, parent])).toEqual(
    data.map((_, index) => [data.length - 1 - index, index === data.length - 1 ? null : data.length - 2 - index]),
  )
  expect(await scene.service.stop()).toBe(0)
})
