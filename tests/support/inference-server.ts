// A small HTTP server that keeps to the agreement between the API and the inference process; tests say what it answers.
// It is no model: what the API does with answers, refusals and silence is what is tested with it.
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CompletionEvent, CompletionRequest } from '../../shared/completions/completion.ts'

export interface InferenceRequest {
  question: string
  model: string
  version: number | null
  mode: string
}

export interface InferenceServer {
  url: string
  /** What was to be completed, in order. */
  completions: CompletionRequest[]
  /** The lines that a completion is answered with; without any, each choice is a word. */
  lines: string[]
  /** A completion is broken off after its lines. */
  breaksOff: boolean
  /** What was asked, in order. */
  asked: InferenceRequest[]
  /** Of what was asked. */
  headers: IncomingHttpHeaders[]
  healthy: boolean
  /** The version that answers when the head is asked. */
  head: number
  /** What answers are said to come from. */
  documents: { id: string; title: string; score: number }[]
  /** When set, every question gets this instead of an answer. */
  refusal: { status: number; body: string } | undefined
  stop(): Promise<void>
}

export async function startInferenceServer(): Promise<InferenceServer> {
  const server = createServer((request, response) => {
    const send = (status: number, body: string) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    if (request.url === '/health') {
      if (inference.healthy) return send(200, '{"status":"ok"}')
      return send(503, JSON.stringify({ code: 'unavailable', detail: 'The base is loading.' }))
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
      if (inference.refusal !== undefined) return send(inference.refusal.status, inference.refusal.body)
      if (request.url === '/complete') {
        inference.completions.push(body as CompletionRequest)
        const lines = inference.lines.length > 0 ? inference.lines : completionOf(body as CompletionRequest)
        const text = lines.map((line) => `${line}\n`).join('')
        response.writeHead(200).write(text, () => (inference.breaksOff ? response.destroy() : response.end()))
        return
      }
      const question = body as InferenceRequest
      inference.asked.push(question)
      inference.headers.push(request.headers)
      return send(200, JSON.stringify(answerTo(question, inference)))
    })
  })
  const inference: InferenceServer = {
    url: '',
    asked: [],
    headers: [],
    completions: [],
    lines: [],
    breaksOff: false,
    healthy: true,
    head: 0,
    documents: [{ id: 'doc_1', title: 'A title', score: 4.2 }],
    refusal: undefined,
    async stop() {
      server.close()
      server.closeAllConnections()
      if (server.listening) await once(server, 'close')
    },
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  inference.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return inference
}

function answerTo(
  { question, version }: InferenceRequest,
  { head, documents }: Pick<InferenceServer, 'head' | 'documents'>,
) {
  return {
    answer: `An answer to: ${question}`,
    version: version ?? head,
    documents,
    logprob: -1.5,
    usage: { prompt_tokens: 12, completion_tokens: 5 },
    timings_ms: { total: 7 },
  }
}

function completionOf({ version, inputs, choices, alternatives }: CompletionRequest): string[] {
  const token = {
    text: 'Orla',
    logprob: -0.5,
    alternatives: [{ text: 'Ilse', logprob: -1 }].slice(0, alternatives ?? 0),
  }
  const spoken = Array.from({ length: inputs.length * choices }, (_, choice): CompletionEvent[] => [
    { type: 'piece', choice, text: token.text, tokens: alternatives === null ? [] : [token] },
    { type: 'end', choice, finish: 'stop', tokens: 2 },
  ])
  const start: CompletionEvent = { type: 'start', version: version ?? 0, base: 'abc', documents: [], promptTokens: 12 }
  return [start, ...spoken.flat()].map((event) => JSON.stringify(event))
}
