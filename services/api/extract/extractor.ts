// Files become text here. The format is told by the first bytes and then by name and type, because senders get the type
// wrong; PDF, DOCX and HTML are parsed in a thread with a limit on its time and memory, one file at a time, so that no
// file holds up the other calls.
import { isUtf8 } from 'node:buffer'
import { basename, extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../../shared/errors.ts'
import { storableText } from '../../../shared/storable-text.ts'
import type { ExtractOutcome, ExtractTask } from './extract-worker.ts'
import { unreadable, type ExtractedText, type ParsedFormat, type UploadedFile } from './extracted-text.ts'
import { oneAtATime } from './one-at-a-time.ts'

export interface Extractor {
  /**
   * The title is the file's own, else made of its name. Throws `unsupported_media_type` for another format,
   * `invalid_request` for text in another encoding, `unprocessable_document` for a file that cannot be read or holds
   * no text.
   */
  extract(file: UploadedFile): Promise<{ title: string; text: string }>
}

const heapMegabytesMax = 512

export function createExtractor({ secondsMax = 60 }: { secondsMax?: number } = {}): Extractor {
  const inTurn = oneAtATime()
  return {
    async extract(file) {
      const format = formatOf(file)
      if (format === 'text') {
        const text = decode(file)
        return { title: titleOfText(text) ?? titleOfName(file.name), text }
      }
      const bytes = format === 'html' ? new TextEncoder().encode(decode(file)) : file.bytes
      const { title, text } = await inTurn(() => parse(file.name, { format, bytes }, secondsMax))
      // What a file holds beside its words (fonts without a meaning, form feeds) is nobody's to correct.
      return { title: title ?? titleOfName(file.name), text: storableText(text.replaceAll('\0', '')) }
    },
  }
}

/** `annual-report_2024.pdf` -> `annual report 2024` */
function titleOfName(name: string): string {
  const title = basename(name, extname(name))
    .replace(/[\s_-]+/gu, ' ')
    .trim()
  return title === '' ? 'Untitled' : title.slice(0, 200)
}

/** The first heading in Markdown; a text without one has no title of its own. */
export function titleOfText(text: string): string | null {
  const heading = /^ {0,3}#{1,2}[ \t]+(.{1,200})$/mu.exec(text.slice(0, 20_000))?.[1]?.trim() ?? ''
  return heading === '' ? null : heading
}

function formatOf({ name, type, bytes }: UploadedFile): ParsedFormat | 'text' {
  const start = Buffer.from(bytes.subarray(0, 1024)).toString('latin1')
  if (start.includes('%PDF-')) return 'pdf'
  if (start.startsWith('PK\x03\x04')) return 'docx'
  if (/\.x?html?$/iu.test(name) || /^(text\/html|application\/xhtml\+xml)\b/iu.test(type)) return 'html'
  if (/^\s*(<!doctype html|<html)/iu.test(start)) return 'html'
  if (/\.(txt|text|md|markdown)$/iu.test(name) || /^text\/(plain|markdown)\b/iu.test(type)) return 'text'
  const said = type === '' ? '' : ` (${type})`
  throw new AppError('unsupported_media_type', `${name}${said} is no PDF, DOCX, HTML, Markdown or plain text.`)
}

/** UTF-8, or what an HTML page says it is in. */
function decode({ name, bytes }: UploadedFile): string {
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes)
  const start = Buffer.from(bytes.subarray(0, 2048)).toString('latin1')
  const charset = /<meta[^>]+charset=["']?([\w-]+)/iu.exec(start)?.[1]
  try {
    if (charset !== undefined) return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    // Not in what it says either.
  }
  throw new AppError('invalid_request', `${name} is not valid UTF-8: convert it to UTF-8 and send it again.`)
}

async function parse(name: string, task: ExtractTask, secondsMax: number): Promise<ExtractedText> {
  const worker = new Worker(new URL('./extract-thread.mjs', import.meta.url), {
    workerData: task,
    execArgv: [],
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
  })
  const slow = setTimeout(() => void worker.terminate(), secondsMax * 1000)
  try {
    const outcome = await new Promise<ExtractOutcome>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error(`it took more than ${secondsMax} s`)))
    })
    if ('refusal' in outcome) throw unreadable(`${name}: ${outcome.refusal}`)
    return outcome.text
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw unreadable(`${name} cannot be read: ${cause instanceof Error ? cause.message : 'its reader failed'}.`, cause)
  } finally {
    clearTimeout(slow)
    await worker.terminate()
  }
}
