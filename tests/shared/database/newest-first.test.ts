// The first page of all documents, and of all updates, of a service that has many: read from the end of an index, not sorted.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { listDocuments } from '../../../shared/documents/get-document.ts'
import { listUpdates } from '../../../shared/updates/get-update.ts'
import { postDocument, startLoop, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
beforeAll(async () => {
  loop = await startLoop()
  await postDocument(loop.database, 'Tower')
  for (const table of ['documents', 'updates']) await multiply(table)
})
afterAll(() => loop.end())

/** 5,000 rows like the first, with ids and texts of their own, all of which have ended. */
async function multiply(table: string): Promise<void> {
  const { rows } = await loop.database.pool.query<{ name: string }>(
    `select column_name as name from information_schema.columns
     where table_schema = 'public' and table_name = $1 and is_identity = 'NO' and is_generated = 'NEVER'`,
    [table],
  )
  const own: Record<string, string> = {
    ...{ id: "'copy_' || n", document_ids: "array['copy_' || n]" },
    ...{ sha256: 'md5(n::text)', finished_at: 'now()' },
  }
  const names = rows.map(({ name }) => `"${name}"`).join()
  const values = rows.map(({ name }) => own[name] ?? `"${name}"`).join()
  await loop.database.pool.query(
    `insert into ${table} (${names}) select ${values} from ${table}, generate_series(1, 5000) n`,
  )
  await loop.database.pool.query(`analyze ${table}`)
}

test.each([
  ['documents', 'documents_newest', () => listDocuments(loop.database.query, { limit: 20 })],
  ['updates', 'updates_newest', () => listUpdates(loop.database.query, { limit: 20 })],
])('a page of %s reads %s', async (_, index, list) => {
  const spy = vi.spyOn(loop.database.pool, 'query')
  expect((await list()).data).toHaveLength(20)
  const [statement, parameters] = spy.mock.calls.at(-1) as unknown as [{ text: string }, unknown[]]
  spy.mockRestore()
  const { rows } = await loop.database.pool.query<Record<string, string>>(`explain ${statement.text}`, parameters)
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toContain(`Index Scan Backward using ${index}`)
  expect(plan).not.toContain('Sort')
})
