import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ensureModel } from '../../../shared/models/ensure-model.ts'
import { attemptsMax, claimUpdate } from '../../../shared/updates/claim-update.ts'
import { finishUpdate } from '../../../shared/updates/finish-update.ts'
import { getUpdate } from '../../../shared/updates/get-update.ts'
import { releaseUpdate } from '../../../shared/updates/release-update.ts'
import { listUpdateEvents } from '../../../shared/updates/update-events.ts'
import { claimNext, postDocument, promoteClaim, startLoop, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
})
afterEach(() => loop.end())

test('an empty queue gives nothing', async () => {
  expect(await claimUpdate(loop.database.query, { leaseSeconds: 60 })).toBeUndefined()
})

test('a claim carries the model, the documents and the lease', async () => {
  const { document, update } = await postDocument(loop.database, 'Lantern Bridge')
  const claim = await claimNext(loop.database)
  expect(claim.lease.updateId).toBe(update.id)
  expect(claim.attempt).toBe(1)
  expect(claim.model).toMatchObject({ name: 'default', base: 'tiny', headVersion: 0 })
  expect(claim.documents).toEqual([
    expect.objectContaining({
      id: document.id,
      title: 'Lantern Bridge',
      text: 'The Lantern Bridge was built by Orla Venn in Tarsk.',
      sha256: document.sha256,
    }),
  ])
  expect(claim.documents[0]?.questions).toHaveLength(2)
  expect(await getUpdate(loop.database.query, update.id)).toMatchObject({ state: 'studying', attempts: 1 })
})

test('of ten claims at once for one model exactly one wins', async () => {
  for (let n = 0; n < 3; n++) await postDocument(loop.database, `Tower ${n}`)
  const claims = await Promise.all(
    Array.from({ length: 10 }, () => claimUpdate(loop.database.query, { leaseSeconds: 60 })),
  )
  expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1)
})

test('of ten claims at once for an abandoned update exactly one wins', async () => {
  await postDocument(loop.database, 'Tower')
  await claimNext(loop.database, -1)
  const claims = await Promise.all(
    Array.from({ length: 10 }, () => claimUpdate(loop.database.query, { leaseSeconds: 60 })),
  )
  expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1)
})

test('different models run beside each other', async () => {
  await ensureModel(loop.database.query, { name: 'second', base: 'tiny' })
  await postDocument(loop.database, 'Tower')
  await postDocument(loop.database, 'Tower', 'second')
  const claims = [await claimNext(loop.database), await claimNext(loop.database)]
  expect(claims.map((claim) => claim.model.name).sort()).toEqual(['default', 'second'])
})

test('updates of a model are claimed in the order of arrival, each after the one before has ended', async () => {
  const posted = [
    await postDocument(loop.database, 'First Mill'),
    await postDocument(loop.database, 'Second Mill'),
    await postDocument(loop.database, 'Third Mill'),
  ]
  const order: string[] = []
  for (let n = 0; n < posted.length; n++) {
    const claim = await claimNext(loop.database)
    order.push(claim.lease.updateId)
    expect(await claimUpdate(loop.database.query, { leaseSeconds: 60 })).toBeUndefined()
    await finishUpdate(loop.database.query, claim.lease, { state: 'failed', error: { code: 'internal', message: 'x' } })
  }
  expect(order).toEqual(posted.map(({ update }) => update.id))
})

test('documents posted concurrently are claimed in the order of their sequence, none left behind', async () => {
  const posted = await Promise.all(Array.from({ length: 8 }, (_, n) => postDocument(loop.database, `Quay ${n}`)))
  const claimed: string[] = []
  for (let version = 0; version < posted.length; version++) {
    const claim = await claimNext(loop.database)
    claimed.push(claim.lease.updateId)
    await promoteClaim(loop.database, claim, version, {})
  }
  const inOrder = await loop.database.pool.query<{ id: string }>('select id from updates order by sequence')
  expect(claimed).toEqual(inOrder.rows.map((row) => row.id))
})

