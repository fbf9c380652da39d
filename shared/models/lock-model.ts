import { eq, type SQL } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { noModel } from './get-model.ts'
import { toModel, type Model } from './model.ts'
import { models } from './models.table.ts'

/**
 * Locks a model's row until the transaction ends, and returns it as it is now. Whoever queues an update, promotes or
 * rolls back holds it: so `sequence` numbers of a model become visible in their order, and its head moves one at a time.
 * Undefined when there is no such model.
 */
export async function lockModel(tx: Db, { id }: { id: string }): Promise<Model | undefined> {
  return await lock(tx, eq(models.id, id))
}

/** The same for the model that a caller names. Throws `not_found`. */
export async function lockModelNamed(tx: Db, name: string): Promise<Model> {
  const model = await lock(tx, eq(models.name, name))
  if (model === undefined) throw noModel(name)
  return model
}

async function lock(tx: Db, which: SQL): Promise<Model | undefined> {
  const [row] = await tx.select().from(models).where(which).for('no key update')
  return row === undefined ? undefined : toModel(row)
}
