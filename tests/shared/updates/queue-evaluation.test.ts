import { afterEach, beforeEach, expect, test } from 'vitest'
import { changeSettings } from '../../../shared/models/change-settings.ts'
import { finishUpdate } from '../../../shared/updates/finish-update.ts'
import { listUpdates } from '../../../shared/updates/get-update.ts'
import { queueDueEvaluation, queueEvaluation } from '../../../shared/updates/queue-evaluation.ts'
import { claimNext, postDocument, promoteClaim, startLoop, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
  const { document } = await postDocument(loop.database, 'Mill')
  await promoteClaim(loop.database, await claimNext(loop.database), 0, { [document.id]: 2 })
})
afterEach(() => loop.end())

const setHours = (hours: number | null) => changeSettings(loop.database.query, 'default', { reevaluate_hours: hours })
const queueDue = () => queueDueEvaluation(loop.database.query)
/** As if so many hours had passed since. */
const passHours = (hours: number) =>
  loop.database.pool.query(`update updates set finished_at = finished_at - make_interval(hours => ${hours})`)
const evaluations = async () => {
  const { data } = await listUpdates(loop.database.query, { limit: 100 })
  return data.filter(({ kind }) => kind === 'evaluate').map(({ state }) => state)
}

test('a head is due when its last measurement is older than the settings allow, and never without them', async () => {
  await passHours(3)
  expect(await queueDue()).toBeUndefined()
  await setHours(4)
  expect(await queueDue()).toBeUndefined()
  await passHours(2)
  expect(await queueDue()).toMatchObject({ kind: 'evaluate', model: 'default', state: 'queued' })
  expect(await evaluations()).toEqual(['queued'])
})

test('however many workers look at once, one evaluation is queued', async () => {
  await setHours(1)
  await passHours(2)
  const queued = await Promise.all(Array.from({ length: 8 }, queueDue))
  expect(queued.filter((update) => update !== undefined)).toHaveLength(1)
  expect(await queueDue()).toBeUndefined()
  expect(await evaluations()).toEqual(['queued'])
})

test('an evaluation that failed is not tried again before the hours are over', async () => {
  await setHours(1)
  await passHours(2)
  await queueDue()
  const { lease } = await claimNext(loop.database)
  await finishUpdate(loop.database.query, lease, { state: 'failed', error: { code: 'internal', message: 'broke' } })
  expect(await queueDue()).toBeUndefined()
  await passHours(2)
  expect(await queueDue()).toBeDefined()
})

test('a model that has work to do, or was taught nothing, is not due', async () => {
  await setHours(1)
  await passHours(2)
  await postDocument(loop.database, 'Tower')
  expect(await queueDue()).toBeUndefined()
  await loop.database.pool.query('update models set head_version = 0')
  await finishUpdate(loop.database.query, (await claimNext(loop.database)).lease, { state: 'cancelled' })
  await passHours(2)
  expect(await queueDue()).toBeUndefined()
})

test('one evaluation waits at a time', async () => {
  const { id } = await queueEvaluation(loop.database.query, 'default')
  await expect(queueEvaluation(loop.database.query, 'default')).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(id) as unknown,
  })
})
