// A caller of the service: HTTP and nothing else, every answer parsed by the schema that the API documents. Used by the
// tests of the whole service and by the benchmarks, which may talk to a service that somebody else started.
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { answerSchema } from '../../services/api/inference-client.ts'
import { documentSchema, type Document, type Question } from '../../shared/documents/document.ts'
import { retentionSchema, type Retention } from '../../shared/evaluations/retention.ts'
import { modelSchema, type ModelBody } from '../../shared/models/model.ts'
import type { QueryMode } from '../../shared/query-modes.ts'
import { pageSchema, type Page } from '../../shared/page.ts'
import { isFinal, updateSchema, type Update } from '../../shared/updates/update.ts'
import { versionSchema, type VersionBody } from '../../shared/versions/version.ts'

const queryAnswerSchema = answerSchema.extend({ object: z.literal('answer'), model: z.string() })
export type QueryAnswer = z.infer<typeof queryAnswerSchema>

const eventDataSchema = z.record(z.string(), z.unknown())
const problemSchema = z.object({ detail: z.string() })

/** The service answered, but not with success. */
export class RequestError extends Error {
  readonly status: number

  constructor(call: string, status: number, detail: string) {
    super(`${call} answered ${status}: ${detail}`)
    this.name = 'RequestError'
    this.status = status
  }
}

export interface ReceivedEvent {
  type: string
  data: Record<string, unknown>
}

export interface Client {
  /** Throws RequestError, and fetch's TypeError where nobody listens; so do all others. */
  postDocument(input: { title: string; text: string; questions?: Question[] }): Promise<Document>
  getUpdate(id: string): Promise<Update>
  /** Everything that happened to an update; resolves when it has ended, as the stream does. */
  readEvents(id: string): Promise<ReceivedEvent[]>
  ask(question: string, options?: { model?: string; mode?: QueryMode }): Promise<QueryAnswer>
  getModel(name: string): Promise<ModelBody>
  listVersions(model: string): Promise<Page<VersionBody>>
  getRetention(model: string): Promise<Retention>
}

/** `url` like http://127.0.0.1:8787. */
export function createClient(url: string, key: string): Client {
  const authorization = `Bearer ${key}`
  async function call<Body>(
    schema: z.ZodType<Body>,
    method: 'GET' | 'POST',
    path: string,
    body?: object,
  ): Promise<Body> {
    const response = await fetch(url + path, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new RequestError(`${method} ${path}`, response.status, detailOf(text))
    return schema.parse(JSON.parse(text))
  }
  return {
    postDocument: (input) => call(documentSchema, 'POST', '/v1/documents', input),
    getUpdate: (id) => call(updateSchema, 'GET', `/v1/updates/${id}`),
    readEvents: async (id) => {
      const path = `/v1/updates/${id}/events`
      const response = await fetch(url + path, { headers: { authorization } })
      const text = await response.text()
      if (!response.ok) throw new RequestError(`GET ${path}`, response.status, detailOf(text))
      return parseEvents(text)
    },
    ask: (question, options = {}) => call(queryAnswerSchema, 'POST', '/v1/query', { question, ...options }),
    getModel: (name) => call(modelSchema, 'GET', `/v1/models/${name}`),
    listVersions: (model) => call(pageSchema(versionSchema), 'GET', `/v1/models/${model}/versions?limit=100`),
    getRetention: (model) => call(retentionSchema, 'GET', `/v1/models/${model}/retention`),
  }
}

/** Asks for the update until it has ended, telling `onChange` of it each time; gives back its end. */
export async function followUpdate(
  client: Pick<Client, 'getUpdate'>,
  id: string,
  onChange: (update: Update) => void = () => undefined,
): Promise<Update> {
  for (;;) {
    const update = await client.getUpdate(id)
    onChange(update)
    if (isFinal(update.state)) return update
    await sleep(300)
  }
}

/** Server-sent events; comments that keep the line open are passed over. */
function parseEvents(text: string): ReceivedEvent[] {
  return text.split('\n\n').flatMap((block) => {
    const field = (name: string) =>
      block
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2)
    const [type, data] = [field('event'), field('data')]
    return type === undefined || data === undefined ? [] : [{ type, data: eventDataSchema.parse(JSON.parse(data)) }]
  })
}

function detailOf(text: string): string {
  try {
    return problemSchema.parse(JSON.parse(text)).detail
  } catch {
    return text.slice(0, 200)
  }
}
