import { sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { toModel, type Model } from './model.ts'
import { models } from './models.table.ts'

/**
 * Locks a model's row until the transaction ends, and returns it as it is now. Whoever queues an update, promotes or
 * rolls back holds it: so `sequence` numbers of a model become visible in their order, and its head moves one at a time.
 * Undefined when there is no such model.
 */
export async function lockModel(tx: Db, by: { name: string } | { id: string }): Promise<Model | undefined> {
  const condition = 'name' in by ? sql`${models.name} = ${by.name}` : sql`${models.id} = ${by.id}`
  const [row] = await tx.select().from(models).where(condition).for('no key update')
  return row === undefined ? undefined : toModel(row)
}
