// What is missing before documents can be taken and questions answered. The migrations are compared with the journal
// of this checkout: an API in front of older tables would fail request by request instead.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { isDatabaseDown, type Database } from '../../shared/database/database.ts'
import type { ApiDeps } from './deps.ts'

export interface Missing {
  part: 'database' | 'migrations' | 'model' | 'inference'
  detail: string
}

const journalSchema = z.object({ entries: z.array(z.object({ tag: z.string(), when: z.number() })) })
const journal = journalSchema.parse(
  JSON.parse(readFileSync(new URL('../../migrations/meta/_journal.json', import.meta.url), 'utf8')),
)

/** Empty when the service is ready. Asks database and inference at the same time. */
export async function findMissing({
  database,
  inference,
}: Pick<ApiDeps, 'database' | 'inference'>): Promise<Missing[]> {
  const [ofDatabase, trouble] = await Promise.all([findDatabaseMissing(database), inference.findTrouble()])
  const ofInference: Missing[] = trouble === undefined ? [] : [{ part: 'inference', detail: trouble }]
  return [...ofDatabase, ...ofInference]
}

async function findDatabaseMissing(database: Database): Promise<Missing[]> {
  try {
    const applied = await findLastMigration(database)
    const last = journal.entries.at(-1)
    if (last !== undefined && (applied === undefined || applied < last.when)) {
      return [{ part: 'migrations', detail: `${last.tag} is not applied` }]
    }
    const { rowCount } = await database.pool.query('select 1 from models limit 1')
    return rowCount === 0 ? [{ part: 'model', detail: 'the model `default` is not made yet' }] : []
  } catch (error) {
    if (isDatabaseDown(error)) return [{ part: 'database', detail: 'it does not answer' }]
    throw error
  }
}

/** Milliseconds, as drizzle writes them beside each applied file; undefined before the first. */
async function findLastMigration(database: Database): Promise<number | undefined> {
  const table = await database.pool.query<{ name: string | null }>(
    `select to_regclass('drizzle.__drizzle_migrations')::text as name`,
  )
  if (typeof table.rows[0]?.name !== 'string') return undefined
  const last = await database.pool.query<{ when: string | null }>(
    'select max(created_at)::text as when from drizzle.__drizzle_migrations',
  )
  const when = last.rows[0]?.when
  return typeof when === 'string' ? Number(when) : undefined
}
