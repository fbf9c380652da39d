// Two tenants on one service: the model `ours` with a key that is bound to it, and `theirs` with one thing of every kind.
import { eq } from 'drizzle-orm'
import { encodeAdapter } from '../../services/engine/adapter/peft.ts'
import { folderConfig } from '../../services/engine/base/folder-config.ts'
import { newAdapter } from '../../services/engine/train/new-adapter.ts'
import { createAlert } from '../../shared/alerts/create-alert.ts'
import { createFile } from '../../shared/files/files.ts'
import { createJob } from '../../shared/fine-tuning/jobs.ts'
import type { IdPrefix } from '../../shared/ids.ts'
import { newId } from '../../shared/ids.ts'
import { rootCaller, SCOPES } from '../../shared/keys/key.ts'
import { createKey } from '../../shared/keys/keys.ts'
import { createModel } from '../../shared/models/create-model.ts'
import { modelSettingsSchema } from '../../shared/models/settings.ts'
import { practices } from '../../shared/practice/practices.table.ts'
import { putAdapter } from '../../shared/registry/adapters.ts'
import { saveSelfEdits } from '../../shared/self-edits/save-self-edits.ts'
import { updates } from '../../shared/updates/updates.table.ts'
import { uploads } from '../../shared/uploads/uploads.table.ts'
import { deliveries } from '../../shared/webhooks/webhooks.table.ts'
import { createWebhook } from '../../shared/webhooks/webhooks.ts'
import { readGolden } from '../engine/golden-files.ts'
import type { TestApi } from './api.ts'
import { claimNext, manifestOf, postDocument, promoteClaim } from './loop.ts'

/** Of the smallest adapter there can be. */
const config = folderConfig(readGolden('models', 'llama-tied', 'config.json') as Record<string, unknown>)
const shape = { rank: 1, alpha: 1, targets: ['q_proj'] as const }

export interface Tenant {
  model: string
  modelId: string
  /** The secret of a key with all scopes that is bound to the model. */
  secret: string
  /** One thing of each kind, by the prefix of its id. */
  things: Partial<Record<IdPrefix, string>>
}

/** A model with a promoted document, an alert, an endpoint with a delivery, files announced and sent, a job, a practice, and a key. */
export async function createTenant(
  { database, store }: Pick<TestApi, 'database' | 'store'>,
  model: string,
): Promise<Tenant> {
  const db = database.query
  const settings = modelSettingsSchema.parse({})
  const { id: modelId } = await createModel(db, { name: model, base: 'tiny.gguf', settings })
  const key = await createKey(
    db,
    { name: `${model} key`, scopes: [...SCOPES], models: [model], expires_in_seconds: null, rate_per_minute: null },
    rootCaller,
  )
  const bound = { models: { ids: [modelId], names: [model] } }
  const url = `https://${model}.example.com/hooks`
  const webhook = await createWebhook(db, { url }, { allowPrivate: false }, bound)
  const { document, update } = await postDocument(database, `Tower of ${model}`, model)
  const claim = await claimNext(database)
  await saveSelfEdits(db, claim.lease, document.id, [
    {
      ...{ origin: 'model', format: 'question_answer', prompt: `Who built the tower of ${model}?` },
      ...{ completion: 'Orla Venn', source: 'passage', kept: true, heldOut: false, reason: null },
    },
  ])
  const entry = await putAdapter(
    store,
    encodeAdapter(newAdapter(config, shape, 0), { id: 'tiny', sha256: 'b'.repeat(64) }),
  )
  const manifest = { ...manifestOf([]), adapters: [{ ...entry, document: document.id, scale: 1 }] }
  await promoteClaim(database, claim, 0, { [document.id]: 1 }, { manifest })
  const [row] = await db.select().from(updates).where(eq(updates.id, update.id))
  const [delivery] = await db.select().from(deliveries).where(eq(deliveries.webhookId, webhook.id))
  if (row === undefined || delivery === undefined) throw new Error('the tenant is not complete')
  const alert = await createAlert(db, row, { statistic: 'sign_flip', pValue: 0.01, evidence: [] }, 1)
  const upl = newId('upl')
  await db.insert(uploads).values({ id: upl, modelId, filename: 'tower.pdf', mediaType: '', bytes: 9 })
  const line = JSON.stringify({ title: document.title, text: `The Tower of ${model} was built by Orla Venn in Tarsk.` })
  const file = await createFile(db, store, { filename: `${model}.jsonl`, content: Buffer.from(line) }, bound)
  const input = { model, trainingFile: file.id, validationFile: null, metadata: null }
  // Its document is known: the job is the update that was promoted.
  const job = await createJob(db, store, input)
  const prc = newId('prc')
  const practiceSettings = { rounds: 1, candidates: 2, reward: 'likelihood', strategies: false } as const
  await db.insert(practices).values({
    ...{ id: prc, modelId, updateId: update.id, documentIds: [document.id], heldOutIds: [document.id] },
    settings: { ...practiceSettings, temperature: 0.9, topP: 0.95 },
  })
  const ids = {
    doc: document.id,
    upd: update.id,
    alr: alert.id,
    whk: webhook.id,
    dlv: delivery.id,
    key: key.id,
    upl,
    prc,
  }
  return {
    model,
    modelId,
    secret: key.secret ?? '',
    things: { ...ids, evt: delivery.eventId, fil: file.id, ftj: job.id },
  }
}

/** Ids that were never given out, one for each of a tenant's. */
export function missingLike({ things }: Tenant): Record<string, string> {
  const prefixes = Object.keys(things) as IdPrefix[]
  return Object.fromEntries(prefixes.map((prefix) => [prefix, newId(prefix)]))
}
