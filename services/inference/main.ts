// The inference process: base, database and object store put together, served at ENGINE_URL. SIGTERM answers what
// was taken and leaves.
import { once } from 'node:events'
import { serve } from '@hono/node-server'
import { openBase } from '../engine/base/open-base.ts'
import { createEngine } from '../engine/create-engine.ts'
import type { Engine } from '../engine/engine.ts'
import { parseConfig, type Config } from '../../shared/config.ts'
import { openDatabase } from '../../shared/database/database.ts'
import { createLog } from '../../shared/log.ts'
import { openObjectStore } from '../../shared/registry/object-store.ts'
import { startTracing } from '../../shared/tracing.ts'
import { createAnswerer } from './answer.ts'
import type { Answerer } from './answer.ts'
import { createInferenceApp } from './app.ts'
import { ANSWER_ROWS_MAX, createGenerationQueue } from './generation-queue.ts'
import { createLoraServer } from './lora-server.ts'
import { createRemoteQueue } from './remote-queue.ts'
import { warmUp } from './warm-up.ts'

const config = parseConfig(process.env)
const log = createLog('inference', config.logLevel)
const stopTracing = startTracing('inference', config.tracesUrl, log)
const database = openDatabase(config.databaseUrl)
const store = openObjectStore(config.objectStore)

const loaded: { engine?: Engine; answerer?: Answerer; warm?: Promise<void> } = {}
const stopping = new AbortController()
const app = createInferenceApp({ findAnswerer: () => loaded.answerer, log })
const { hostname, port } = new URL(config.engineUrl)
// Of an IPv6 address a URL has the brackets, a socket has not.
const server = serve({ fetch: app.fetch, hostname: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) })
// Loading blocks the event loop; the socket has to be open before.
await once(server, 'listening').catch((error: unknown) => fail(error, `cannot listen at ${config.engineUrl}`))
log.info({ url: config.engineUrl }, 'listening')
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop())

try {
  if (config.answering === undefined) await answerByEngine()
  else await answerByServer(config.answering)
} catch (error) {
  fail(error, `cannot load the base ${config.baseModel}`)
}

async function answerByEngine(): Promise<void> {
  const started = performance.now()
  const { baseModel: base, device, precision: frozen } = config
  const engine = await createEngine({ base, device, frozen, training: false, rowsMax: ANSWER_ROWS_MAX })
  loaded.engine = engine
  loaded.answerer = createAnswerer({ db: database.query, store, engine, queue: createGenerationQueue(engine) })
  log.info({ base: engine.base.id, device: engine.device, ms: Math.round(performance.now() - started) }, 'base loaded')
  // Questions are taken meanwhile; the first waits no longer than it would have for its own preparation.
  loaded.warm = warmUp(engine, stopping.signal).catch((error: unknown) =>
    log.error({ err: error }, 'could not warm up; the first questions take longer'),
  )
}

/** Of the base nothing is read but its tokenizer, its shape and its hash. */
async function answerByServer({ adapters: folder, ...server }: NonNullable<Config['answering']>): Promise<void> {
  const source = await openBase(config.baseModel)
  const { id, sha256, config: shape, tokenizer, chatTemplate } = source
  source.close()
  const reader = { base: { id, sha256, config: shape }, tokenizer, chatTemplate }
  const queue = createRemoteQueue(createLoraServer({ ...server, folder, base: reader.base }), tokenizer.endIds)
  loaded.answerer = createAnswerer({ db: database.query, store, engine: reader, queue })
  log.info({ url: server.url, model: server.model }, 'a server outside answers')
}

async function stop(): Promise<void> {
  log.info('stopping')
  stopping.abort()
  const closed = new Promise((resolve) => server.close(resolve))
  await loaded.answerer?.close()
  await closed
  await loaded.warm
  loaded.engine?.close()
  await database.close()
  await stopTracing()
  process.exit(0)
}

function fail(error: unknown, message: string): never {
  log.fatal({ err: error }, message)
  process.exit(1)
}
