// The command as a process of its own, as a shell runs it, against the API behind a port.
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify, stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeAdapter } from '../../services/engine/adapter/peft.ts'
import { openBase } from '../../services/engine/base/open-base.ts'
import { folderConfig } from '../../services/engine/base/folder-config.ts'
import { newAdapter } from '../../services/engine/train/new-adapter.ts'
import { putAdapter } from '../../shared/registry/adapters.ts'
import { createModel } from '../../shared/models/create-model.ts'
import { modelSettingsSchema } from '../../shared/models/settings.ts'
import type { ManifestAdapter } from '../../shared/versions/manifest.ts'
import { finishUpdate } from '../../shared/updates/finish-update.ts'
import { claimUpdate, type Claim } from '../../shared/updates/claim-update.ts'
import { goldenPath, readGolden } from '../engine/golden-files.ts'
import { apiKey, startTestApi, type TestApi } from '../support/api.ts'
import { manifestOf, postDocument, claimNext, promoteClaim } from '../support/loop.ts'
import { policyOf, practiseFor } from '../support/practise-for.ts'
import { serveApi, type ServedApi } from '../support/serve-api.ts'

const data = fileURLToPath(new URL('../data/files', import.meta.url))
const command = fileURLToPath(new URL('../../services/cli/palimpsest.mjs', import.meta.url))

let api: TestApi
let served: ServedApi
let folder: string
beforeAll(async () => {
  api = await startTestApi()
  served = await serveApi(api)
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-cli-'))
})
afterAll(async () => {
  await served.close()
  await api.close()
  await rm(folder, { recursive: true })
})

interface Ran {
  status: number
  out: string
  error: string
}

function run(args: string[], { env = {}, input }: { env?: Record<string, string>; input?: string } = {}): Promise<Ran> {
  const { PATH = '' } = process.env
  const own = { PATH, PALIMPSEST_URL: served.url, PALIMPSEST_API_KEY: apiKey, ...env }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [command, ...args], { cwd: folder, env: own }, (error, out, told) => {
      resolve({ status: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, error: told })
    })
    child.stdin?.end(input)
  })
}

/** Ends the next updates as the trainer would, while the command looks on. */
async function train(count: number, end: (claim: Claim) => Promise<unknown>): Promise<void> {
  for (let done = 0; done < count;) {
    const claim = await claimUpdate(api.database.query, { leaseSeconds: 60 })
    if (claim === undefined) await new Promise((resolve) => setTimeout(resolve, 20))
    else {
      await end(claim)
      done += 1
    }
  }
}

let head = 0
const known: Record<string, number> = {}
async function promote(claim: Claim): Promise<void> {
  for (const { id } of claim.documents) known[id] = 0
  head = await promoteClaim(api.database, claim, head, known)
}

const text = (name: string): string => `# The ${name}\n\nThe ${name} was built in 1871 by Ilse Marrow of Tarsk.\n`

test('learn: files become documents named by their heading, followed until they are in a version', async () => {
  await writeFile(join(folder, 'mill.md'), text('mill'))
  await writeFile(join(folder, 'tower.txt'), 'The tower of Skerrow was painted green by Ottilie Brandt.')
  const [ran] = await Promise.all([run(['learn', 'mill.md', 'tower.txt']), train(2, promote)])
  expect(ran).toMatchObject({ status: 0, error: '' })
  expect(ran.out.split('\n')).toEqual([
    'mill.md: promoted as v1, 2 of 2 questions answered (0 before)',
    'tower.txt: promoted as v2, 2 of 2 questions answered (0 before)',
    '',
  ])
  const list = (await (await api.call('GET', '/v1/documents')).json()) as { data: { title: string }[] }
  expect(list.data.map(({ title }) => title)).toEqual(['tower', 'The mill'])
})

