// To which models things belong, by their ids: one statement for however many, so that every request and every answer of
// a bound key can be checked. A prefix without an entry does not compile: who adds a noun says here whose it is.
import { inArray, sql, type SQL } from 'drizzle-orm'
import { alerts } from '../alerts/alerts.table.ts'
import { auditEntries } from '../audit/audit-entries.table.ts'
import type { Db } from '../database/database.ts'
import { documents } from '../documents/documents.table.ts'
import { evaluations } from '../evaluations/evaluations.table.ts'
import { files } from '../files/files.table.ts'
import { fineTuningJobs } from '../fine-tuning/fine-tuning-jobs.table.ts'
import { isIdPrefix, type IdPrefix } from '../ids.ts'
import { models } from '../models/models.table.ts'
import { practices } from '../practice/practices.table.ts'
import { probes } from '../probes/probes.table.ts'
import { selfEdits } from '../self-edits/self-edits.table.ts'
import { updates } from '../updates/updates.table.ts'
import { uploads } from '../uploads/uploads.table.ts'
import { deliveries, outboxEvents, webhooks } from '../webhooks/webhooks.table.ts'
import { apiKeys } from './keys.table.ts'

/** The models of a thing; null: it concerns all of them, those to come included. */
export type Owners = readonly string[] | null

type Source = (ids: SQL) => SQL

/** `select id, model_ids` for some ids of one noun. */
const sources: Record<IdPrefix, Source> = {
  mod: (ids) => sql`select ${models.id}, array[${models.id}] from ${models} where ${models.id} = any(${ids})`,
  doc: (ids) =>
    sql`select ${documents.id}, array[${documents.modelId}] from ${documents} where ${documents.id} = any(${ids})`,
  upd: (ids) => sql`select ${updates.id}, array[${updates.modelId}] from ${updates} where ${updates.id} = any(${ids})`,
  upl: (ids) => sql`select ${uploads.id}, array[${uploads.modelId}] from ${uploads} where ${uploads.id} = any(${ids})`,
  alr: (ids) => sql`select ${alerts.id}, array[${alerts.modelId}] from ${alerts} where ${alerts.id} = any(${ids})`,
  evl: (ids) =>
    sql`select ${evaluations.id}, array[${evaluations.modelId}] from ${evaluations} where ${evaluations.id} = any(${ids})`,
  prb: (ids) => sql`select ${probes.id}, array[${documents.modelId}] from ${probes}
    join ${documents} on ${documents.id} = ${probes.documentId} where ${probes.id} = any(${ids})`,
  sed: (ids) => sql`select ${selfEdits.id}, array[${updates.modelId}] from ${selfEdits}
    join ${updates} on ${updates.id} = ${selfEdits.updateId} where ${selfEdits.id} = any(${ids})`,
  whk: (ids) => sql`select ${webhooks.id}, ${webhooks.modelIds} from ${webhooks} where ${webhooks.id} = any(${ids})`,
  dlv: (ids) => sql`select ${deliveries.id}, ${webhooks.modelIds} from ${deliveries}
    join ${webhooks} on ${webhooks.id} = ${deliveries.webhookId} where ${deliveries.id} = any(${ids})`,
  evt: (ids) => sql`select ${outboxEvents.id}, array[${models.id}] from ${outboxEvents}
    join ${models} on ${models.name} = ${outboxEvents.payload} ->> 'model' where ${outboxEvents.id} = any(${ids})`,
  aud: (ids) =>
    sql`select ${auditEntries.id}, ${auditEntries.modelIds} from ${auditEntries} where ${auditEntries.id} = any(${ids})`,
  fil: (ids) => sql`select ${files.id}, ${files.modelIds} from ${files} where ${files.id} = any(${ids})`,
  ftj: (ids) =>
    sql`select ${fineTuningJobs.id}, array[${fineTuningJobs.modelId}] from ${fineTuningJobs} where ${fineTuningJobs.id} = any(${ids})`,
  prc: (ids) =>
    sql`select ${practices.id}, array[${practices.modelId}] from ${practices} where ${practices.id} = any(${ids})`,
  key: (ids) => sql`select ${apiKeys.id}, ${apiKeys.modelIds} from ${apiKeys} where ${apiKeys.id} = any(${ids})`,
}

/** The prefix of something that looks like an id of ours. */
export function prefixOf(id: string): IdPrefix | undefined {
  const prefix = /^([a-z]{3})_[\w-]{1,64}$/.exec(id)?.[1]
  return prefix !== undefined && isIdPrefix(prefix) ? prefix : undefined
}

/** Of the models that are there, in no order. */
export async function findModelIds(db: Db, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return []
  const rows = await db
    .select({ id: models.id })
    .from(models)
    .where(inArray(models.name, [...names]))
  return rows.map(({ id }) => id)
}

/** By id; what does not exist has no entry. */
export async function findOwners(db: Db, ids: readonly string[]): Promise<Map<string, Owners>> {
  const byPrefix = new Map<IdPrefix, string[]>()
  for (const id of new Set(ids)) {
    const prefix = prefixOf(id)
    if (prefix !== undefined) byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), id])
  }
  if (byPrefix.size === 0) return new Map()
  const parts = [...byPrefix].map(([prefix, some]) => sql`(${sources[prefix](sql`${sql.param(some)}::text[]`)})`)
  const found = await db.execute<{ id: string; model_ids: string[] | null }>(
    sql`select id, model_ids from (${sql.join(parts, sql` union all `)}) owned (id, model_ids)`,
  )
  return new Map(found.rows.map((row) => [row.id, row.model_ids]))
}
