// What a bucket alone can suffer: a network that breaks off, hangs or answers with errors, made by a proxy between the
// store and a real server.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { request } from 'undici'
import { openS3Store, type S3StoreOptions } from '../../../shared/registry/s3-store.ts'
import { startS3Server, type S3Server } from '../../support/s3-server.ts'

let server: S3Server
const closing: (() => void)[] = []
beforeAll(async () => {
  server = await startS3Server()
  const { endpoint, region, credentials } = server
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket: 'adapters' }))
  client.destroy()
})
afterAll(async () => {
  closing.forEach((close) => close())
  await server.stop()
})

type Trouble = 'pass' | 'break off in the body' | 'hang' | 'answer 503'

/** A store behind the proxy; `trouble` is asked once for each request. */
async function openThrough(trouble: () => Trouble, options: Partial<S3StoreOptions> = {}) {
  const proxy = createServer((incoming, response) => {
    const relay = async (): Promise<void> => {
      const what = trouble()
      if (what === 'hang') return
      if (what === 'answer 503') return void response.writeHead(503).end()
      const chunks: Buffer[] = []
      for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
      const { connection: _connection, expect: _expect, ...headers } = incoming.headers
      const reply = await request(server.endpoint + (incoming.url ?? ''), {
        method: incoming.method as 'GET',
        headers,
        body: chunks.length > 0 ? Buffer.concat(chunks) : null,
      })
      const body = Buffer.from(await reply.body.arrayBuffer())
      response.writeHead(reply.statusCode, { ...reply.headers, connection: 'close' })
      if (what === 'pass') return void response.end(body)
      response.write(body.subarray(0, body.length / 2), () => response.destroy())
    }
    relay().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    proxy.closeAllConnections()
    proxy.close()
  })
  const { region, credentials } = server
  const endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  return openS3Store({ bucket: 'adapters', endpoint, region, credentials, ...options })
}

const adapter = new Uint8Array(3_000_000).map((_, index) => (index * 13) % 251)

test('an object that breaks off on the way is asked for again, and comes whole', async () => {
  const troubles: Trouble[] = ['break off in the body', 'break off in the body']
  let requests = 0
  const store = await openThrough(() => (requests++, troubles.shift() ?? 'pass'))
  const direct = openS3Store({ bucket: 'adapters', endpoint: server.endpoint, credentials: server.credentials })
  await direct.put('broken-off', adapter)
  expect(Buffer.compare(await store.get('broken-off'), adapter)).toBe(0)
  expect(requests).toBe(3)
})

test('an object that always breaks off is store_failed after the tries allowed, not half an object', async () => {
  let requests = 0
  const store = await openThrough(() => (requests++, 'break off in the body'), { attemptsMax: 3 })
  await expect(store.get('broken-off')).rejects.toMatchObject({ code: 'store_failed' })
  expect(requests).toBe(3)
})

test('a server that is busy for a moment is tried again, for reading and writing', async () => {
  const troubles: Trouble[] = ['answer 503', 'answer 503']
  const store = await openThrough(() => troubles.shift() ?? 'pass')
  await store.put('busy', adapter)
  troubles.push('answer 503')
  expect(Buffer.compare(await store.get('busy'), adapter)).toBe(0)
})

test('a server that takes a request and says nothing is given up after the time allowed', async () => {
  const store = await openThrough(() => 'hang', { requestSeconds: 0.2, attemptsMax: 2 })
  await expect(store.get('hanging')).rejects.toMatchObject({ code: 'store_failed', retry: true })
  await expect(store.put('hanging', adapter)).rejects.toMatchObject({ code: 'store_failed', retry: true })
})

test('wrong credentials are said to be that', async () => {
  // The server of these tests takes any key, so the answer that others give is made here.
  const proxy = createServer((incoming, response) => {
    incoming.resume().on('end', () => {
      const body = '<Error><Code>SignatureDoesNotMatch</Code><Message>The signature does not match.</Message></Error>'
      response.writeHead(403, { 'content-type': 'application/xml' }).end(body)
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const store = openS3Store({ bucket: 'adapters', endpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } })
  await expect(store.get('key')).rejects.toMatchObject({ code: 'store_failed' })
  await expect(store.put('key', adapter)).rejects.toThrow('SignatureDoesNotMatch')
  proxy.closeAllConnections()
  proxy.close()
})
