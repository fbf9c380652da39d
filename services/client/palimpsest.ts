// The client for programs: `import { createPalimpsest } from 'palimpsest/client'`. The usual calls have names; every other
// call of the API is under `http`, typed by its path. The types are made from the API's own description (openapi.ts), so
// a call that the service does not know does not compile. Runs wherever there is `fetch`.
import createHttpClient, { type Client } from 'openapi-fetch'
import type { components, paths } from './openapi.ts'
import { errorOf } from './palimpsest-error.ts'
import { watchUpdate, type UpdateEvent, type WatchOptions } from './watch-update.ts'

export { PalimpsestError } from './palimpsest-error.ts'
export type { UpdateEvent, WatchOptions } from './watch-update.ts'
export type Schemas = components['schemas']

export interface PalimpsestOptions {
  /** `http://127.0.0.1:8787` when absent. */
  url?: string | undefined
  key: string
  /** In place of the global one. */
  fetch?: ((request: Request) => Promise<Response>) | undefined
}

export interface FileOptions {
  model?: string | undefined
  title?: string | undefined
  /** A longer text is cut into several documents; 600 words when absent. */
  chunkWords?: number | undefined
  /** Stop before training. */
  review?: boolean | undefined
  idempotencyKey?: string | undefined
}

/** All throw PalimpsestError for an answer that is no success, and fetch's TypeError where nobody listens. */
export interface Palimpsest {
  /** Every call, typed by path; resolves with `{ data, error, response }` and throws only where nobody listens. */
  http: Client<paths>
  /** Queues an update. With the same `idempotencyKey` again it is the same document. */
  learn(document: Schemas['DocumentInput'], options?: { idempotencyKey?: string }): Promise<Schemas['Document']>
  /** PDF, DOCX, HTML, Markdown or text, at most 16 MB; the documents that became of it, an update queued for each. */
  learnFile(file: File, options?: FileOptions): Promise<Schemas['Document'][]>
  ask(query: Schemas['Query']): Promise<Schemas['Answer']>
  getUpdate(id: string): Promise<Schemas['Update']>
  /** Queues a practice. With the same `idempotencyKey` again it is the same one; `watch` follows its `update_id`. */
  practise(
    model: string,
    input?: Partial<Schemas['PracticeInput']>,
    options?: { idempotencyKey?: string },
  ): Promise<Schemas['Practice']>
  getPractice(id: string): Promise<Schemas['Practice']>
  /** What writes the model's self-edits, the newest first. */
  listPolicies(model: string): Promise<Schemas['Policy'][]>
  /** The policy that writes now. */
  rollbackPolicy(model: string, policy: number): Promise<Schemas['Policy']>
  /** Each event once, also over a broken connection; ends after the final state. */
  watch(updateId: string, options?: WatchOptions): AsyncGenerator<UpdateEvent>
  /** All, page after page, the newest first. */
  listVersions(model: string): AsyncGenerator<Schemas['Version']>
  getRetention(model: string): Promise<Schemas['Retention']>
  /** The version that is the head now. */
  rollback(model: string, version: number): Promise<Schemas['Version']>
  /** A ZIP of PEFT folders. */
  openAdapter(model: string, version: number, document?: string): Promise<ReadableStream<Uint8Array>>
}

/** `const palimpsest = createPalimpsest({ key }); await palimpsest.ask({ question: 'Who built it?' })` */
export function createPalimpsest({ url, key, fetch }: PalimpsestOptions): Palimpsest {
  const http = createHttpClient<paths>({
    baseUrl: url ?? 'http://127.0.0.1:8787',
    headers: { authorization: `Bearer ${key}` },
    ...(fetch === undefined ? {} : { fetch }),
  })
  return {
    http,
    learn: async (body, { idempotencyKey } = {}) => {
      const header = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
      return unwrap(await http.POST('/v1/documents', { body, params: { header } }))
    },
    learnFile: async (file, { idempotencyKey, chunkWords, ...fields } = {}) => {
      const form = new FormData()
      form.set('file', file)
      for (const [name, value] of Object.entries({ ...fields, chunk_words: chunkWords }))
        if (value !== undefined) form.set(name, String(value))
      const header = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
      const request = { body: { file: file.name }, bodySerializer: () => form, params: { header } }
      return unwrap(await http.POST('/v1/documents/upload', request)).data
    },
    ask: async (body) => unwrap(await http.POST('/v1/query', { body })),
    getUpdate: async (id) => unwrap(await http.GET('/v1/updates/{id}', { params: { path: { id } } })),
    practise: async (name, body = {}, { idempotencyKey } = {}) => {
      const header = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }
      return unwrap(await http.POST('/v1/models/{name}/practice', { body, params: { path: { name }, header } }))
    },
    getPractice: async (id) => unwrap(await http.GET('/v1/practice/{id}', { params: { path: { id } } })),
    listPolicies: async (name) =>
      unwrap(await http.GET('/v1/models/{name}/policies', { params: { path: { name } } })).data,
    rollbackPolicy: async (name, policy) =>
      unwrap(await http.POST('/v1/models/{name}/policies/rollback', { params: { path: { name } }, body: { policy } })),
    watch: (id, options = {}) =>
      watchUpdate(async (headers, signal) => {
        const request = { params: { path: { id } }, headers, parseAs: 'stream' as const, ...(signal ? { signal } : {}) }
        return await http.GET('/v1/updates/{id}/events', request)
      }, options),
    async *listVersions(name) {
      for (let after: string | undefined; ;) {
        const query = { limit: 100, ...(after === undefined ? {} : { after }) }
        const page = unwrap(await http.GET('/v1/models/{name}/versions', { params: { path: { name }, query } }))
        yield* page.data
        if (!page.has_more || page.last_id === null) return
        after = page.last_id
      }
    },
    getRetention: async (name) => unwrap(await http.GET('/v1/models/{name}/retention', { params: { path: { name } } })),
    rollback: async (name, version) =>
      unwrap(await http.POST('/v1/models/{name}/rollback', { params: { path: { name } }, body: { version } })),
    openAdapter: async (name, version, document) => {
      const query = document === undefined ? {} : { document }
      const params = { path: { name, version: String(version) }, query }
      const call = http.GET('/v1/models/{name}/versions/{version}/adapter', { params, parseAs: 'stream' })
      return unwrap<ReadableStream<Uint8Array>>((await call) as Result<ReadableStream<Uint8Array>>)
    },
  }
}

interface Result<Data> {
  data?: Data
  error?: unknown
  response: Response
}

function unwrap<Data>({ data, error, response }: Result<Data>): Data {
  if (data === undefined || !response.ok) throw errorOf(response.status, error)
  return data
}