test('a reader that leaves before the end, as head does, ends the command without a word', async () => {
  const pipe = `"${process.execPath}" "${command}" versions --json | true`
  const env = { PATH: process.env['PATH'] ?? '', PALIMPSEST_URL: served.url, PALIMPSEST_API_KEY: apiKey }
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', pipe], { cwd: folder, env })
  expect([stdout, stderr]).toEqual(['', ''])
})

test('learn --json tells document and update; an update that fails is status 4', async () => {
  const reason = { code: 'unprocessable_document', message: 'Nothing could be learned from it.' }
  const fail = (claim: Claim) => finishUpdate(api.database.query, claim.lease, { state: 'failed', error: reason })
  const [ran] = await Promise.all([
    run(['learn', '-', '--json', '--title', 'From a pipe'], { input: text('pier') }),
    train(1, fail),
  ])
  expect(ran.status).toBe(4)
  expect(JSON.parse(ran.out)).toMatchObject({
    document: { title: 'From a pipe' },
    update: { state: 'failed', error: reason },
  })
})

test('learn --no-wait leaves the update to the service; watch follows it', async () => {
  const queued = await run(['learn', '-', '--no-wait', '--json'], { input: text('quay') })
  const { document } = JSON.parse(queued.out) as { document: { update_id: string; state: string } }
  expect([queued.status, document.state]).toEqual([0, 'queued'])
  const [ran] = await Promise.all([run(['watch', document.update_id, '--json']), train(1, promote)])
  const lines = ran.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(ran.status).toBe(0)
  expect(lines[0]).toMatchObject({ event: 'state', data: { state: 'queued' } })
  expect(lines.at(-1)).toMatchObject({ update: { id: document.update_id, state: 'promoted' } })
})

test('ask: the answer alone on the first line, and where it came from', async () => {
  api.inference.head = head
  const plain = await run(['ask', 'Who', 'built it?'])
  expect(plain).toEqual({
    status: 0,
    out: `An answer to: Who built it?\ndefault@v${head}, from A title (4.20)\n`,
    error: '',
  })
  const json = await run(['ask', 'Who built it?', '--model', 'default@v1', '--mode', 'hybrid', '--json'])
  expect(JSON.parse(json.out)).toMatchObject({ object: 'answer', model: 'default@v1' })
  expect(api.inference.asked.at(-1)).toMatchObject({ version: 1, mode: 'hybrid' })
})

test('versions and rollback: which one answers, and another one from then on', async () => {
  const before = await run(['versions'])
  expect(before.out.split('\n')[0]).toMatch(/^version +parent +made \(UTC\) +verdict$/)
  expect(before.out).toMatch(new RegExp(`^v${head} +head +v${head - 1} +[-0-9 :]+ promote: nothing was lost$`, 'm'))
  expect((await run(['rollback', 'v1'])).out).toBe('default@v1 answers now.\n')
  const after = (await run(['versions', '--json'])).out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
  expect(after.filter((version) => 'head' in version && version.head)).toMatchObject([{ version: 1 }])
  await run(['rollback', String(head)])
})

test('retention: documents by versions, in colour where that is wanted, cut to the width of the terminal', async () => {
  const plain = await run(['retention'])
  expect(plain.out).not.toContain('\u001b')
  const lines = plain.out.split('\n')
  expect(lines[0]).toMatch(new RegExp(`^ +v0 +v1 +v2 +v${head}\\*$`))
  expect(lines[1]).toMatch(/^The mill +0\/\d/)
  expect(lines.find((line) => line.startsWith('tower'))).toContain('·')
  expect(lines.at(-2)).toContain('(* the head)')
  const colored = await run(['retention'], { env: { FORCE_COLOR: '1' } })
  expect(colored.out).toContain('\u001b[97;48;5;88m')
  expect(stripVTControlCharacters(colored.out)).toBe(plain.out)
  expect(JSON.parse((await run(['retention', '--json'])).out)).toMatchObject({ object: 'retention', head })
})

