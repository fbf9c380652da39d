import { afterEach, beforeEach, expect, test } from 'vitest'
import { beginIdempotent, dropIdempotent, endIdempotent } from '../../../shared/idempotency/idempotency.ts'
import { startLoop, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
})
afterEach(() => loop.end())

const response = { status: 202, headers: { location: '/v1/updates/upd_1' }, body: { id: 'doc_1' } }
const begin = (key: string, hash = 'a'): ReturnType<typeof beginIdempotent> =>
  beginIdempotent(loop.database.query, key, hash)

test('of ten requests with one key at once one runs, the others hear that it is in flight', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => begin('key')))
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'conflict' })
  }
})

test('the same request again gets the stored answer, another request with the key is refused', async () => {
  await begin('key')
  await endIdempotent(loop.database.query, 'key', response)
  expect(await begin('key')).toEqual(response)
  await expect(begin('key', 'b')).rejects.toMatchObject({ code: 'idempotency_mismatch', status: 422 })
  expect(await begin('other key', 'b')).toBeUndefined()
})

test('a key is free again when its request failed, when its process died a minute ago, and after a day', async () => {
  await begin('failed')
  await dropIdempotent(loop.database.query, 'failed')
  expect(await begin('failed')).toBeUndefined()

  await begin('died')
  await loop.database.pool.query(`update idempotency_keys set created_at = now() - interval '61 seconds'`)
  expect(await begin('died')).toBeUndefined()

  await begin('old')
  await endIdempotent(loop.database.query, 'old', response)
  await loop.database.pool.query(`update idempotency_keys set created_at = now() - interval '25 hours'`)
  expect(await begin('old', 'b')).toBeUndefined()
  const left = await loop.database.pool.query('select key from idempotency_keys')
  expect(left.rows).toEqual([{ key: 'old' }])
})

test('an answer that was stored cannot be dropped', async () => {
  await begin('key')
  await endIdempotent(loop.database.query, 'key', response)
  await dropIdempotent(loop.database.query, 'key')
  expect(await begin('key')).toEqual(response)
})
