// A small HTTP server in the shape of OpenAI's chat completions; tests say what it answers, in order, and how it fails.
// It is no model: what is done with answers, refusals, silence and hostile bodies is what is tested with it.
import { EventEmitter, once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ChatReply {
  /** 200 unless said. */
  status?: number
  headers?: Record<string, string>
  /** The whole body; else a completion that says `content`. */
  body?: string
  content?: string
  finish?: string
  breaks?: 'before' | 'within' | 'never answers'
}

interface AskedChat {
  path: string
  authorization: string | undefined
  body: Record<string, unknown>
}

export interface ChatServer {
  /** Without `/v1`. */
  url: string
  /** What was asked, in order. */
  asked: AskedChat[]
  /** Given out first to last; a completion saying `yes` when there is none. */
  replies: ChatReply[]
  /** Answers in place of `replies` when set, by what is asked. */
  decide: ((asked: AskedChat) => ChatReply) | undefined
  /** Emits `asked` with each request. */
  events: EventEmitter
  stop(): Promise<void>
}

export async function startChatServer(): Promise<ChatServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>
      const asked = { path: request.url ?? '', authorization: request.headers.authorization, body }
      chat.asked.push(asked)
      reply(response, chat.decide?.(asked) ?? chat.replies.shift() ?? {})
      chat.events.emit('asked')
    })
  })
  const chat: ChatServer = {
    url: '',
    asked: [],
    replies: [],
    decide: undefined,
    events: new EventEmitter(),
    async stop() {
      if (!server.listening) return
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  chat.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return chat
}

function reply(
  response: ServerResponse,
  { status = 200, headers = {}, body, content, finish, breaks }: ChatReply,
): void {
  if (breaks === 'never answers') return
  if (breaks === 'before') return void response.destroy()
  const choices = [
    { index: 0, message: { role: 'assistant', content: content ?? 'yes' }, finish_reason: finish ?? 'stop' },
  ]
  const whole = body ?? JSON.stringify({ object: 'chat.completion', choices })
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  if (breaks === 'within') return void response.write(whole.slice(0, 10), () => response.destroy())
  response.end(whole)
}