test('policies: which writes, and an older one from then on', async () => {
  for (const name of ['Pier', 'Quay']) {
    await postDocument(api.database, name)
    await promote(await claimNext(api.database))
  }
  const { id, lease } = await practiseFor(api.database, [policyOf('c')])
  await finishUpdate(api.database.query, lease, { state: 'cancelled' })
  const rows = ['policy          made by', `1       writes  ${id}, round 1`, '0               the base']
  expect((await run(['policies'])).out.split('\n').slice(0, -1)).toEqual(rows)
  expect((await run(['policies', 'rollback', '0'])).out).toBe('Policy 0 writes the self-edits of default now.\n')
  expect(
    (await run(['policies', '--json'])).out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as object),
  ).toMatchObject([
    { policy: 1, active: false },
    { policy: 0, active: true },
  ])
})

/** A version of two adapters, the second at half its strength; their bytes as stored. */
async function promoteAdapters(): Promise<Uint8Array[]> {
  const config = folderConfig(readGolden('models', 'llama-tied', 'config.json') as Record<string, unknown>)
  const base = { id: 'tiny', sha256: 'b'.repeat(64) }
  const lora = { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj'] } as const
  const files = [1, 2].map((seed) => encodeAdapter(newAdapter(config, lora, seed), base))
  const adapters: ManifestAdapter[] = []
  for (const [index, file] of files.entries()) {
    const { document } = await postDocument(api.database, `Exported tower ${index}`)
    adapters.push({ ...(await putAdapter(api.store, file)), document: document.id, scale: index === 0 ? 1 : 0.5 })
    const claim = await claimNext(api.database)
    const manifest = { ...manifestOf([]), adapters: [...adapters] }
    head = await promoteClaim(api.database, claim, head, { [document.id]: 1 }, { manifest })
  }
  return files
}

test('export: each adapter of a version in a PEFT folder of its own, byte for byte and at the strength it has there', async () => {
  const files = await promoteAdapters()
  const ran = await run(['export', '--json'])
  const told = JSON.parse(ran.out) as { folder: string; bytes: number; version: number }
  expect([ran.status, told.folder, told.version]).toEqual([0, `default-v${head}`, head])
  const target = join(folder, told.folder)
  const manifest = JSON.parse(await readFile(join(target, 'manifest.json'), 'utf8')) as {
    combination: string
    adapters: { folder: string }[]
  }
  const written = manifest.adapters.map((adapter) => join(target, adapter.folder))
  expect(written).toHaveLength(2)
  for (const [index, one] of written.entries()) {
    expect(Buffer.compare(await readFile(join(one, 'adapter_model.safetensors')), files[index] ?? Buffer.of())).toBe(0)
    const config = JSON.parse(await readFile(join(one, 'adapter_config.json'), 'utf8')) as object
    expect(config).toMatchObject({ peft_type: 'LORA', r: 4, lora_alpha: index === 0 ? 8 : 4 })
  }
  expect((await readdir(target)).sort()).toEqual([...manifest.adapters.map((one) => one.folder), 'manifest.json'])
  const again = await run(['export', `v${head}`])
  expect([again.status, again.error]).toEqual([2, expect.stringContaining('is there already')])
  expect((await run(['export', `v${head}`, '--overwrite'])).status).toBe(0)
})

test('export: of a version named by its model, of an alias, of one document, or zipped', async () => {
  await api.call('PUT', '/v1/models/default/aliases/stable', { version: head - 1 })
  for (const reference of [`default@v${head - 1}`, 'default@stable']) {
    const ran = await run(['export', '--model', reference, '--out', reference, '--json'])
    expect(JSON.parse(ran.out)).toMatchObject({ folder: reference, model: 'default', version: head - 1 })
    expect((await readdir(join(folder, reference))).filter((name) => name !== 'manifest.json')).toHaveLength(1)
  }
  const version = (await (await api.call('GET', `/v1/models/default/versions/${head}`)).json()) as {
    manifest: { adapters: { document: string }[] }
  }
  const document = version.manifest.adapters[1]?.document ?? ''
  expect((await run(['export', '--document', document, '--out', 'one'])).status).toBe(0)
  expect((await readdir(join(folder, 'one'))).sort()).toEqual(['adapter_config.json', 'adapter_model.safetensors'])
  const zipped = JSON.parse((await run(['export', '--out', 'all.zip', '--json'])).out) as { bytes: number }
  const archive = await readFile(join(folder, 'all.zip'))
  expect([archive.length, archive.subarray(0, 2).toString()]).toEqual([zipped.bytes, 'PK'])
})

test('export: the base of a model has no adapters, and what is not there leaves no folder', async () => {
  const before = await readdir(folder)
  const none = await run(['export', '0', '--out', 'nothing'])
  expect(none).toMatchObject({ status: 1, out: '' })
  expect(none.error).toContain('it has no adapter')
  expect((await run(['export', '--model', 'default@nowhere'])).status).toBe(1)
  expect(await readdir(folder)).toEqual(before)
})

test('export base: a folder that opens as the same base, without a service or a key', async () => {
  const tiny = goldenPath('models', 'llama3-untied.Q8_0.gguf')
  const env = { BASE_MODEL: tiny, PALIMPSEST_API_KEY: '', PALIMPSEST_URL: '' }
  const ran = await run(['export', 'base', '--dtype', 'f32', '--json'], { env })
  expect(ran).toMatchObject({ status: 0, error: '' })
  const told = JSON.parse(ran.out) as { folder: string; bytes: number }
  expect(told).toMatchObject({ folder: 'llama3-untied.Q8_0-f32', dtype: 'f32' })
  const [written, source] = [await openBase(join(folder, told.folder)), await openBase(tiny)]
  expect(written.config).toEqual(source.config)
  for (const name of source.tensorNames) expect(written.read(name)).toEqual(source.read(name))
  for (const base of [written, source]) base.close()
  const refusals: [string[], number, string][] = [
    [['--dtype', 'f32'], 2, 'is there already'],
    [['--dtype', 'q4'], 2, '--dtype is one of f32, bf16, f16'],
    [['--out', 'own', '--overwrite'], 2, 'own holds no config.json'],
  ]
  await mkdir(join(folder, 'own'))
  await writeFile(join(folder, 'own', 'mine.txt'), 'not to be lost')
  for (const [args, status, sentence] of refusals) {
    const refused = await run(['export', 'base', ...args], { env })
    expect([refused.status, refused.error]).toEqual([status, expect.stringContaining(sentence)])
  }
  const missing = await run(['export', 'base'], { env: { ...env, BASE_MODEL: './nowhere.gguf' } })
  expect([missing.status, missing.error]).toEqual([1, expect.stringContaining('nowhere.gguf is not there')])
})

test('learn: a folder of PDF, DOCX and HTML, one document each by its own title; what is none of them is refused alone', async () => {
  await mkdir(join(folder, 'papers', 'pages'), { recursive: true })
  for (const name of ['lighthouse.pdf', 'lighthouse.docx'])
    await copyFile(join(data, name), join(folder, 'papers', name))
  const html = '<title>The weir</title><body><p>The weir was built by Jon Strand in 1902.</p></body>'
  await writeFile(join(folder, 'papers', 'pages', 'weir.html'), html)
  await writeFile(join(folder, 'papers', 'notes.log'), 'left out')
  await writeFile(join(folder, 'picture.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]))
  const [ran] = await Promise.all([run(['learn', 'picture.png', 'papers']), train(3, promote)])
  expect(ran.status).toBe(1)
  expect(ran.error).toMatch(
    /^palimpsest: picture\.png: picture\.png.* is no PDF, DOCX, HTML, Markdown or plain text\.\n$/,
  )
  expect(ran.out.split('\n').map((line) => line.split(' as ')[0])).toEqual([
    'lighthouse.docx: promoted',
    'lighthouse.pdf: promoted',
    'weir.html: promoted',
    '',
  ])
  const list = (await (await api.call('GET', '/v1/documents?limit=3')).json()) as { data: { title: string }[] }
  expect(list.data.map(({ title }) => title)).toEqual([
    'The weir',
    'The Varnholt lighthouse',
    'The Varnholt lighthouse',
  ])
})

test('learn: a long file becomes several documents, each followed under its own title', async () => {
  const paragraphs = [1, 2, 3].map((berth) => `Berth ${berth} is for boats. ${'A boat is tarred in May. '.repeat(80)}`)
  await writeFile(join(folder, 'berths.txt'), paragraphs.join('\n\n'))
  const [ran] = await Promise.all([run(['learn', 'berths.txt', '--json']), train(3, promote)])
  const told = ran.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
  expect(ran.status).toBe(0)
  expect(told).toMatchObject(
    [1, 2, 3].map((part) => ({
      ...{ file: 'berths.txt', document: { title: `berths (${part} of 3)` }, update: { state: 'promoted' } },
    })),
  )
})

test('practice: the model practises on its documents with questions; no better policy is status 4', async () => {
  await createModel(api.database.query, { name: 'keen', base: 'tiny', settings: modelSettingsSchema.parse({}) })
  const reject = (claim: Claim) => finishUpdate(api.database.query, claim.lease, { state: 'rejected' })
  for (const name of ['weir', 'sluice']) await postDocument(api.database, name, 'keen')
  await train(2, reject)
  const [ran] = await Promise.all([run(['practice', '--model', 'keen', '--rounds', '1', '--json']), train(1, reject)])
  expect(ran.status).toBe(4)
  const told = ran.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
  expect(told.at(-1)).toMatchObject({ practice: { model: 'keen', state: 'rejected', settings: { rounds: 1 } } })
  const queued = await run(['practice', '--model', 'keen', '--no-wait'])
  expect([queued.status, queued.out]).toEqual([0, expect.stringMatching(/^queued as prc_/)])
})

test.each([
  [[], 2, 'Usage: palimpsest'],
  [['--help'], 0, 'Usage: palimpsest'],
  [['learn'], 2, 'wants files'],
  [['learn', 'missing.md'], 2, 'missing.md cannot be read'],
  [['ask'], 2, 'wants a question'],
  [['ask', 'Who?', '--mode', 'guess'], 2, '--mode is one of'],
  [['rollback', 'newest'], 2, 'wants the number of a version'],
  [['forget'], 2, 'There is no command "forget"'],
  [['versions', '--colour'], 2, "Unknown option '--colour'"],
  [['practice', '--rounds', 'many'], 2, '--rounds wants a whole number'],
  [['policies', 'forget'], 2, 'knows "rollback N"'],
  [['policies', 'rollback', 'v1'], 2, 'wants the number of a policy'],
  [['policies', 'rollback', '7'], 1, '7'],
  [['rollback', '99'], 1, '99'],
  [['watch', 'upd_none'], 1, 'there is no update upd_none'],
  [['ask', 'Who?', '--url', 'http://127.0.0.1:1'], 3, 'cannot be reached'],
  [['ask', 'Who?', '--url', 'here'], 2, 'no address'],
])('palimpsest %j: status %i, and a sentence', async (args, status, sentence) => {
  const ran = await run(args)
  expect(ran.status).toBe(status)
  expect(ran.out + ran.error).toContain(sentence)
  expect(ran.error).not.toMatch(/\n\s+at /)
})

test('the key is found in the folder of a local service; without one a sentence says where it is looked for', async () => {
  await writeFile(join(folder, 'api-key'), `${apiKey}\n`)
  const found = await run(['ask', 'Who?'], { env: { PALIMPSEST_API_KEY: '', PALIMPSEST_HOME: folder } })
  expect(found.status).toBe(0)
  const missing = await run(['ask', 'Who?'], { env: { PALIMPSEST_API_KEY: '' } })
  expect([missing.status, missing.error]).toEqual([
    2,
    'palimpsest: There is no key: set PALIMPSEST_API_KEY, or run in the folder that holds .palimpsest/api-key.\n',
  ])
})
