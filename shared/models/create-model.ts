// Makes a model with settings of its own, on the base that this service runs.
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { newId } from '../ids.ts'
import { promotions, versions } from '../versions/versions.table.ts'
import { getModel } from './get-model.ts'
import type { Model } from './model.ts'
import { models } from './models.table.ts'
import type { ModelSettings } from './settings.ts'

export interface CreateModelInput {
  name: string
  base: string
  settings: ModelSettings
}

/** With its version 0, the untouched base. Throws `conflict` when the name is taken. */
export async function createModel(db: Db, input: CreateModelInput): Promise<Model> {
  return await db.transaction(async (tx) => {
    if (!(await insertModel(tx, input)))
      throw new AppError('conflict', `there is a model '${input.name}' already; PATCH changes its settings`, {
        field: 'name',
      })
    return await getModel(tx, input.name)
  })
}

/** The row, its version 0 and that version's promotion: a model is there once all three are. False: the name is taken. */
export async function insertModel(tx: Db, { name, base, settings }: CreateModelInput): Promise<boolean> {
  const [created] = await tx
    .insert(models)
    .values({ id: newId('mod'), name, base, settings })
    .onConflictDoNothing({ target: models.name })
    .returning({ id: models.id })
  if (created === undefined) return false
  await tx.insert(versions).values({ modelId: created.id, number: 0 })
  await tx.insert(promotions).values({ modelId: created.id, version: 0, reason: 'created' })
  return true
}
