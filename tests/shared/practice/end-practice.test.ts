// What others hear of a practice: its own events, with the practice in them, and a line in the audit log for each policy.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listAudit } from '../../../shared/audit/audit.ts'
import { getModel } from '../../../shared/models/get-model.ts'
import { getPractice } from '../../../shared/practice/get-practice.ts'
import type { Practice } from '../../../shared/practice/practice.ts'
import { queuePractice } from '../../../shared/practice/queue-practice.ts'
import type { RoundResult } from '../../../shared/practice/round.ts'
import { findPolicy } from '../../../shared/practice/policies.ts'
import { beginRound, endRound } from '../../../shared/practice/rounds.ts'
import { cancelUpdate } from '../../../shared/updates/cancel-update.ts'
import { endUpdate, finishUpdate } from '../../../shared/updates/finish-update.ts'
import { withLease, type Lease } from '../../../shared/updates/lease.ts'
import { claimDeliveries } from '../../../shared/webhooks/claim-deliveries.ts'
import { createWebhook } from '../../../shared/webhooks/webhooks.ts'
import { claimNext, postDocument, promoteClaim, startLoop, verdict, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
  for (const [parent, name] of ['Tower', 'Mill'].entries()) {
    const { document } = await postDocument(loop.database, name)
    await promoteClaim(loop.database, await claimNext(loop.database), parent, { [document.id]: 1 })
  }
  await createWebhook(loop.database.query, { url: 'https://example.com/hooks' }, { allowPrivate: false })
})
afterEach(() => loop.end())

const input = {
  rounds: 1,
  candidates: 2,
  reward: 'likelihood',
  strategies: false,
  temperature: 0.9,
  top_p: 0.95,
} as const
const result: RoundResult = {
  ...{ strategy: 'default', reward: { kept: 1.4, all: 0.9 }, reliability: 0.8, keptShare: 1, rows: 61, verdict },
  ...{ accuracy: { before: 1, after: 2, total: 2 }, perMinute: { strategies: null, samples: 0.02 } },
  seconds: { writing: 310 },
}
const policy = { key: `adapters/${'c'.repeat(64)}.safetensors`, sha256: 'c'.repeat(64), baseSha256: 'b'.repeat(64) }

async function practise(): Promise<{ practice: Practice; lease: Lease }> {
  const practice = await queuePractice(loop.database.query, 'default', input)
  return { practice, lease: (await claimNext(loop.database)).lease }
}

async function hear() {
  const options = { limit: 9, limitPerWebhook: 9, leaseSeconds: 60, underWay: new Map<string, number>() }
  return (await claimDeliveries(loop.database.query, options)).map(({ event }) => event)
}

test('a practice that made a policy ends as practice.promoted, and the log says which policy', async () => {
  const { query } = loop.database
  const { practice, lease } = await practise()
  await beginRound(query, lease, practice.id, 1)
  await endRound(query, lease, { practiceId: practice.id, number: 1, result, policy })
  await withLease(query, lease, (tx, update) => endUpdate(tx, update, { state: 'promoted' }))
  const ended = await getPractice(query, practice.id)
  expect(ended).toMatchObject({ state: 'promoted', rounds: [{ state: 'promoted', policy: policy.sha256 }] })
  expect(await hear()).toMatchObject([{ type: 'practice.promoted', payload: ended }])
  const { data } = await listAudit(query, { model: 'default', limit: 1 })
  expect(data).toMatchObject([
    { action: 'policy.promoted', key: null, update_id: lease.updateId, input: { sha256: policy.sha256, round: 1 } },
  ])
})

test.each(['rejected', 'failed', 'cancelled'] as const)(
  'one that is %s makes no policy, and says so as itself',
  async (state) => {
    const { query } = loop.database
    const { practice, lease } = await practise()
    await beginRound(query, lease, practice.id, 1)
    await endRound(query, lease, { practiceId: practice.id, number: 1, result, policy: null })
    await finishUpdate(query, lease, { state })
    const heard = (await hear()).map(({ type, payload }) => [type, payload['id'], payload['state']])
    // Who cancelled it knows.
    expect(heard).toEqual(state === 'cancelled' ? [] : [[`practice.${state}`, practice.id, state]])
    const { data } = await listAudit(query, { model: 'default', limit: 9 })
    expect(data.map(({ action }) => action)).not.toContain('policy.promoted')
  },
)

test('a policy whose practice shall be cancelled is not promoted', async () => {
  const { query } = loop.database
  const { practice, lease } = await practise()
  await beginRound(query, lease, practice.id, 1)
  await cancelUpdate(query, practice.update_id)
  await expect(endRound(query, lease, { practiceId: practice.id, number: 1, result, policy })).rejects.toMatchObject({
    code: 'cancelled',
  })
  expect(await getPractice(query, practice.id)).toMatchObject({ rounds: [{ state: 'running', policy: null }] })
  const { id } = await getModel(query, 'default')
  expect(await findPolicy(query, id, policy.baseSha256)).toBeUndefined()
})
