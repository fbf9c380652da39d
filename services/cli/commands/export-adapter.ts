// A version's adapters as a file. Written beside its place and moved there when it is whole, so that a broken download
// leaves no archive that looks like one.
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseVersion } from '../settings.ts'
import type { Command } from './command.ts'

export const exportAdapter: Command = async ({ palimpsest, terminal, flags, operands }) => {
  const version = parseVersion(operands[0], 'export')
  const path = flags.out ?? `${flags.model}-v${version}.zip`
  const archive = await palimpsest.openAdapter(flags.model, version, flags.document)
  const partial = `${path}.partial`
  let bytes = 0
  try {
    const read = Readable.fromWeb(archive)
    const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        bytes += chunk.length
        terminal.showBar(0, `${(bytes / 1e6).toFixed(1)} MB`) // its size is not known before
        yield chunk
      }
    }
    await pipeline(read, counted, createWriteStream(partial))
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  } finally {
    terminal.clearBar()
  }
  terminal.tell({ file: path, bytes, model: flags.model, version })
  terminal.say(`${path}: ${(bytes / 1e6).toFixed(1)} MB`)
  return 0
}
