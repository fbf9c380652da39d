// Against a small HTTP server that answers the three requests the Hub's client makes (list, file information, file),
// over the files of a tiny base: the Hub itself is no part of a test that must run anywhere.
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openBase } from '../../../services/engine/base/open-base.ts'
import { goldenPath } from '../golden-files.ts'

const NAMES = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json']

let server: Server
let hubUrl = ''
let cacheFolder = ''
let downloads: string[] = []
/** What the server serves; a test may damage it. */
let files = new Map<string, Buffer>()
let listedHash = ''

beforeEach(async () => {
  cacheFolder = mkdtempSync(join(tmpdir(), 'hub-'))
  downloads = []
  const read = (name: string) => [name, readFileSync(goldenPath('models', 'qwen2', name))] as const
  files = new Map([...NAMES.map(read), ['pytorch_model.bin', Buffer.from('not wanted')]])
  listedHash = createHash('sha256')
    .update(files.get('model.safetensors') ?? '')
    .digest('hex')
  server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    if (path.startsWith('/api/models/org/tiny/tree/')) {
      const list = [...files].map(([name, { length }]) => {
        const lfs = { oid: listedHash, size: length, pointerSize: 130 }
        return {
          type: 'file',
          path: name,
          size: length,
          oid: 'f'.repeat(40),
          ...(name.endsWith('.safetensors') ? { lfs } : {}),
        }
      })
      return response.setHeader('content-type', 'application/json').end(JSON.stringify(list))
    }
    const name = path.replace('/org/tiny/resolve/main/', '')
    const content = files.get(name)
    if (!content) return response.writeHead(404, { 'x-error-code': 'RepoNotFound' }).end()
    const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? []
    const part = content.subarray(Number(from), to ? Number(to) + 1 : undefined)
    if (part.length > 1) downloads.push(name)
    const range = `bytes ${from}-${Number(from) + part.length - 1}/${content.length}`
    response.writeHead(206, { etag: '"1"', 'content-range': range, 'content-length': part.length }).end(part)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(cacheFolder, { recursive: true })
})

/** An address where nothing listens. */
async function closedUrl(): Promise<string> {
  const closed = createServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const { port } = closed.address() as AddressInfo
  await new Promise((resolve) => closed.close(resolve))
  return `http://127.0.0.1:${port}`
}

describe('a base from the Hub', () => {
  test('is fetched once, only what a base needs, and then opens without a network', async () => {
    const base = await openBase('org/tiny', { cacheFolder, hubUrl })
    expect(base.id).toBe('org/tiny')
    expect(base.config.family).toBe('qwen2')
    expect([...downloads].sort()).toEqual(NAMES)
    base.close()
    const again = await openBase('org/tiny', { cacheFolder, hubUrl: await closedUrl() })
    expect(again.sha256).toBe(base.sha256)
    again.close()
  })

  test('an interrupted download goes on with the files that are missing', async () => {
    const whole = files
    files = new Map([...whole, ['model.safetensors', Buffer.alloc((whole.get('model.safetensors') ?? '').length)]])
    await expect(openBase('org/tiny', { cacheFolder, hubUrl })).rejects.toThrow(
      'model.safetensors does not match its SHA-256',
    )
    expect(downloads).toEqual(['config.json', 'model.safetensors'])
    files = whole
    downloads = []
    const base = await openBase('org/tiny', { cacheFolder, hubUrl })
    base.close()
    expect([...downloads].sort()).toEqual(['model.safetensors', 'tokenizer.json', 'tokenizer_config.json'])
    const [folder = ''] = readdirSync(join(cacheFolder, 'hub'))
    expect(readdirSync(join(cacheFolder, 'hub', folder)).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('a closed network and an unknown name are plain sentences that say what works instead', async () => {
    await expect(openBase('org/tiny', { cacheFolder, hubUrl: await closedUrl() })).rejects.toThrow(
      /cannot fetch base org\/tiny from the Hugging Face Hub: .*ECONNREFUSED.*; a GGUF file or a folder works without/,
    )
    await expect(openBase('org/unknown', { cacheFolder, hubUrl })).rejects.toThrow('cannot fetch base org/unknown')
  })

  test('a repository without safetensors weights is refused', async () => {
    files.delete('model.safetensors')
    await expect(openBase('org/tiny', { cacheFolder, hubUrl })).rejects.toThrow('holds no safetensors weights')
  })

  test('a folder of that name wins over the Hub', async () => {
    writeFileSync(join(cacheFolder, 'config.json'), '{}')
    await expect(openBase(cacheFolder, { hubUrl })).rejects.toThrow('unsupported model type')
    expect(downloads).toEqual([])
  })
})
