// Policies by number: which one writes, and the way back.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { getModel } from '../../../shared/models/get-model.ts'
import { activatePolicy, findPolicy, listPolicies } from '../../../shared/practice/policies.ts'
import type { Policy } from '../../../shared/practice/practices.table.ts'
import { queuePractice } from '../../../shared/practice/queue-practice.ts'
import type { RoundResult } from '../../../shared/practice/round.ts'
import { beginRound, endRound } from '../../../shared/practice/rounds.ts'
import { claimNext, postDocument, promoteClaim, startLoop, verdict, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
  for (const [parent, name] of ['Tower', 'Mill'].entries()) {
    const { document } = await postDocument(loop.database, name)
    await promoteClaim(loop.database, await claimNext(loop.database), parent, { [document.id]: 1 })
  }
})
afterEach(() => loop.end())

const baseSha256 = 'b'.repeat(64)
const result: RoundResult = {
  ...{ strategy: 'default', reward: { kept: 1.4, all: 0.9 }, reliability: 0.8, keptShare: 1, rows: 61, verdict },
  ...{ accuracy: { before: 1, after: 2, total: 2 }, perMinute: { strategies: null, samples: 0.02 } },
  seconds: { writing: 310 },
}
const policyOf = (letter: string, base = baseSha256): Policy => ({
  key: `adapters/${letter.repeat(64)}.safetensors`,
  sha256: letter.repeat(64),
  baseSha256: base,
})

/** A practice with a round for each of these; null for one that was rejected. */
async function practise(
  policies: (Policy | null)[],
): Promise<{ id: string; end: (policy: Policy | null) => Promise<void> }> {
  const { query } = loop.database
  const settings = { candidates: 2, reward: 'likelihood', strategies: false, temperature: 0.9, top_p: 0.95 } as const
  const { id } = await queuePractice(query, 'default', { ...settings, rounds: policies.length + 1 })
  const { lease } = await claimNext(loop.database)
  let number = 0
  const end = async (policy: Policy | null): Promise<void> => {
    number += 1
    await beginRound(query, lease, id, number)
    await endRound(query, lease, { practiceId: id, number, result, policy })
  }
  for (const policy of policies) await end(policy)
  return { id, end }
}

const active = async (base = baseSha256) => {
  const { query } = loop.database
  return (await findPolicy(query, (await getModel(query, 'default')).id, base))?.sha256
}
const numbers = async () =>
  (await listPolicies(loop.database.query, 'default')).map((one) => `${one.policy}${one.active ? '*' : ''}`)

test('each round that is promoted gives the next number, and the newest writes', async () => {
  expect(await numbers()).toEqual(['0*'])
  const { id } = await practise([policyOf('c'), null, policyOf('d')])
  expect(await numbers()).toEqual(['2*', '1', '0'])
  expect(await listPolicies(loop.database.query, 'default')).toMatchObject([
    { object: 'policy', model: 'default', practice_id: id, round: 3, sha256: 'd'.repeat(64) },
    { practice_id: id, round: 1, sha256: 'c'.repeat(64) },
    { practice_id: null, round: null, sha256: null },
  ])
  expect(await active()).toBe('d'.repeat(64))
})

test('an older one writes again after a rollback, 0 being what came with the base, and the way forward is the same', async () => {
  const { query } = loop.database
  await practise([policyOf('c'), policyOf('d')])
  expect(await activatePolicy(query, 'default', 1)).toMatchObject({ policy: 1, active: true, round: 1 })
  expect([await active(), await numbers()]).toEqual(['c'.repeat(64), ['2', '1*', '0']])
  await activatePolicy(query, 'default', 0)
  expect([await active(), await numbers()]).toEqual([undefined, ['2', '1', '0*']])
  await activatePolicy(query, 'default', 2)
  expect(await active()).toBe('d'.repeat(64))
})

test('the next promotion after a rollback takes a number of its own', async () => {
  const { query } = loop.database
  const { end } = await practise([policyOf('c'), policyOf('d')])
  await activatePolicy(query, 'default', 0)
  await end(policyOf('e'))
  expect([await active(), await numbers()]).toEqual(['e'.repeat(64), ['3*', '2', '1', '0']])
})

test('a policy of another base writes nothing: the newest before it that fits does', async () => {
  await practise([policyOf('c'), policyOf('d', 'a'.repeat(64))])
  expect(await active()).toBe('c'.repeat(64))
  expect(await active('a'.repeat(64))).toBe('d'.repeat(64))
  expect(await active('f'.repeat(64))).toBeUndefined()
})

test('a number that no policy has is not found, and changes nothing', async () => {
  const { query } = loop.database
  await practise([policyOf('c')])
  await expect(activatePolicy(query, 'default', 2)).rejects.toMatchObject({ code: 'not_found' })
  await expect(activatePolicy(query, 'nobody', 0)).rejects.toMatchObject({ code: 'not_found' })
  expect(await numbers()).toEqual(['1*', '0'])
})
