import { afterEach, beforeEach, expect, test } from 'vitest'
import { moveAlias } from '../../../shared/aliases/move-alias.ts'
import { listAudit } from '../../../shared/audit/audit.ts'
import { changeSettings } from '../../../shared/models/change-settings.ts'
import { getVersion, listVersions } from '../../../shared/versions/get-version.ts'
import { pinVersion, pruneVersions } from '../../../shared/versions/prune-versions.ts'
import { rollback } from '../../../shared/versions/rollback.ts'
import { claimNext, postDocument, promoteClaim, startLoop, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
beforeEach(async () => {
  loop = await startLoop()
})
afterEach(() => loop.end())

async function makeVersions(count: number): Promise<void> {
  const { data } = await listVersions(loop.database.query, 'default', { limit: 100 })
  for (let head = data[0]?.version ?? 0, last = head + count; head < last; head++) {
    const { document } = await postDocument(loop.database, `Tower ${head}`)
    await promoteClaim(loop.database, await claimNext(loop.database), head, { [document.id]: 1 })
  }
}

async function listKept(): Promise<number[]> {
  const { data } = await listVersions(loop.database.query, 'default', { limit: 100 })
  return data.filter((version) => version.deleted_at === null).map(({ version }) => version)
}

test('keeps what is relied on and the newest, and says why; a dry run deletes nothing', async () => {
  const db = loop.database.query
  await makeVersions(9)
  await pinVersion(db, 'default', 2, true)
  await moveAlias(db, { model: 'default', name: 'stable', version: 4, seen: undefined })
  await rollback(db, 'default', 6)
  const planned = await pruneVersions(db, 'default', { keep: 2 }, true)
  expect(planned.deleted).toEqual([1, 3, 7])
  expect(planned.kept.map(({ version, reason }) => `${version} ${reason}`)).toEqual([
    ...['0 base', '2 pinned', '4 alias', '5 parent_of_head', '6 head', '8 newest', '9 newest'],
  ])
  expect(await listKept()).toHaveLength(10)
  expect(await pruneVersions(db, 'default', { keep: 2 }, false)).toEqual({ ...planned, dry_run: false })
  expect(await listKept()).toEqual([9, 8, 6, 5, 4, 2, 0])
})

test('a deleted version cannot become the head, take an alias or be pinned; its history stays', async () => {
  const db = loop.database.query
  await makeVersions(4)
  await pruneVersions(db, 'default', { versions: [1] }, false)
  await expect(rollback(db, 'default', 1)).rejects.toMatchObject({ code: 'not_found' })
  await expect(moveAlias(db, { model: 'default', name: 'old', version: 1, seen: undefined })).rejects.toMatchObject({
    code: 'not_found',
  })
  await expect(pinVersion(db, 'default', 1, true)).rejects.toMatchObject({ code: 'not_found' })
  expect(await getVersion(db, 'default', 1)).toMatchObject({ number: 1, verdict: { action: 'promote' } })
})

test('refuses to delete by name what is relied on, and then deletes nothing', async () => {
  await makeVersions(4)
  const db = loop.database.query
  await expect(pruneVersions(db, 'default', { versions: [1, 4] }, false)).rejects.toThrow(
    'version 4 of default is kept: head',
  )
  await expect(pruneVersions(db, 'default', { versions: [1, 99] }, false)).rejects.toMatchObject({ code: 'not_found' })
  expect(await listKept()).toEqual([4, 3, 2, 1, 0])
})

test('a model that keeps two versions has them, its head and its parent after each promotion', async () => {
  const db = loop.database.query
  await makeVersions(2)
  await changeSettings(db, 'default', { keep_versions: 2 }, () => undefined)
  await makeVersions(4)
  expect(await listKept()).toEqual([6, 5, 0])
  const { data } = await listAudit(db, { model: 'default', limit: 100 })
  const deleted = data.filter(({ action }) => action === 'versions.deleted')
  expect(deleted.map(({ input }) => input['versions'])).toEqual([[4], [3], [2], [1]])
})
