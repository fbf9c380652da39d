// API and inference over HTTP on real parts (Postgres, a folder of objects, the engine on a tiny base), for a client that
// knows nothing of them.
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { serve } from '@hono/node-server'
import { scaleAdapter } from '../../services/engine/adapter/adapter.ts'
import { encodeAdapter, readPeftFolder } from '../../services/engine/adapter/peft.ts'
import { createEngine } from '../../services/engine/create-engine.ts'
import type { Engine } from '../../services/engine/engine.ts'
import { createAnswerer } from '../../services/inference/answer.ts'
import type { Answerer } from '../../services/inference/answer.ts'
import { createGenerationQueue } from '../../services/inference/generation-queue.ts'
import { createInferenceApp } from '../../services/inference/app.ts'
import { createLog } from '../../shared/log.ts'
import { putAdapter } from '../../shared/registry/adapters.ts'
import { ROUTER_DEFAULTS } from '../../shared/router/router.ts'
import type { Manifest } from '../../shared/versions/manifest.ts'
import { startTestApi, type TestApi } from './api.ts'

export interface OpenAiService {
  api: TestApi
  /** Under which OpenAI's paths lie. */
  baseUrl: string
  engine: Engine
  /** A version whose every document is answered by the base's golden adapter. */
  manifestOf(documents: readonly string[]): Promise<Manifest>
  close(): Promise<void>
}

const tinyBase = resolve(import.meta.dirname, '../golden/models/llama-tied')

export async function startOpenAiService(): Promise<OpenAiService> {
  const engine = await createEngine({ base: tinyBase })
  const loaded: { answerer?: Answerer } = {}
  const log = createLog('test', 'silent')
  const inference = await listen(createInferenceApp({ findAnswerer: () => loaded.answerer, log }).fetch)
  const api = await startTestApi({ inferenceUrl: inference.url })
  loaded.answerer = createAnswerer({
    db: api.database.query,
    store: api.store,
    engine,
    queue: createGenerationQueue(engine),
  })
  const front = await listen((request) => api.fetch(request))
  const adapter = scaleAdapter(readPeftFolder(join(tinyBase, 'adapter'), engine.base.config), 3)
  return {
    api,
    baseUrl: `${front.url}/v1`,
    engine,
    async manifestOf(documents) {
      const stored = await putAdapter(api.store, encodeAdapter(adapter, engine.base))
      return {
        base: { id: engine.base.id, sha256: engine.base.sha256 },
        adapters: documents.map((document) => ({ ...stored, document, scale: 1 })),
        router: { kind: 'bm25', ...ROUTER_DEFAULTS },
      }
    },
    async close() {
      await front.close()
      await inference.close()
      await loaded.answerer?.close()
      await api.close()
      engine.close()
    },
  }
}

async function listen(fetch: (request: Request) => Response | Promise<Response>) {
  const server = serve({ fetch, hostname: '127.0.0.1', port: 0 }) as Server
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