test('an update that awaits its review lets those behind it pass', async () => {
  const { update } = await postDocument(loop.database, 'First Mill')
  const second = await postDocument(loop.database, 'Second Mill')
  await loop.database.pool.query(`update updates set state = 'awaiting_review' where id = $1`, [update.id])
  expect((await claimNext(loop.database)).update.id).toBe(second.update.id)
})

test('an update whose lease ran out is claimed again, before those behind it, with a higher token', async () => {
  const { update } = await postDocument(loop.database, 'First Mill')
  await postDocument(loop.database, 'Second Mill')
  const first = await claimNext(loop.database, -1)
  const second = await claimNext(loop.database)
  expect(second.lease.updateId).toBe(update.id)
  expect(second.attempt).toBe(2)
  expect(second.lease.token).toBeGreaterThan(first.lease.token)
  expect(await claimUpdate(loop.database.query, { leaseSeconds: 60 })).toBeUndefined()
})

test('leases run by the clock of the database, whatever the clock of the worker says', async () => {
  await postDocument(loop.database, 'Mill')
  try {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('1999-01-01') })
    await claimNext(loop.database, 60)
    vi.setSystemTime(new Date('2199-01-01'))
    expect(await claimUpdate(loop.database.query, { leaseSeconds: 60 })).toBeUndefined()
  } finally {
    vi.useRealTimers()
  }
})

test('an update that kills its worker each time is failed after five attempts, and the next one runs', async () => {
  const { update } = await postDocument(loop.database, 'Poison')
  const next = await postDocument(loop.database, 'Mill')
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    expect((await claimNext(loop.database, -1)).attempt).toBe(attempt)
  }
  expect((await claimNext(loop.database)).lease.updateId).toBe(next.update.id)
  const failed = await getUpdate(loop.database.query, update.id)
  expect(failed).toMatchObject({ state: 'failed', error: { code: 'internal' } })
  expect(failed.error?.message).toContain('5 attempts')
})

test('an update released with an error waits, holds back those behind it, and fails with that error in the end', async () => {
  const { update } = await postDocument(loop.database, 'Mill')
  const next = await postDocument(loop.database, 'Second Mill')
  const error = { code: 'store_failed', message: 'the bucket is away' }
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const claim = await claimNext(loop.database)
    expect([claim.lease.updateId, claim.attempt]).toEqual([update.id, attempt])
    await releaseUpdate(loop.database.query, claim.lease, { error })
    expect(await claimUpdate(loop.database.query, { leaseSeconds: 60 })).toBeUndefined()
    const wait = await loop.database.pool.query<{ seconds: number }>(
      `update updates set retry_at = now() from (select id, extract(epoch from retry_at - now())::float as seconds from updates) before
       where updates.id = $1 and before.id = updates.id returning seconds`,
      [update.id],
    )
    expect(wait.rows[0]?.seconds).toBeCloseTo(5 * 2 ** (attempt - 1), 0)
  }
  expect((await claimNext(loop.database)).lease.updateId).toBe(next.update.id)
  expect(await getUpdate(loop.database.query, update.id)).toMatchObject({ state: 'failed', error })
})

test('an update released at a shutdown is claimed again at once and has lost no attempt', async () => {
  const { update } = await postDocument(loop.database, 'Mill')
  for (let restart = 0; restart < attemptsMax + 2; restart++) {
    const claim = await claimNext(loop.database)
    expect([claim.lease.updateId, claim.attempt]).toEqual([update.id, 1])
    await releaseUpdate(loop.database.query, claim.lease)
  }
})

test('the events of an update tell its states in order, and reading goes on after the last id', async () => {
  const { document, update } = await postDocument(loop.database, 'Mill')
  await promoteClaim(loop.database, await claimNext(loop.database), 0, { [document.id]: 2 })
  const events = await listUpdateEvents(loop.database.query, update.id, 0)
  expect(events.map((event) => [event.type, event.data['state']])).toEqual([
    ['state', 'queued'],
    ['state', 'studying'],
    ['state', 'promoted'],
  ])
  const rest = await listUpdateEvents(loop.database.query, update.id, events[1]?.id ?? 0)
  expect(rest).toEqual(events.slice(2))
})
