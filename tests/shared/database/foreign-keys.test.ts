// Deleting a row looks for those that refer to it, and most lists are of what refers to one thing: both are a scan of the
// whole table where no index begins with the columns that refer.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../../shared/database/database.ts'
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts'

let created: TestDatabase
let database: Database
beforeAll(async () => {
  created = await createTestDatabase()
  database = openDatabase(created.url)
})
afterAll(async () => {
  await database.close()
  await created.drop()
})

test('every foreign key has an index that finds its rows', async () => {
  const { rows } = await database.pool.query<{ key: string; indexed: boolean }>(`
    select conname as key, exists (
      select from pg_index
      where indrelid = conrelid and indpred is null and (indkey::int2[])[0 : cardinality(conkey) - 1] @> conkey
    ) as indexed
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace order by conname`)
  expect(rows.length).toBeGreaterThan(20)
  expect(rows.flatMap(({ key, indexed }) => (indexed ? [] : key))).toEqual([])
})
