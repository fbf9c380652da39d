// Documents are queued all at once, so that the service can go on without us, then followed one by one. The service takes
// the text out of a file and cuts a long one into several documents. A file that it refuses does not hold up the others.
import { randomUUID } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { PalimpsestError, type Schemas } from '../../client/palimpsest.ts'
import { follow, statusOf } from '../follow.ts'
import { UsageError } from '../usage-error.ts'
import type { Command, CommandContext } from './command.ts'

/** What is taken from a folder; of a file that is named the service judges by its content. */
const readable = ['.pdf', '.docx', '.html', '.htm', '.md', '.markdown', '.txt']

export const learn: Command = async (context) => {
  const { palimpsest, terminal, flags, operands } = context
  if (operands.length === 0) throw new UsageError('palimpsest learn wants files or folders, or "-" for standard input.')
  const paths = (await Promise.all(operands.map(listFiles))).flat()
  if (flags.title !== undefined && paths.length > 1) throw new UsageError('--title goes with one file.')
  const files = await Promise.all(paths.map(readInput))
  const { queued, refused } = await send(context, files)
  let status = refused === 0 ? 0 : 1
  for (const [index, { file, label, document }] of queued.entries()) {
    if (flags['no-wait']) {
      terminal.say(`${label}: ${document.state} as ${document.id}, update ${document.update_id}`)
      terminal.tell({ file, document })
      continue
    }
    const place = queued.length === 1 ? '' : `${index + 1}/${queued.length} `
    const update = await follow(palimpsest, terminal, {
      ...{ update: document.update_id, label, place, untilReview: flags.review },
    })
    terminal.tell({ file, document, update })
    status = Math.max(status, statusOf(update))
  }
  return status
}

/** In their order; what the service has against one is said and told, and the next one sent. */
async function send({ palimpsest, terminal, flags }: CommandContext, files: readonly File[]) {
  const queued: { file: string; label: string; document: Schemas['Document'] }[] = []
  let refused = 0
  for (const [index, file] of files.entries()) {
    terminal.showBar(index / files.length, `sending ${file.name}`)
    const { model, title, review } = flags
    try {
      const documents = await palimpsest.learnFile(file, { model, title, review, idempotencyKey: randomUUID() })
      for (const document of documents) {
        // Parts of a long file have titles that say which they are.
        queued.push({ file: file.name, label: documents.length === 1 ? file.name : document.title, document })
      }
    } catch (error) {
      if (!(error instanceof PalimpsestError) || files.length === 1) throw error
      refused += 1
      terminal.clearBar()
      terminal.complain(`${file.name}: ${error.message}`)
      terminal.tell({ file: file.name, error: { code: error.code, message: error.message } })
    }
  }
  terminal.clearBar()
  return { queued, refused }
}

/** The path itself, or what lies in the folder of that name. */
async function listFiles(path: string): Promise<string[]> {
  if (path === '-') return [path]
  try {
    if (!(await stat(path)).isDirectory()) return [path]
    const inside = await readdir(path, { recursive: true })
    const files = inside.filter((name) => readable.includes(extname(name).toLowerCase())).sort()
    if (files.length === 0) throw new UsageError(`${path} holds no file like ${readable.join(', ')}.`)
    return files.map((name) => join(path, name))
  } catch (error) {
    throw unreadable(path, error)
  }
}

async function readInput(path: string): Promise<File> {
  if (path === '-') return new File([await buffer(process.stdin)], 'standard input', { type: 'text/plain' })
  try {
    return new File([await readFile(path)], basename(path))
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): UsageError {
  if (error instanceof UsageError) return error
  return new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
}
