// What a folder alone can suffer: a full disk, a killed writer, missing rights.
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFolderStore } from '../../../shared/registry/folder-store.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palimpsest-folder-store-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A real disk of one megabyte; only root may mount one, and not in every container. */
function mountSmallDisk(path: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test('a full disk is said plainly, what was there stays whole, and freed space is used again', async ({ skip }) => {
  const disk = join(folder, 'disk')
  await mkdir(disk)
  if (!mountSmallDisk(disk)) return skip('needs the right to mount a small disk')
  try {
    const store = openFolderStore(join(disk, 'objects'))
    const small = new Uint8Array(400_000).fill(7)
    await store.put('kept', small)
    const failure = await store.put('too-large', new Uint8Array(2_000_000)).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'store_failed', retry: true })
    expect(String(failure)).toContain('the disk is full; free some space')
    await expect(store.put('kept', new Uint8Array(2_000_000))).rejects.toThrow('the disk is full')
    expect(Buffer.compare(await store.get('kept'), small)).toBe(0)
    expect((await store.list('')).map(({ key }) => key)).toEqual(['kept'])
    // The rest of the failed writes is gone, so that this fits.
    await store.put('fits', small)
  } finally {
    execFileSync('umount', [disk])
  }
})

test('what a killed writer left is swept away after an hour, what is being written is not', async () => {
  const root = join(folder, 'killed')
  const unfinished = join(root, '.unfinished')
  await mkdir(unfinished, { recursive: true })
  await writeFile(join(unfinished, 'old'), 'half')
  await writeFile(join(unfinished, 'young'), 'half')
  const twoHoursAgo = Date.now() / 1000 - 7200
  await utimes(join(unfinished, 'old'), twoHoursAgo, twoHoursAgo)
  const store = openFolderStore(root)
  await store.put('key', new Uint8Array(3))
  expect(await readdir(unfinished)).toEqual(['young'])
  expect((await store.list('')).map(({ key }) => key)).toEqual(['key'])
})

test('a folder that cannot be made is store_failed with the path', async () => {
  await writeFile(join(folder, 'file'), '')
  const store = openFolderStore(join(folder, 'file', 'objects'))
  await expect(store.put('key', new Uint8Array(1))).rejects.toThrow(join(folder, 'file', 'objects'))
  await expect(store.put('key', new Uint8Array(1))).rejects.toMatchObject({ code: 'store_failed' })
})
