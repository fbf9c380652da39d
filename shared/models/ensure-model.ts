// A model is there once its row, its version 0 (the untouched base) and the promotion of that version are there.
import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { newId } from '../ids.ts'
import { promotions, versions } from '../versions/versions.table.ts'
import { getModel } from './get-model.ts'
import { modelSettingsSchema, type Model } from './model.ts'
import { models } from './models.table.ts'

export interface EnsureModelInput {
  name: string
  /** As `BASE_MODEL` names it. A model that has learned nothing yet takes the new one; any other keeps its own. */
  base: string
}

/** Makes the model unless it is there; safe to call from several processes at once. */
export async function ensureModel(db: Db, input: EnsureModelInput): Promise<Model> {
  return await db.transaction(async (tx) => {
    const [created] = await tx
      .insert(models)
      .values({ id: newId('mod'), name: input.name, base: input.base, settings: modelSettingsSchema.parse({}) })
      .onConflictDoNothing({ target: models.name })
      .returning({ id: models.id })
    if (created !== undefined) {
      await tx.insert(versions).values({ modelId: created.id, number: 0 })
      await tx.insert(promotions).values({ modelId: created.id, version: 0, reason: 'created' })
    } else {
      const learnedNothing = sql`not exists (select 1 from ${versions} where ${versions.modelId} = ${models.id} and ${versions.number} > 0)`
      await tx
        .update(models)
        .set({ base: input.base })
        .where(and(eq(models.name, input.name), learnedNothing))
    }
    return await getModel(tx, input.name)
  })
}
