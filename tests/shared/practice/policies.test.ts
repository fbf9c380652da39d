// Policies by number: which one writes, and the way back.
import { afterEach, beforeEach, expect, test } from 'vitest'
import { getModel } from '../../../shared/models/get-model.ts'
import { activatePolicy, findPolicy, listPolicies } from '../../../shared/practice/policies.ts'
import type { Policy } from '../../../shared/practice/practices.table.ts'
import { claimNext, postDocument, promoteClaim, startLoop, type TestLoop } from '../../support/loop.ts'
import { baseSha256, policyOf, practiseFor } from '../../support/practise-for.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
  for (const [parent, name] of ['Tower', 'Mill'].entries()) {
    const { document } = await postDocument(loop.database, name)
    await promoteClaim(loop.database, await claimNext(loop.database), parent, { [document.id]: 1 })
  }
})
afterEach(() => loop.end())

const practise = (policies: (Policy | null)[]) => practiseFor(loop.database, policies)

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
