// Uploads past the API, into a real S3 server.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openS3Store } from '../../shared/registry/s3-store.ts'
import { problem, startTestApi, type TestApi } from '../support/api.ts'
import { startS3Server, type S3Server } from '../support/s3-server.ts'

let server: S3Server
let api: TestApi
beforeAll(async () => {
  server = await startS3Server()
  const { endpoint, region, credentials } = server
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true })
  await client.send(new CreateBucketCommand({ Bucket: 'objects' }))
  client.destroy()
  api = await startTestApi({ objectStore: openS3Store({ bucket: 'objects', endpoint, region, credentials }) })
})
afterAll(async () => {
  await api.close()
  await server.stop()
})

interface Upload {
  id: string
  url: string
  headers: Record<string, string>
}

const pdf = readFileSync(join(import.meta.dirname, '../data/files/lighthouse.pdf'))

async function announce(filename: string, bytes: number): Promise<Upload> {
  const response = await api.call('POST', '/v1/uploads', { filename, bytes })
  expect(response.status).toBe(201)
  return (await response.json()) as Upload
}

async function put({ url, headers }: Upload, bytes: Uint8Array): Promise<number> {
  return (await fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) })).status
}

const complete = (id: string, body: object = {}, headers = {}) =>
  api.call('POST', `/v1/uploads/${id}/complete`, body, headers)

describe('a file that its sender puts into the bucket', () => {
  it('becomes documents when it is completed, once, and leaves the bucket', async () => {
    const upload = await announce('lighthouse.pdf', pdf.byteLength)
    expect(upload).toMatchObject({ object: 'upload', model: 'default', method: 'PUT', bytes: pdf.byteLength })
    expect(new URL(upload.url).searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;host')
    await problem(await complete(upload.id), 409)
    expect(await put(upload, pdf)).toBe(200)
    const headers = { 'idempotency-key': 'complete-1' }
    const response = await complete(upload.id, { chunk_words: 100 }, headers)
    expect(response.status).toBe(202)
    const list = (await response.json()) as { data: { title: string }[] }
    expect(list.data.map(({ title }) => title)).toEqual([
      'The Varnholt lighthouse: The lamp (1 of 2)',
      'The Varnholt lighthouse: The keeper (2 of 2)',
    ])
    expect(await api.store.has(`uploads/${upload.id}`)).toBe(false)
    expect((await problem(await complete(upload.id), 409)).detail).toMatch(/taken already/)
    expect(await (await complete(upload.id, { chunk_words: 100 }, headers)).json()).toEqual(list)
  })

  it('may be over a megabyte of text', async () => {
    const text = Array.from({ length: 30_000 }, (_, n) => `House ${n} of the long street of Olm was built by Jon Reed.`)
    const bytes = Buffer.from(text.join('\n\n'))
    expect(bytes.byteLength).toBeGreaterThan(1_500_000)
    const upload = await announce('olm.txt', bytes.byteLength)
    await put(upload, bytes)
    const list = (await (await complete(upload.id, { chunk_words: 40_000 })).json()) as { data: { title: string }[] }
    expect(list.data.length).toBeGreaterThan(5)
    expect(list.data[0]?.title).toBe(`olm (1 of ${list.data.length})`)
  })

  it('is refused when it is not what was announced or cannot be read, and can be put again', async () => {
    const upload = await announce('a.txt', pdf.byteLength)
    await api.store.put(`uploads/${upload.id}`, pdf.subarray(1))
    expect((await problem(await complete(upload.id), 400)).detail).toMatch(/were announced/)
    const noise = new Uint8Array(pdf.byteLength).fill(200)
    await put(upload, noise)
    await problem(await complete(upload.id), 400)
    const text = Buffer.from('The mill of Tarsk grinds mustard. '.padEnd(pdf.byteLength))
    await put(upload, text)
    expect((await complete(upload.id)).status).toBe(202)
  })

  it('is announced once under one Idempotency-Key', async () => {
    const send = () => api.call('POST', '/v1/uploads', { filename: 'a.txt', bytes: 9 }, { 'idempotency-key': 'a' })
    const [first, again] = [await send(), await send()]
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await again.json()).toEqual(await first.json())
  })

  it('is announced within limits, for a model that is there', async () => {
    await problem(await api.call('POST', '/v1/uploads', { filename: 'a.pdf', bytes: 1e9 }), 400)
    await problem(await api.call('POST', '/v1/uploads', { filename: 'a.pdf', bytes: 5, model: 'nobody' }), 404)
    await problem(await complete('upl_none'), 404)
  })
})

it('where objects are kept in a folder the answer says how files are sent there', async () => {
  const local = await startTestApi()
  const told = await problem(await local.call('POST', '/v1/uploads', { filename: 'a.pdf', bytes: 5 }), 409)
  expect(told.detail).toMatch(/\/v1\/documents\/upload/)
  await local.close()
})
