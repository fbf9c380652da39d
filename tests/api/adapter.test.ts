// What is downloaded is unpacked by another program and read back as a PEFT folder.
import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scaleAdapter, type Adapter } from '../../services/engine/adapter/adapter.ts'
import { encodeAdapter, readPeftFolder } from '../../services/engine/adapter/peft.ts'
import { folderConfig } from '../../services/engine/base/folder-config.ts'
import { newAdapter } from '../../services/engine/train/new-adapter.ts'
import { putAdapter } from '../../shared/registry/adapters.ts'
import type { ManifestAdapter } from '../../shared/versions/manifest.ts'
import { goldenPath, readGolden } from '../engine/golden-files.ts'
import { problem, startTestApi, type TestApi } from '../support/api.ts'
import { claimNext, manifestOf, postDocument, promoteClaim } from '../support/loop.ts'

const config = folderConfig(readGolden('models', 'llama-tied', 'config.json') as Record<string, unknown>)
const base = { id: 'tiny', sha256: 'b'.repeat(64) }

let api: TestApi
let folder = ''
const documents: string[] = []
const adapters: Adapter[] = []
const entries: ManifestAdapter[] = []
beforeAll(async () => {
  api = await startTestApi()
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-download-'))
  for (const [index, scale] of [1, 0.5].entries()) {
    const { document } = await postDocument(api.database, `Tower ${index}`)
    documents.push(document.id)
    const adapter = newAdapter(config, { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj'] }, index)
    adapters.push(adapter)
    entries.push({ ...(await putAdapter(api.store, encodeAdapter(adapter, base))), document: document.id, scale })
    const correct = Object.fromEntries(documents.map((id) => [id, 1]))
    const manifest = { ...manifestOf([]), adapters: [...entries] }
    await promoteClaim(api.database, await claimNext(api.database), index, correct, { manifest })
  }
})
afterAll(async () => {
  await api.close()
  await rm(folder, { recursive: true })
})

async function unpack(response: Response): Promise<string> {
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/zip')
  const target = await mkdtemp(join(folder, 'unpacked-'))
  await writeFile(`${target}.zip`, Buffer.from(await response.arrayBuffer()))
  execFileSync('python3', ['-m', 'zipfile', '-e', `${target}.zip`, target])
  return target
}

describe('GET /v1/models/NAME/versions/N/adapter', () => {
  it('gives every adapter as a PEFT folder at the strength it has in the version, and says how they act together', async () => {
    const response = await api.call('GET', '/v1/models/default/versions/2/adapter')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="default-v2.zip"')
    const target = await unpack(response)
    const manifest = JSON.parse(await readFile(join(target, 'manifest.json'), 'utf8')) as {
      adapters: { folder: string }[]
    }
    expect(manifest).toMatchObject({
      ...{ model: 'default', version: 2, base, combination: 'one_per_question' },
      adapters: entries.map(({ sha256, scale, document }) => ({ sha256, scale, documents: [document] })),
    })
    for (const [index, adapter] of adapters.entries()) {
      const read = readPeftFolder(join(target, manifest.adapters[index]?.folder ?? ''), config)
      expect(read).toEqual(scaleAdapter(adapter, entries[index]?.scale ?? NaN))
    }
    expect(readPeftFolder(goldenPath('models', 'llama-tied', 'adapter'), config)).not.toEqual(adapters[0])
  })

  it("gives one document's adapter alone, ready to be loaded", async () => {
    const path = `/v1/models/default/versions/v1/adapter?document=${documents[0]}`
    expect(readPeftFolder(await unpack(await api.call('GET', path)), config)).toEqual(adapters[0])
  })

  it('says 404 for the base, for a version that is not there and for a document that it does not hold', async () => {
    for (const path of ['0/adapter', '9/adapter', `1/adapter?document=${documents[1]}`])
      await problem(await api.call('GET', `/v1/models/default/versions/${path}`), 404)
    await problem(await api.call('GET', '/v1/models/nobody/versions/1/adapter'), 404)
  })

  it('says 503 before anything is sent when one of the adapters is missing or damaged', async () => {
    const [first, second] = entries
    const bytes = await api.store.get(second?.key ?? '')
    await api.store.delete(second?.key ?? '')
    const told = await problem(await api.call('GET', '/v1/models/default/versions/2/adapter'), 503)
    expect(told).toMatchObject({ code: 'adapter_unavailable' })
    await api.store.put(second?.key ?? '', bytes)
    await api.store.put(first?.key ?? '', bytes)
    expect((await problem(await api.call('GET', '/v1/models/default/versions/1/adapter'), 503)).detail).toMatch(
      /damaged/,
    )
  })
})
