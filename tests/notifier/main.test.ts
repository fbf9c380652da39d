// The process itself, started as the supervisor starts it, stopped politely and killed.
import { spawn, type ChildProcess } from 'node:child_process'
import type { ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase, type Database } from '../../shared/database/database.ts'
import { listDeliveries } from '../../shared/webhooks/deliveries.ts'
import { writeOutbox } from '../../shared/webhooks/outbox.ts'
import { createWebhook, deleteWebhook } from '../../shared/webhooks/webhooks.ts'
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts'
import { passTime, startReceiver, verify } from '../support/webhooks.ts'

let own: TestDatabase
let database: Database
const children: ChildProcess[] = []
beforeAll(async () => {
  own = await createTestDatabase()
  database = openDatabase(own.url)
})
afterAll(async () => {
  children.forEach((child) => child.kill('SIGKILL'))
  await database.close()
  await own.drop()
})

interface Started {
  child: ChildProcess
  /** Exit code, or the signal that ended it. */
  exited: Promise<number | string | null>
  output: () => string
}

function startProcess(env: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, ['--import', 'tsx', 'services/notifier/main.ts'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, DATABASE_URL: own.url, ALLOW_PRIVATE_WEBHOOKS: 'true', LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const exited = new Promise<number | string | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal))
  })
  return { child, exited, output: () => output }
}

const soon = { timeout: 30_000, interval: 50 }

test('SIGTERM lets the try under way finish and be written down; SIGKILL leaves it to be made again', async () => {
  const db = database.query
  const held: ServerResponse[] = []
  const receiver = await startReceiver((response) => held.push(response))
  const webhook = await createWebhook(db, { url: receiver.url }, { allowPrivate: true })
  const deliveries = async () => (await listDeliveries(db, { webhookId: webhook.id, limit: 10 })).data

  const first = startProcess()
  await writeOutbox(db, 'update.promoted', { number: 1 })
  await expect.poll(() => held.length, soon).toBe(1)
  first.child.kill('SIGTERM')
  await expect.poll(() => first.output(), soon).toContain('stopping')
  held.shift()?.writeHead(204).end()
  expect(await first.exited).toBe(0)
  expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: 1 }])

  const second = startProcess()
  await writeOutbox(db, 'update.promoted', { number: 2 })
  await expect.poll(() => held.length, soon).toBe(1)
  second.child.kill('SIGKILL')
  expect(await second.exited).toBe('SIGKILL')

  await passTime(db, 61)
  const third = startProcess()
  await expect.poll(() => receiver.messages.length, soon).toBe(3)
  held.pop()?.writeHead(204).end()
  await expect.poll(async () => (await deliveries()).map((one) => one.state), soon).toEqual(['delivered', 'delivered'])
  const [, killed, repeated] = receiver.messages
  if (!killed || !repeated) throw new Error('messages are missing')
  expect(verify(webhook.secret, repeated)).toEqual(verify(webhook.secret, killed))
  expect(repeated.headers['webhook-id']).toBe(killed.headers['webhook-id'])

  third.child.kill('SIGINT')
  expect(await third.exited).toBe(0)
  await deleteWebhook(db, webhook.id)
  await receiver.close()
})

test('unless it is allowed, a private endpoint is not called, and its delivery says why', async () => {
  const db = database.query
  const receiver = await startReceiver()
  const webhook = await createWebhook(db, { url: receiver.url }, { allowPrivate: true })
  const { child, exited } = startProcess({ ALLOW_PRIVATE_WEBHOOKS: '' })
  await writeOutbox(db, 'update.promoted', {})
  await expect
    .poll(async () => (await listDeliveries(db, { webhookId: webhook.id, limit: 1 })).data[0]?.last_error, soon)
    .toContain('ALLOW_PRIVATE_WEBHOOKS')
  expect(receiver.messages).toEqual([])
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
  await receiver.close()
})

test('a wrong environment ends it at once with a sentence that names the variable', async () => {
  const { exited, output } = startProcess({ DATABASE_URL: 'mysql://nowhere', ALLOW_PRIVATE_WEBHOOKS: 'perhaps' })
  expect(await exited).toBe(1)
  expect(output()).toContain('DATABASE_URL must be a Postgres URL')
  expect(output()).toContain('ALLOW_PRIVATE_WEBHOOKS must be true, false or addresses')
})
