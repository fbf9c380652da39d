// Many trainers on one queue: processes of their own against one real Postgres, each with the service's claim loop and a
// training that is a wait (trainer.ts). What they say they did is held against what the database says came of it.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Db } from '../../../shared/database/database.ts'
import { ensureModel } from '../../../shared/models/ensure-model.ts'
import { lockModel } from '../../../shared/models/lock-model.ts'
import { queueUpdate } from '../../../shared/updates/queue-update.ts'

export const trainerSettingsSchema = z.object({
  databaseUrl: z.string(),
  /** Folder of the object store. */
  objects: z.string(),
  leaseSeconds: z.number(),
  /** What the training of an update takes. */
  workMs: z.number(),
})
export type TrainerSettings = z.infer<typeof trainerSettingsSchema>

const workedSchema = z.object({
  event: z.literal('worked'),
  update: z.string(),
  model: z.string(),
  /** From the claim until the promotion; milliseconds of the machine's clock. */
  from: z.number(),
  to: z.number(),
  /** `promoted`, or the code of the error that the promotion was refused with. */
  outcome: z.string(),
})
/** One attempt of one trainer at one update. */
export type Worked = z.infer<typeof workedSchema>

const lineSchema = z.discriminatedUnion('event', [
  workedSchema,
  z.object({ event: z.literal('ready') }),
  z.object({ event: z.literal('began'), update: z.string() }),
])

export interface FleetTrainer {
  process: ChildProcess
  worked: readonly Worked[]
  /** What it works on; undefined between updates. */
  workingOn(): string | undefined
  stop(): Promise<void>
}

/** Resolves once it looks for work. */
export async function startTrainer(settings: TrainerSettings): Promise<FleetTrainer> {
  const main = fileURLToPath(new URL('trainer.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', main, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  const worked: Worked[] = []
  let workingOn: string | undefined
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = lineSchema.parse(JSON.parse(text))
      if (line.event === 'ready') return resolve()
      workingOn = line.event === 'began' ? line.update : undefined
      if (line.event === 'worked') worked.push(line)
    })
    child.once('close', () => reject(new Error('the trainer ended before it was ready')))
  })
  return {
    process: child,
    worked,
    workingOn: () => workingOn,
    async stop() {
      child.kill('SIGCONT')
      child.kill('SIGTERM')
      await closed
    },
  }
}

/** Queues `updatesEach` updates for each of `models` models, one round after another. */
export async function seedQueue(db: Db, options: { models: number; updatesEach: number }): Promise<void> {
  const ids: string[] = []
  for (let n = 0; n < options.models; n++)
    ids.push((await ensureModel(db, { name: `fleet-${String(n).padStart(4, '0')}`, base: 'tiny' })).id)
  for (let round = 0; round < options.updatesEach; round++)
    await db.transaction(async (tx) => {
      for (const modelId of ids) {
        await lockModel(tx, { id: modelId })
        await queueUpdate(tx, { modelId, kind: 'incorporate', documentIds: [], review: false })
      }
    })
}

/** Attempts at the same model of which one began before the other had ended. */
export function findOverlaps(worked: readonly Worked[]): [Worked, Worked][] {
  const inOrder = worked.toSorted((a, b) => a.model.localeCompare(b.model) || a.from - b.from)
  return inOrder.flatMap((one, index): [Worked, Worked][] => {
    const next = inOrder[index + 1]
    return next?.model === one.model && next.from < one.to ? [[one, next]] : []
  })
}

/** Updates that did not become the version that their place in their model's queue gives them. */
export async function findMisplaced(db: Db): Promise<object[]> {
  const { rows } = await db.execute(sql`
    select * from (
      select u.model_id, u.sequence, u.state, v.number, v.parent,
        row_number() over (partition by u.model_id order by u.sequence) as place
      from updates u left join versions v on v.update_id = u.id
    ) placed
    where state <> 'promoted' or number is distinct from place or parent is distinct from place - 1`)
  return rows
}
