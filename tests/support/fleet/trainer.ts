// A trainer whose studying and training take a known time: the queue, the leases, the claim loop and the promotion are the
// service's own, only the work between them is a wait. It tells of each update it worked on as a line of JSON, timed by the
// machine's own clock, so that what ran beside what can be checked without believing the database.
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { openDatabase } from '../../../shared/database/database.ts'
import { errorCode } from '../../../shared/errors.ts'
import { createLog } from '../../../shared/log.ts'
import { putAdapter } from '../../../shared/registry/adapters.ts'
import { openFolderStore } from '../../../shared/registry/folder-store.ts'
import type { Claim } from '../../../shared/updates/claim-update.ts'
import { recordProgress } from '../../../shared/updates/record-progress.ts'
import { getHead } from '../../../shared/versions/get-version.ts'
import { promoteVersion } from '../../../shared/versions/promote.ts'
import { realClock } from '../../../services/trainer/clock.ts'
import { openUpdateQueue } from '../../../services/trainer/update-queue.ts'
import { runWorker } from '../../../services/trainer/worker.ts'
import { verdict } from '../loop.ts'
import { trainerSettingsSchema, type Worked } from './fleet.ts'

const { databaseUrl, objects, leaseSeconds, workMs } = trainerSettingsSchema.parse(JSON.parse(process.argv[2] ?? ''))
const database = openDatabase(databaseUrl)
const db = database.query
const store = openFolderStore(objects)
const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())

say({ event: 'ready' })
await runWorker(
  {
    ...openUpdateQueue(db, leaseSeconds),
    workOn,
    isFatal: () => false,
    clock: realClock,
    log: createLog('fleet', 'silent'),
  },
  stop.signal,
)
await database.close()

/** Goes on to the promotion whatever the signal says: a worker that has not noticed yet is the one to be refused. */
async function workOn(claim: Claim): Promise<void> {
  const { lease, model, update } = claim
  const from = now()
  const parent = await getHead(db, model.name)
  await recordProgress(db, lease, { state: 'training', phase: 'training', fraction: 0.5 })
  const adapter = await putAdapter(store, randomBytes(1024))
  // Frozen from here on it holds no lock; in the middle of a transaction it would hold one for a minute (database.ts).
  say({ event: 'began', update: update.id })
  await wait(workMs)
  // The work ends here: once the promotion is committed the next may begin, before this process hears of it.
  const worked = { event: 'worked', update: update.id, model: model.name, from, to: now() } as const
  try {
    await promoteVersion(db, lease, {
      parent: parent.number,
      manifest: {
        base: { id: 'tiny', sha256: 'b'.repeat(64) },
        adapters: claim.documents.map(({ id }) => ({ ...adapter, document: id, scale: 1 })),
        router: null,
      },
      verdict,
      learned: null,
      retained: null,
      evaluations: [],
      baseEvaluations: [],
      timingsMs: {},
      trainedTokens: 0,
    })
    say({ ...worked, outcome: 'promoted' })
  } catch (error) {
    say({ ...worked, outcome: errorCode(error) })
    throw error
  }
}

/** Milliseconds of the machine's monotonic clock, the same in every process. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

function say(line: Worked | { event: 'ready' } | { event: 'began'; update: string }): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
