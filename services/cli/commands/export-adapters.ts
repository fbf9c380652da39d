// A version's adapters as PEFT folders: the service sends them as a ZIP, which is unpacked, each weight file held against the
// hash that the version's manifest names. `--out FILE.zip` keeps the ZIP.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'
import { errorOf } from '../../client/palimpsest-error.ts'
import type { Palimpsest, Schemas } from '../../client/palimpsest.ts'
import { parseVersion } from '../settings.ts'
import { UsageError } from '../usage-error.ts'
import { inMegabytes, writeFolder } from '../write-folder.ts'
import type { Command, CommandContext } from './command.ts'

export const exportAdapters: Command = async (context) => {
  const { palimpsest, terminal, flags, operands } = context
  const version = await findVersion(palimpsest, flags.model, operands[0])
  const { model, version: number } = version
  const place = flags.out ?? `${model}-v${number}`
  const bytes = place.endsWith('.zip') ? await download(context, version, place) : await unpack(context, version, place)
  terminal.tell({ [place.endsWith('.zip') ? 'file' : 'folder']: place, bytes, model, version: number })
  terminal.say(`${place}: ${inMegabytes(bytes)}`)
  return 0
}

/** `--model` may name a version itself, else it is the number given, else the head. */
async function findVersion(
  { http }: Palimpsest,
  reference: string,
  number: string | undefined,
): Promise<Schemas['Version']> {
  const found = await http.GET('/v1/models/{name}', { params: { path: { name: reference } } })
  if (found.data === undefined) throw errorOf(found.response.status, found.error)
  const { version: named, head_version: head } = found.data
  const [name = reference] = reference.split('@')
  const chosen = number === undefined ? (named ?? head) : parseVersion(number, 'export')
  const path = { name, version: String(chosen) }
  const { data, error, response } = await http.GET('/v1/models/{name}/versions/{version}', { params: { path } })
  if (data === undefined) throw errorOf(response.status, error)
  return data
}

/** Written beside its place first: a broken download leaves no archive that looks like one. */
async function download(
  { palimpsest, terminal, flags }: CommandContext,
  { model, version }: Schemas['Version'],
  path: string,
): Promise<number> {
  if (existsSync(path) && !flags.overwrite)
    throw new UsageError(`${path} is there already; --overwrite replaces it, --out names another place.`)
  const archive = await palimpsest.openAdapter(model, version, flags.document)
  const partial = `${path}.partial`
  let bytes = 0
  try {
    const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        bytes += chunk.length
        terminal.showBar(0, inMegabytes(bytes)) // its size is not known before
        yield chunk
      }
    }
    await pipeline(Readable.fromWeb(archive), counted, createWriteStream(partial))
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  } finally {
    terminal.clearBar()
  }
  return bytes
}

async function unpack(context: CommandContext, version: Schemas['Version'], target: string): Promise<number> {
  const { document, overwrite } = context.flags
  const mark = document === undefined ? 'manifest.json' : 'adapter_config.json'
  const hashes = new Set(version.manifest?.adapters.map(({ sha256 }) => sha256))
  let bytes = 0
  await writeFolder(target, { overwrite, mark }, async (folder) => {
    const zip = join(folder, 'adapters.zip')
    await download(context, version, zip)
    const archive = await openPromise(zip, { lazyEntries: true })
    try {
      for await (const entry of archive.eachEntry()) {
        const path = join(folder, entry.fileName)
        await mkdir(dirname(path), { recursive: true })
        await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(path))
        bytes += entry.uncompressedSize
        if (path.endsWith('.safetensors') && !hashes.has(await hashOf(path)))
          throw new Error(`${entry.fileName} came damaged: the version has no adapter of its hash.`)
      }
    } finally {
      archive.close()
    }
    await rm(zip)
  })
  return bytes
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
