// What the API needs from outside; `server.ts` builds it from the environment, tests build it from real parts.
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Database } from '../../shared/database/database.ts'
import type { Log } from '../../shared/log.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import type { WebhookPolicy } from '../../shared/webhooks/webhooks.ts'
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
  inference: InferenceClient
  apiKey: string
  /** What new models are made on, as `BASE_MODEL` names it. */
  base: string
  webhookPolicy: WebhookPolicy
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
  }
}

export type ApiRouter = OpenAPIHono<ApiEnv>
