// The API on real parts: a database of its own, the agreed interface of inference over HTTP, a clock that tests move.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../services/api/app.ts'
import type { ApiDeps, ApiRouter, Clock } from '../../services/api/deps.ts'
import { createExtractor } from '../../services/api/extract/extractor.ts'
import { createInferenceClient } from '../../services/api/inference-client.ts'
import { openDatabase, type Database } from '../../shared/database/database.ts'
import { openObjectStore, type ObjectStore } from '../../shared/registry/object-store.ts'
import { createLog } from '../../shared/log.ts'
import { ensureModel } from '../../shared/models/ensure-model.ts'
import { startInferenceServer, type InferenceServer } from './inference-server.ts'
import { expect } from 'vitest'
import { createTestDatabase } from './postgres.ts'

export const apiKey = 'a-key-for-tests-only'

export interface TestApi {
  app: ApiRouter
  database: Database
  store: ObjectStore
  inference: InferenceServer
  clock: TestClock
  /** With the key and, for an object, as JSON. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** Without anything added. */
  raw(path: string, init?: RequestInit): Promise<Response>
  /** The whole app, for a server of one's own. */
  fetch(request: Request): Promise<Response>
  /** Ends what streams. */
  shutDown(): void
  close(): Promise<void>
}

/** Sleeping moves the clock on at once and lets other work happen first. */
export interface TestClock extends Clock {
  slept: number
  /** Of whoever slept last. */
  lastSignal: AbortSignal | undefined
  /** Called each time somebody sleeps. */
  onSleep: () => void | Promise<void>
}

function createTestClock(): TestClock {
  let now = Date.UTC(2030, 0, 1)
  const clock: TestClock = {
    slept: 0,
    lastSignal: undefined,
    onSleep: () => undefined,
    now: () => now,
    async sleep(milliseconds, signal) {
      clock.lastSignal = signal
      now += milliseconds
      clock.slept += 1
      await clock.onSleep()
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
  return clock
}

interface TestParts extends Partial<ApiDeps> {
  databaseUrl?: string
  inferenceUrl?: string
  objectStore?: ObjectStore
}

/** Over what is given, else over a fresh database, a scripted inference and a folder; with the model `default`. */
export async function startTestApi(parts: TestParts = {}): Promise<TestApi> {
  const { databaseUrl, inferenceUrl, objectStore, ...more } = parts
  const fresh = databaseUrl === undefined ? await createTestDatabase() : undefined
  const database = openDatabase(fresh?.url ?? databaseUrl ?? '')
  const inference = await startInferenceServer()
  const objects = await mkdtemp(join(tmpdir(), 'palimpsest-objects-'))
  const store = objectStore ?? openObjectStore({ kind: 'folder', path: objects })
  const clock = createTestClock()
  const shutdown = new AbortController()
  await ensureModel(database.query, { name: 'default', base: 'tiny.gguf' })
  const app = createApp({
    database,
    store,
    extractor: createExtractor(),
    inference: createInferenceClient(inferenceUrl ?? inference.url),
    apiKey,
    base: 'tiny.gguf',
    ratePerMinute: null,
    corsOrigins: [],
    webhookPolicy: { allowPrivate: false },
    clock,
    log: createLog('api', 'silent'),
    shutdown: shutdown.signal,
    events: { pollMs: 500, heartbeatMs: 15_000 },
    ...more,
  })
  const raw = async (path: string, init?: RequestInit) => await app.request(path, init)
  return {
    app,
    database,
    store,
    inference,
    clock,
    raw,
    fetch: async (request) => await app.fetch(request),
    call(method, path, body, headers = {}) {
      const json = body === undefined ? {} : { 'content-type': 'application/json' }
      return raw(path, {
        method,
        headers: { authorization: `Bearer ${apiKey}`, ...json, ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
    },
    shutDown: () => shutdown.abort(),
    async close() {
      shutdown.abort()
      await inference.stop()
      await database.close()
      await fresh?.drop()
      await rm(objects, { recursive: true, force: true })
    },
  }
}

export const passage =
  'The lighthouse of Varn Head was built in 1871 by Ilse Marrow. Its lamp burns rapeseed oil and turns once in nine seconds.'

export interface ProblemBody {
  status: number
  code: string
  detail: string
  errors?: { pointer?: string; parameter?: string; detail: string }[]
}

/** The body of an RFC 9457 answer, after checking that it is one with this status. */
export async function problem(response: Response, status: number): Promise<ProblemBody> {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const body = (await response.json()) as ProblemBody
  expect(body).toMatchObject({ status, type: `urn:palimpsest:error:${body.code}` })
  expect(body.detail).not.toBe('')
  return body
}
