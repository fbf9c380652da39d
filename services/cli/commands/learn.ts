// Documents are queued all at once, so that the service can go on without us, then followed one by one.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { follow, statusOf } from '../follow.ts'
import { UsageError } from '../usage-error.ts'
import type { Command } from './command.ts'

export const learn: Command = async ({ palimpsest, terminal, flags, operands }) => {
  if (operands.length === 0) throw new UsageError('palimpsest learn wants files, or "-" for standard input.')
  if (flags.title !== undefined && operands.length > 1) throw new UsageError('--title goes with one document.')
  const texts = await Promise.all(operands.map(readText))
  const queued = []
  for (const [index, { name, text }] of texts.entries()) {
    terminal.showBar(index / texts.length, `${name}: sending`)
    const title = flags.title ?? titleOf(name, text)
    const input = { title, text, model: flags.model, review: flags.review }
    queued.push({ name, document: await palimpsest.learn(input, { idempotencyKey: randomUUID() }) })
  }
  terminal.clearBar()
  let status = 0
  for (const { name, document } of queued) {
    if (flags['no-wait']) {
      terminal.say(`${name}: ${document.state} as ${document.id}, update ${document.update_id}`)
      terminal.tell({ file: name, document })
      continue
    }
    const update = await follow(palimpsest, terminal, {
      ...{ update: document.update_id, label: name, untilReview: flags.review },
    })
    terminal.tell({ file: name, document, update })
    status = Math.max(status, statusOf(update))
  }
  return status
}

async function readText(path: string): Promise<{ name: string; text: string }> {
  if (path === '-') return { name: 'standard input', text: await readAll(process.stdin) }
  try {
    return { name: basename(path), text: await readFile(path, 'utf8') }
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The first heading of Markdown, else the file's name. */
function titleOf(name: string, text: string): string {
  return /^#{1,2}\s+(.+?)\s*#*$/m.exec(text)?.[1] ?? basename(name, extname(name))
}
