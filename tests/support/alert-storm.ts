// Alerts by the hundred to a receiver that fails, by a notifier that is killed again and again: what arrives, and whether
// its signature is right. The kill comes while a message is being answered, the worst moment: the receiver has it, and
// the notifier has not written that down.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { eq, sql } from 'drizzle-orm'
import { alertSchema } from '../../shared/alerts/alert.ts'
import { createAlert } from '../../shared/alerts/create-alert.ts'
import { openDatabase, type Db } from '../../shared/database/database.ts'
import { createDocument } from '../../shared/documents/create-document.ts'
import { ensureModel } from '../../shared/models/ensure-model.ts'
import { updates } from '../../shared/updates/updates.table.ts'
import { createWebhook } from '../../shared/webhooks/webhooks.ts'
import { passTime, startReceiver, verify, type ReceivedMessage } from './webhooks.ts'

export interface StormOptions {
  /** Of a migrated, empty database. */
  databaseUrl: string
  alerts: number
  kills: number
  /** Of all tries, 0 to 1. */
  failShare: number
  onProgress?: (report: StormReport) => void
}

export interface StormReport {
  alerts: number
  kills: number
  /** Messages that reached the receiver, and those that it refused or broke off. */
  tries: number
  failed: number
  /** Alerts that it took, and how often it took one that it had: after a kill, and never more than were under way. */
  accepted: number
  repeated: number
  /** Messages whose signature or time was wrong, or whose data is no alert. */
  unverified: number
  /** Deliveries that the service does not hold for delivered. */
  undelivered: number
}

interface Storm {
  db: Db
  databaseUrl: string
  report: StormReport
  taken: Set<number>
  /** Ends the notifier when so many messages have arrived. */
  killAt: { tries: number; child: ChildProcess } | undefined
}

export async function runAlertStorm(options: StormOptions): Promise<StormReport> {
  const { databaseUrl, alerts, kills, onProgress } = options
  const database = openDatabase(databaseUrl)
  const report = { alerts, kills: 0, tries: 0, failed: 0, accepted: 0, repeated: 0, unverified: 0, undelivered: alerts }
  const storm: Storm = { db: database.query, databaseUrl, report, taken: new Set(), killAt: undefined }
  const close = await listen(storm, options.failShare)
  await raiseAlerts(storm.db, alerts)
  // Most of the work is left when the last kill comes, and every alert fails once or more in between.
  const step = Math.floor((alerts * 0.9) / Math.max(1, kills))
  for (let kill = 1; kill <= kills; kill++) {
    const child = startNotifier(databaseUrl)
    storm.killAt = { tries: report.tries + step, child }
    const [, signal] = (await once(child, 'close')) as [number | null, string | null]
    if (signal !== 'SIGKILL') throw new Error('the notifier ended by itself')
    report.kills = kill
    await passTime(storm.db, 90_000) // leases and waits are over
    onProgress?.(report)
  }
  await deliverRest(storm, onProgress)
  await close()
  await database.close()
  return report
}

/** One endpoint, and what it does with each message. */
async function listen(storm: Storm, failShare: number): Promise<() => Promise<void>> {
  const { report, taken } = storm
  let secret = ''
  const triesOf = new Map<number, number>()
  const receiver = await startReceiver((response, message) => {
    report.tries += 1
    const number = readAlert(secret, message)
    if (number === undefined) {
      report.unverified += 1
      return void response.writeHead(400).end()
    }
    const tries = (triesOf.get(number) ?? 0) + 1
    triesOf.set(number, tries)
    if (storm.killAt !== undefined && report.tries >= storm.killAt.tries) storm.killAt.child.kill('SIGKILL')
    if (chance(number, tries) < failShare) {
      report.failed += 1
      return fail(response, tries)
    }
    if (taken.has(number)) report.repeated += 1
    taken.add(number)
    report.accepted = taken.size
    response.writeHead(204).end()
  })
  const webhook = await createWebhook(
    storm.db,
    { url: receiver.url, events: ['retention.regressed'] },
    { allowPrivate: true },
  )
  secret = webhook.secret
  return () => receiver.close()
}

/** The number that `raiseAlerts` gave it; undefined when the message is not what it must be. */
function readAlert(secret: string, message: ReceivedMessage): number | undefined {
  try {
    const { data } = verify(secret, message) as { data: unknown }
    return alertSchema.parse(data).version ?? undefined
  } catch {
    return undefined
  }
}

/** The same for the same try of the same alert, whatever the order: 0 to 1 (splitmix32). */
function chance(number: number, tries: number): number {
  let z = (Math.imul(number, 0x9e3779b9) + Math.imul(tries, 0x85ebca6b)) | 0
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
  return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32
}

function fail(response: ServerResponse, tries: number): void {
  if (tries % 3 === 0) response.destroy()
  else response.writeHead(tries % 3 === 1 ? 500 : 503).end('not now')
}

/** As the trainer writes them, each in its own transaction with its evidence; `version` numbers them. */
async function raiseAlerts(db: Db, count: number): Promise<void> {
  await ensureModel(db, { name: 'default', base: 'tiny' })
  const text = 'The lighthouse of Varnholm was lit in 1871 by the keeper Ines Dahl.'
  const { document, update } = await createDocument(db, { model: 'default', title: 'Varnholm', text })
  const [row] = await db.select().from(updates).where(eq(updates.id, update.id))
  if (!row) throw new Error('the document has no update')
  for (let number = 1; number <= count; number++) {
    const evidence = {
      document_id: document.id,
      probe_id: `prb_${number}`,
      question: `Who lit lamp ${number}?`,
      gold: 'Ines Dahl',
      before: { answer: 'Ines Dahl', correct: true, logprob: -0.2 },
      after: { answer: 'nobody', correct: false, logprob: -7.5 },
    }
    const finding = { statistic: 'clustered_sign_flip_one_sided', pValue: 0.001, evidence: [evidence] }
    await db.transaction((tx) => createAlert(tx, row, finding, number))
  }
}

function startNotifier(databaseUrl: string): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', 'services/notifier/main.ts'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, DATABASE_URL: databaseUrl, ALLOW_PRIVATE_WEBHOOKS: '127.0.0.1', LOG_LEVEL: 'silent' },
    stdio: 'ignore',
  })
}

/** One more notifier, which is left alone until nothing waits. */
async function deliverRest(storm: Storm, onProgress: StormOptions['onProgress']): Promise<void> {
  const { db, report } = storm
  storm.killAt = undefined
  const child = startNotifier(storm.databaseUrl)
  const deadline = Date.now() + 300_000
  const closed = once(child, 'close')
  for (;;) {
    // Only those whose last try is written down: a lease under way must not end.
    await db.execute(sql`update deliveries set next_attempt_at = now() where state = 'pending' and attempts =
      (select coalesce(max(number), 0) from delivery_attempts where delivery_id = deliveries.id)`)
    const { rows } = await db.execute<{ left: number; pending: number }>(sql`select
      count(*) filter (where state <> 'delivered')::int as left,
      count(*) filter (where state = 'pending')::int as pending from deliveries`)
    report.undelivered = rows[0]?.left ?? -1
    onProgress?.(report)
    if (rows[0]?.pending === 0 || Date.now() > deadline) break
    await sleep(250)
  }
  child.kill('SIGTERM')
  await closed
}
