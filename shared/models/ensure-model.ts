// The model that every installation has: made at the first start, left alone afterwards.
import { and, eq, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { versions } from '../versions/versions.table.ts'
import { insertModel } from './create-model.ts'
import { getModel } from './get-model.ts'
import type { Model } from './model.ts'
import { models } from './models.table.ts'
import { modelSettingsSchema } from './settings.ts'

export interface EnsureModelInput {
  name: string
  /** As `BASE_MODEL` names it. A model that has learned nothing yet takes the new one; any other keeps its own. */
  base: string
}

/** Makes the model unless it is there; safe to call from several processes at once. */
export async function ensureModel(db: Db, { name, base }: EnsureModelInput): Promise<Model> {
  return await db.transaction(async (tx) => {
    if (!(await insertModel(tx, { name, base, settings: modelSettingsSchema.parse({}) }))) {
      const learnedNothing = sql`not exists (select 1 from ${versions} where ${versions.modelId} = ${models.id} and ${versions.number} > 0)`
      await tx
        .update(models)
        .set({ base })
        .where(and(eq(models.name, name), learnedNothing))
    }
    return await getModel(tx, name)
  })
}
