// The app on the parts that its configuration names, for whichever process serves it.
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../../shared/config.ts'
import type { Database } from '../../shared/database/database.ts'
import type { Log } from '../../shared/log.ts'
import { openObjectStore } from '../../shared/registry/object-store.ts'
import { createApp } from './app.ts'
import type { ApiRouter, Clock } from './deps.ts'
import { createExtractor } from './extract/extractor.ts'
import { createInferenceClient } from './inference-client.ts'

export const clock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
}

export interface OpenAppParts {
  database: Database
  apiKey: string
  log: Log
  /** Ends what streams. */
  shutdown: AbortSignal
}

export function openApp(config: Config, parts: OpenAppParts): ApiRouter {
  return createApp({
    ...parts,
    store: openObjectStore(config.objectStore),
    extractor: createExtractor(),
    inference: createInferenceClient(config.engineUrl),
    base: basename(config.baseModel),
    ratePerMinute: config.ratePerMinute,
    corsOrigins: config.corsOrigins,
    webhookPolicy: { allowPrivate: config.allowPrivateWebhooks },
    clock,
    events: { pollMs: 500, heartbeatMs: 15_000 },
  })
}
