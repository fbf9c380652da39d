// How far two measurements of one unchanged version lie apart: what an evaluation of the head measured.
import { and, desc, eq, sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { updates } from '../updates/updates.table.ts'

/** In 32-bit floats a question's sum of log-probabilities depends so much on the batch that it stands in; nats. */
const FLOOR_MIN = 1e-3

/** Nats, by the model's latest evaluation that lost nothing. */
export async function findNoiseFloor(db: Db, modelId: string): Promise<number> {
  const measured = sql<number | null>`(${updates.verdict} -> 'retention' ->> 'noiseMeasured')::float8`
  const [row] = await db
    .select({ measured })
    .from(updates)
    .where(and(eq(updates.modelId, modelId), eq(updates.kind, 'evaluate'), sql`${measured} is not null`))
    .orderBy(desc(updates.sequence))
    .limit(1)
  return Math.max(FLOOR_MIN, row?.measured ?? 0)
}
