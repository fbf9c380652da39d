// The contract of the object store, kept by both implementations: a folder, and S3 against a real server.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFolderStore } from '../../../shared/registry/folder-store.ts'
import type { ObjectStore } from '../../../shared/registry/object-store.ts'
import { openS3Store } from '../../../shared/registry/s3-store.ts'
import { createBucket, s3Servers, startS3Server, type S3Server } from '../../support/s3-server.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

async function openFolder(): Promise<{ store: ObjectStore; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-store-'))
  return {
    // Not there yet: the store makes it.
    store: openFolderStore(join(folder, 'objects')),
    remove: () => rm(folder, { recursive: true }),
  }
}

async function openBucket(
  start: () => Promise<S3Server>,
): Promise<{ store: ObjectStore; remove: () => Promise<void> }> {
  const server = await start()
  await createBucket(server, 'contract')
  const { endpoint, region, credentials } = server
  return {
    // Pages of three, so that the list needs several; parts as small as S3 allows.
    store: openS3Store({ bucket: 'contract', endpoint, region, credentials, keysPerPage: 3, partBytes: 5 * 2 ** 20 }),
    remove: () => server.stop(),
  }
}

describe.each([
  ['a folder', openFolder] as const,
  ...s3Servers.map(([name, start]) => [`a bucket of ${name}`, () => openBucket(start)] as const),
])('%s', (_name, open) => {
  let store: ObjectStore
  let remove: () => Promise<void>
  beforeAll(async () => {
    ;({ store, remove } = await open())
  })
  afterAll(() => remove())

  test('is empty at first', async () => {
    expect(await store.list('')).toEqual([])
    expect(await store.has('adapters/none')).toBe(false)
  })

  test('gives back the bytes that were put, of any value and none at all', async () => {
    const all = Uint8Array.from({ length: 256 * 40 }, (_, index) => index % 256)
    await store.put('bytes/all.bin', all)
    await store.put('bytes/empty', new Uint8Array())
    expect(Buffer.compare(await store.get('bytes/all.bin'), all)).toBe(0)
    expect((await store.get('bytes/empty')).length).toBe(0)
    expect(await store.has('bytes/empty')).toBe(true)
  })

  test('takes an object of the size of a large adapter, in parts where it has to, and once', async () => {
    const large = new Uint8Array(28_000_000).map((_, index) => (index * 31) % 251)
    expect(await store.put('bytes/large', large, { ifAbsent: true })).toBe(true)
    expect(await store.put('bytes/large', large.subarray(1), { ifAbsent: true })).toBe(false)
    expect(Buffer.compare(await store.get('bytes/large'), large)).toBe(0)
    await store.delete('bytes/large')
  })

  test('stores what a view shows, not the whole buffer behind it', async () => {
    const view = bytes('..seen..').subarray(2, 6)
    await store.put('bytes/view', view)
    expect(Buffer.from(await store.get('bytes/view')).toString()).toBe('seen')
  })

  test('says not_found for a key that was never put, was deleted, or is only the beginning of another', async () => {
    await store.put('gone/here.txt', bytes('x'))
    await store.delete('gone/here.txt')
    await store.put('deep/er/key', bytes('x'))
    for (const key of ['never', 'gone/here.txt', 'deep', 'deep/er', 'deep/er/key/below']) {
      await expect(store.get(key)).rejects.toMatchObject({ code: 'not_found' })
      expect(await store.has(key)).toBe(false)
    }
  })

  test('replaces on a second put, and misses nothing when deleting what is not there', async () => {
    await store.put('again', bytes('first'))
    await store.put('again', bytes('second, longer'))
    expect(Buffer.from(await store.get('again')).toString()).toBe('second, longer')
    await store.delete('again')
    await store.delete('again')
    expect(await store.has('again')).toBe(false)
  })

  test('of writers that may not replace one another one wins, and what it wrote stays', async () => {
    const written = await Promise.all(
      Array.from({ length: 6 }, (_, index) => store.put('once', bytes(`writer ${index}`), { ifAbsent: true })),
    )
    expect(written.filter(Boolean)).toHaveLength(1)
    const winner = `writer ${written.indexOf(true)}`
    expect(await store.put('once', bytes('a late one'), { ifAbsent: true })).toBe(false)
    expect(Buffer.from(await store.get('once')).toString()).toBe(winner)
    expect(await store.put('once', bytes('who may'))).toBe(true)
    expect(Buffer.from(await store.get('once')).toString()).toBe('who may')
  })

  test('lists every key of a prefix in order, however many, and nothing else', async () => {
    const keys = Array.from({ length: 11 }, (_, index) => `list/a${String(index).padStart(2, '0')}`)
    await Promise.all([...keys, 'list/b', 'lisp/a00'].map((key) => store.put(key, bytes(key))))
    const listed = async (prefix: string) => (await store.list(prefix)).map(({ key }) => key)
    expect(await listed('list/a')).toEqual(keys)
    expect(await listed('list/')).toEqual([...keys, 'list/b'])
    const [one] = await store.list('list/b')
    expect(one).toMatchObject({ key: 'list/b', bytes: 'list/b'.length })
    expect(Math.abs(Date.now() - (one?.modifiedAt.getTime() ?? 0))).toBeLessThan(60_000)
    expect(await store.list('none/')).toEqual([])
  })

  test('a reader sees the old or the new bytes while they are replaced, never a mixture', async () => {
    const versions = [0, 1, 2, 3].map((value) => new Uint8Array(300_000).fill(value))
    await store.put('race', versions[0] ?? bytes(''))
    const reads = Array.from({ length: 12 }, async () => new Set(await store.get('race')).size)
    await Promise.all(versions.map((version) => store.put('race', version)))
    expect(await Promise.all(reads)).toEqual(Array(12).fill(1))
  })

  test.each([
    '',
    '/',
    '/etc/passwd',
    '../up',
    'a/../../up',
    'a//b',
    'a/',
    '.hidden',
    'a/.b',
    'a b',
    'a\\b',
    'ä',
    'a\0b',
  ])('refuses the key %j', async (key) => {
    await expect(store.put(key, bytes('x'))).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(store.get(key)).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(store.delete(key)).rejects.toMatchObject({ code: 'invalid_request' })
  })
})

