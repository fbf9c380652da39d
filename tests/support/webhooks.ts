// What tests of webhooks share: a database in which time can be made to pass (deliveries follow the database's clock),
// and a receiver, a real HTTP server that keeps what it got.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'drizzle-orm'
import { Webhook } from 'standardwebhooks'
import type { Db } from '../../shared/database/database.ts'

/** Moves everything that waits for a time that much nearer. */
export async function passTime(db: Db, seconds: number): Promise<void> {
  await db.execute(sql`update deliveries set next_attempt_at = next_attempt_at - make_interval(secs => ${seconds})`)
  await db.execute(sql`update retired_secrets set expires_at = expires_at - make_interval(secs => ${seconds})`)
  await db.execute(sql`update webhooks set
    failing_since = failing_since - make_interval(secs => ${seconds}),
    held_until = held_until - make_interval(secs => ${seconds})`)
}

export interface ReceivedMessage {
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Receiver {
  url: string
  messages: ReceivedMessage[]
  close(): Promise<void>
}

/** `answer` must end the response, or leave it open to be slow. 204 when absent. */
export async function startReceiver(
  answer: (response: ServerResponse, message: ReceivedMessage) => void = (response) => response.writeHead(204).end(),
): Promise<Receiver> {
  const messages: ReceivedMessage[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
    request.on('end', () => {
      const message = { path: request.url ?? '', headers: request.headers, body }
      messages.push(message)
      answer(response, message)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    messages,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The body, after the library of the standard has checked the signature and the time. Throws when they are wrong. */
export function verify(secret: string, { headers, body }: ReceivedMessage): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>)
}
