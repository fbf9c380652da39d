// A network that goes wrong, between an S3 client and a real server: each request is let through, or meets the trouble that
// the test names. Truncated and changed answers are those of the real server, spoilt on the way back.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { request } from 'undici'

export type Trouble =
  | 'pass'
  /** The answer ends in the middle of its body. */
  | 'break off in the body'
  /** One bit of the answer's body is another. */
  | 'change the answer'
  /** One bit of what is sent is another. */
  | 'change what is sent'
  | 'hang'
  | 'answer 503'
  /** As S3 says that it is asked too often. */
  | 'slow down'
  /** The connection is closed without an answer. */
  | 'hang up'

export interface S3Proxy {
  endpoint: string
  close(): void
}

/** `trouble` is asked once for each request. */
export async function startS3Proxy(target: string, trouble: (incoming: IncomingMessage) => Trouble): Promise<S3Proxy> {
  const proxy = createServer((incoming, response) => {
    relay(target, trouble(incoming), incoming, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    close() {
      proxy.closeAllConnections()
      proxy.close()
    },
  }
}

const slowDown = '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'

async function relay(target: string, what: Trouble, incoming: IncomingMessage, response: ServerResponse) {
  if (what === 'hang') return
  if (what === 'hang up') return void response.destroy()
  const sent = await buffer(incoming)
  if (what === 'answer 503') return void response.writeHead(503).end()
  if (what === 'slow down') return void response.writeHead(503, { 'content-type': 'application/xml' }).end(slowDown)
  const { connection: _connection, expect: _expect, ...headers } = incoming.headers
  const reply = await request(target + (incoming.url ?? ''), {
    method: incoming.method as 'GET',
    headers,
    body: sent.length === 0 ? null : what === 'change what is sent' ? spoil(sent) : sent,
  })
  const body = Buffer.from(await reply.body.arrayBuffer())
  response.writeHead(reply.statusCode, { ...reply.headers, connection: 'close' })
  if (what === 'break off in the body')
    return void response.write(body.subarray(0, body.length / 2), () => response.destroy())
  response.end(what === 'change the answer' ? spoil(body) : body)
}

function spoil(body: Buffer): Buffer {
  const middle = Math.floor(body.length / 2)
  return Buffer.concat([body.subarray(0, middle), Buffer.from([body.readUInt8(middle) ^ 1]), body.subarray(middle + 1)])
}