describe('a bucket that is not what it should be', () => {
  test('a server that is not there is store_failed, which a worker may try again', async () => {
    const store = openS3Store({
      bucket: 'any',
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      attemptsMax: 2,
    })
    const failure = await store.get('key').catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'store_failed', retry: true })
    expect(String(failure)).toContain('the bucket any at http://127.0.0.1:1')
    await expect(store.put('key', bytes('x'))).rejects.toMatchObject({ code: 'store_failed' })
    await expect(store.list('')).rejects.toMatchObject({ code: 'store_failed' })
  })

  test('a missing bucket is a failure that names it, not a missing object', async () => {
    const server = await startS3Server()
    const store = openS3Store({ bucket: 'absent', endpoint: server.endpoint, credentials: server.credentials })
    await expect(store.get('key')).rejects.toMatchObject({ code: 'store_failed' })
    await expect(store.put('key', bytes('x'))).rejects.toThrow(/bucket absent .*NoSuchBucket/)
    await server.stop()
  })
})

test('a folder leaves nothing unfinished behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-store-'))
  const store = openFolderStore(folder)
  await Promise.all(Array.from({ length: 8 }, (_, index) => store.put(`a/${index % 2}`, bytes(String(index)))))
  await store.put('b', bytes('x'))
  await expect(store.put('b/below', bytes('x'))).rejects.toMatchObject({ code: 'store_failed' })
  expect(await readdir(join(folder, '.unfinished'))).toEqual([])
  await rm(folder, { recursive: true })
})
