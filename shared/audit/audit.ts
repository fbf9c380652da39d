// The audit log: begun before a change and ended with its status, or written with it in one transaction where the service
// itself changes a model. Entries are never changed afterwards, and outlive the key and the model that they name.
import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../database/database.ts'
import { getCursor } from '../database/get-cursor.ts'
import { newId } from '../ids.ts'
import type { Caller } from '../keys/key.ts'
import { everything, withinModels, type Sight } from '../keys/of-caller.ts'
import { models } from '../models/models.table.ts'
import { toPage, type Page, type PageQuery } from '../page.ts'
import { unixSeconds } from '../unix-seconds.ts'
import { auditEntries } from './audit-entries.table.ts'

export const auditEntrySchema = z.object({
  object: z.literal('audit_entry'),
  id: z.string(),
  action: z.string().meta({ description: 'Method and route of a call, or what the service did by itself.' }),
  path: z.string().nullable(),
  key: z.object({ id: z.string(), name: z.string() }).nullable().meta({ description: 'Null: the service itself.' }),
  request_id: z.string().nullable(),
  update_id: z.string().nullable(),
  models: z.array(z.string()).nullable().meta({ description: 'As they were named then; null: it concerns all.' }),
  input: z.record(z.string(), z.unknown()).meta({ description: 'What was asked for, without texts and secrets.' }),
  status: z
    .number()
    .int()
    .nullable()
    .meta({ description: 'Of the answer; null: no answer came, it may have happened.' }),
  created_at: z.number().int(),
})
export type AuditEntry = z.infer<typeof auditEntrySchema>

export interface AuditedCall {
  action: string
  path: string
  caller: Caller
  requestId: string
  input: Record<string, unknown>
}

/** The models that an entry is about, by id or by name. */
export interface AuditedModels {
  ids: readonly string[]
  names: readonly string[]
}

/** Before the change. Returns the entry's id. */
export async function beginAudit(db: Db, { caller, ...call }: AuditedCall): Promise<string> {
  const id = newId('aud')
  await db.insert(auditEntries).values({ ...call, id, keyId: caller.id, keyName: caller.name })
  return id
}

/** What came of it. A call that names no model concerns those of its key. */
export async function endAudit(
  db: Db,
  id: string,
  { status, updateId, about, by }: { status: number; updateId: string | null; about: AuditedModels; by: Sight },
): Promise<void> {
  const named = await db
    .select({ id: models.id, name: models.name })
    .from(models)
    .where(sql`${inArray(models.id, [...about.ids])} or ${inArray(models.name, [...about.names])}`)
  // A model that the call itself deleted has its name alone left.
  const names = [...new Set([...named.map(({ name }) => name), ...about.names])]
  const ids = [...new Set([...named.map((one) => one.id), ...about.ids])]
  const none = names.length === 0 && ids.length === 0
  await db
    .update(auditEntries)
    .set({
      status,
      updateId,
      models: none ? by.models && [...by.models.names] : names,
      // A model that never was, or is long gone, is no bound key's.
      modelIds: none ? by.models && [...by.models.ids] : ids.length === 0 ? null : ids,
    })
    .where(eq(auditEntries.id, id))
}

/** A call that was refused changed nothing and leaves no entry. */
export async function dropAudit(db: Db, id: string): Promise<void> {
  await db.delete(auditEntries).where(eq(auditEntries.id, id))
}

/** What the service itself did to a model, in the transaction that does it. */
export async function recordChange(
  tx: Db,
  change: { action: string; modelId: string; model: string; updateId: string | null; input: Record<string, unknown> },
): Promise<void> {
  const { action, modelId, model, updateId, input } = change
  await tx
    .insert(auditEntries)
    .values({ id: newId('aud'), action, modelIds: [modelId], models: [model], updateId, input, status: 200 })
}

/** Newest first, those that `by` sees. */
export async function listAudit(
  db: Db,
  { model, limit, after }: PageQuery & { model?: string | undefined },
  by: Sight = everything,
): Promise<Page<AuditEntry>> {
  const rows = await db
    .select()
    .from(auditEntries)
    .where(
      and(
        withinModels(auditEntries.modelIds, by),
        model === undefined ? undefined : sql`${model} = any(${auditEntries.models})`,
        after === undefined
          ? undefined
          : lt(auditEntries.id, await getCursor(db, { id: auditEntries.id, column: auditEntries.id }, after)),
      ),
    )
    .orderBy(desc(auditEntries.id)) // ids sort by time
    .limit(limit + 1)
  return toPage(rows.map(toEntry), limit)
}

function toEntry(row: typeof auditEntries.$inferSelect): AuditEntry {
  return {
    object: 'audit_entry',
    id: row.id,
    action: row.action,
    path: row.path,
    key: row.keyId === null ? null : { id: row.keyId, name: row.keyName ?? '' },
    request_id: row.requestId,
    update_id: row.updateId,
    models: row.models,
    input: row.input,
    status: row.status,
    created_at: unixSeconds(row.createdAt),
  }
}
