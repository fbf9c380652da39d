import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeFolder } from '../../services/cli/write-folder.ts'

let parent: string
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'palimpsest-write-'))
})
afterEach(async () => {
  await rm(parent, { recursive: true })
})

const options = { overwrite: false, mark: 'mark.json' }
const fillWith = (text: string) => (folder: string) => writeFile(join(folder, 'mark.json'), text)

test('the folder is in its place once it is whole, with its parents, and an earlier one is replaced only on demand', async () => {
  const target = join(parent, 'deep', 'target')
  await writeFolder(target, options, async (folder) => {
    expect(existsSync(target)).toBe(false)
    await fillWith('first')(folder)
  })
  await expect(writeFolder(target, options, fillWith('second'))).rejects.toThrow('is there already')
  expect(await readFile(join(target, 'mark.json'), 'utf8')).toBe('first')
  await writeFolder(target, { ...options, overwrite: true }, fillWith('second'))
  expect(await readFile(join(target, 'mark.json'), 'utf8')).toBe('second')
  expect(await readdir(join(parent, 'deep'))).toEqual(['target'])
})

test('an earlier folder stays as it was when its successor fails', async () => {
  const target = join(parent, 'target')
  await writeFolder(target, options, fillWith('first'))
  const failing = writeFolder(target, { ...options, overwrite: true }, () => Promise.reject(new Error('broken off')))
  await expect(failing).rejects.toThrow('broken off')
  expect(await readFile(join(target, 'mark.json'), 'utf8')).toBe('first')
  expect(await readdir(parent)).toEqual(['target'])
})

test('what cannot fit on the disk is refused before anything is written', async () => {
  const writing = writeFolder(join(parent, 'target'), { ...options, bytes: 2 ** 60 }, fillWith('too much'))
  await expect(writing).rejects.toThrow(/takes 1152921504606\.8 MB; \d+\.\d MB are free/)
  expect(await readdir(parent)).toEqual([])
})

test.skipIf(!existsSync('/dev/full'))('a disk that becomes full is named, and nothing is left', async () => {
  const writing = writeFolder(join(parent, 'target'), options, () => writeFile('/dev/full', 'one byte too many'))
  await expect(writing).rejects.toThrow('The disk became full')
  expect(await readdir(parent)).toEqual([])
})
