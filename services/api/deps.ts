// What the API needs from outside; `server.ts` builds it from the environment, tests build it from real parts.
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Database, Db } from '../../shared/database/database.ts'
import type { Caller } from '../../shared/keys/key.ts'
import type { Log } from '../../shared/log.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import type { WebhookPolicy } from '../../shared/webhooks/webhooks.ts'
import type { Extractor } from './extract/extractor.ts'
import type { InferenceClient } from './inference-client.ts'

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Resolves after the time or, early and without an error, when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
}

export interface ApiDeps {
  database: Database
  store: ObjectStore
  extractor: Extractor
  inference: InferenceClient
  apiKey: string
  /** What new models are made on, as `BASE_MODEL` names it. */
  base: string
  webhookPolicy: WebhookPolicy
  /** Requests a minute for a key without a limit of its own; null: any number. */
  ratePerMinute: number | null
  /** Origins whose pages may call from a browser; `*` is any. Empty: none but our own. */
  corsOrigins: readonly string[]
  clock: Clock
  log: Log
  /** Aborted when the process shuts down: event streams end, so that clients reconnect elsewhere. */
  shutdown: AbortSignal
  /** How often an event stream looks for news, and how often it says something when there is none. */
  events: { pollMs: number; heartbeatMs: number }
}

export interface ApiEnv {
  Variables: {
    /** Hex; identifies the request in the log and in `X-Request-Id`. */
    requestId: string
    /** Who calls, and the database to ask what belongs to whom; both set for everything under /v1. */
    caller: Caller
    db: Db
  }
}

export type ApiRouter = OpenAPIHono<ApiEnv>
