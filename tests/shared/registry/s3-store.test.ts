// What a bucket alone can suffer: a network that breaks off, hangs, changes bytes or answers with errors, made by a proxy
// between the store and a real server.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getAdapter, putAdapter } from '../../../shared/registry/adapters.ts'
import type { ObjectStore } from '../../../shared/registry/object-store.ts'
import { openS3Store, type S3StoreOptions } from '../../../shared/registry/s3-store.ts'
import { isStoreAway } from '../../../shared/registry/store-away.ts'
import { startS3Proxy, type Trouble } from '../../support/s3-proxy.ts'
import { createBucket, s3Servers, type S3Server } from '../../support/s3-server.ts'

const adapter = new Uint8Array(3_000_000).map((_, index) => (index * 13) % 251)
const failure = (call: Promise<unknown>) => call.then(() => undefined).catch((error: unknown) => error)

describe.each(s3Servers)('%s', (_name, start) => {
  let server: S3Server
  const closing: (() => void)[] = []
  beforeAll(async () => {
    server = await start()
    await createBucket(server, 'adapters')
  })
  afterAll(async () => {
    closing.forEach((close) => close())
    await server.stop()
  })

  function openStore(endpoint: string, options: Partial<S3StoreOptions> = {}): ObjectStore {
    const { region, credentials } = server
    return openS3Store({ bucket: 'adapters', endpoint, region, credentials, ...options })
  }

  /** A store behind a proxy that meets each request with the next trouble, and lets pass what comes after. */
  async function openThrough(troubles: Trouble[], options: Partial<S3StoreOptions> = {}) {
    const seen: string[] = []
    const proxy = await startS3Proxy(
      server.endpoint,
      ({ method = '' }) => (seen.push(method), troubles.shift() ?? 'pass'),
    )
    closing.push(() => proxy.close())
    return { store: openStore(proxy.endpoint, options), seen, troubles }
  }

  const always = (trouble: Trouble): Trouble[] => Array<Trouble>(100).fill(trouble)

  test('an object that breaks off on the way is asked for again, and comes whole', async () => {
    await openStore(server.endpoint).put('broken-off', adapter)
    const { store, seen } = await openThrough(['break off in the body', 'break off in the body'])
    expect(Buffer.compare(await store.get('broken-off'), adapter)).toBe(0)
    expect(seen).toEqual(['GET', 'GET', 'GET'])
  })

  test('an object that always breaks off is store_failed after the tries allowed, not half an object', async () => {
    const { store, seen } = await openThrough(always('break off in the body'), { attemptsMax: 3 })
    const error = await failure(store.get('broken-off'))
    expect(error).toMatchObject({ code: 'store_failed' })
    expect(isStoreAway(error)).toBe(true)
    expect(seen).toHaveLength(3)
  })

  test.each(['answer 503', 'slow down', 'hang up'] as const)(
    'a server that is busy for a moment (%s) is tried again, for reading and writing',
    async (trouble) => {
      const { store, troubles } = await openThrough([trouble, trouble])
      await store.put('busy', adapter)
      troubles.push(trouble)
      expect(Buffer.compare(await store.get('busy'), adapter)).toBe(0)
    },
  )

  test('a server that says for good that it is too busy is away, which passes by itself', async () => {
    const { store } = await openThrough(always('slow down'), { attemptsMax: 2 })
    const error = await failure(store.get('busy'))
    expect(error).toMatchObject({ code: 'store_failed', retry: true })
    expect(isStoreAway(error)).toBe(true)
  })

  test('a server that takes a request and says nothing is given up after the time allowed', async () => {
    const { store } = await openThrough(always('hang'), { requestSeconds: 0.2, attemptsMax: 2 })
    for (const error of [await failure(store.get('hanging')), await failure(store.put('hanging', adapter))]) {
      expect(error).toMatchObject({ code: 'store_failed', retry: true })
      expect(isStoreAway(error)).toBe(true)
    }
  })

  test('an adapter whose bytes were changed on their way back is read again, and never given out changed', async () => {
    const stored = await putAdapter(openStore(server.endpoint), adapter)
    const { store, seen, troubles } = await openThrough(['change the answer'])
    expect(Buffer.compare(await getAdapter(store, stored), adapter)).toBe(0)
    expect(seen).toEqual(['GET', 'GET'])
    troubles.push(...always('change the answer'))
    await expect(getAdapter(store, stored)).rejects.toMatchObject({ code: 'adapter_unavailable' })
  })

  test('bytes that were changed on their way in are refused by the server', async () => {
    const { store } = await openThrough(['change what is sent'], { attemptsMax: 1 })
    await expect(store.put('changed', adapter)).rejects.toMatchObject({ code: 'store_failed' })
    expect(await store.has('changed')).toBe(false)
  })

  test('an upload in parts whose third part never comes leaves no object and can be done again', async () => {
    const partBytes = 5 * 2 ** 20
    const large = new Uint8Array(12_000_000).map((_, index) => (index * 17) % 251)
    const broken = await openThrough(['pass', 'pass', 'pass', 'answer 503'], { partBytes, attemptsMax: 1 })
    await expect(broken.store.put('parts', large)).rejects.toMatchObject({ code: 'store_failed' })
    const store = openStore(server.endpoint, { partBytes })
    expect(await store.has('parts')).toBe(false)
    expect(await store.put('parts', large, { ifAbsent: true })).toBe(true)
    expect(Buffer.compare(await store.get('parts'), large)).toBe(0)
  })

  test('a missing bucket is a refusal, not an outage: waiting would not mend it', async () => {
    const error = await failure(openStore(server.endpoint, { bucket: 'absent' }).get('key'))
    expect(error).toMatchObject({ code: 'store_failed' })
    expect(isStoreAway(error)).toBe(false)
  })
})

test('wrong credentials are said to be that', async () => {
  // Not every server of these tests looks at keys, so the answer that others give is made here.
  const proxy = createServer((incoming, response) => {
    incoming.resume().on('end', () => {
      const body = '<Error><Code>SignatureDoesNotMatch</Code><Message>The signature does not match.</Message></Error>'
      response.writeHead(403, { 'content-type': 'application/xml' }).end(body)
    })
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const store = openS3Store({ bucket: 'adapters', endpoint, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } })
  const error = await failure(store.get('key'))
  expect(error).toMatchObject({ code: 'store_failed' })
  expect(isStoreAway(error)).toBe(false)
  await expect(store.put('key', adapter)).rejects.toThrow('SignatureDoesNotMatch')
  proxy.closeAllConnections()
  proxy.close()
})
