// Where a process's output goes: every line to its file under logs/, warnings and errors to the console too, with the
// process's name before them. Our services write pino's JSON; what anything else writes to stderr counts as a warning.
import { createWriteStream, existsSync, renameSync, statSync, type WriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

export interface ProcessLog {
  write(stream: 'stdout' | 'stderr', line: string): void
  /** What it wrote last, for a message about why it does not start. */
  lastLines(): string[]
}

const warnLevel = 40
const kept = 8
const rotateBytes = 10_000_000
const repeatMs = 60_000

/** What is in the file but not worth a place on the console. */
const noise = [
  /^\s|^$|^\}$|^Node\.js v|^node:internal/, // the frames Node prints round an uncaught error's message
  /^I\d{4} |absl::InitializeLog/, // TensorFlow's remarks before its log level is read
]

const eventSchema = z.object({
  level: z.number(),
  msg: z.string().optional(),
  err: z.object({ message: z.string() }).optional(),
})

/** Appends to `<folder>/<name>.log`; a file over 10 MB is put aside as `.log.1`, and the one before it is gone. */
export async function openProcessLog(folder: string, name: string, show: (line: string) => void): Promise<ProcessLog> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${name}.log`)
  // A full disk must not bring the supervisor down for the sake of its logs.
  const file = openRotated(path, (error) =>
    show(`[${name}] cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`),
  )
  const last: string[] = []
  const shown = { text: '', at: 0 }
  return {
    write(stream, line) {
      file.write(line)
      const text = describeLine(line)
      if (noise.some((pattern) => pattern.test(text))) return
      last.push(text)
      if (last.length > kept) last.shift()
      if (!isWarning(stream, line)) return
      // A service that waits for another says so at every try; once a minute is enough here.
      if (text === shown.text && Date.now() - shown.at < repeatMs) return
      Object.assign(shown, { text, at: Date.now() })
      show(`[${name}] ${text}`)
    },
    lastLines: () => [...last],
  }
}

/** A service may run for months: its file is put aside whenever it has grown too large. */
function openRotated(path: string, onError: (error: unknown) => void): { write(line: string): void } {
  const open = () => createWriteStream(path, { flags: 'a' }).on('error', onError)
  let bytes = existsSync(path) ? statSync(path).size : 0
  let file: WriteStream | undefined
  return {
    write(line) {
      if (bytes > rotateBytes) {
        bytes = 0
        try {
          renameSync(path, `${path}.1`)
          file?.end()
          file = undefined
        } catch (error) {
          onError(error) // and goes on in the file that there is
        }
      }
      file ??= open()
      bytes += Buffer.byteLength(line) + 1
      file.write(`${line}\n`)
    },
  }
}

function parseEvent(line: string): z.infer<typeof eventSchema> | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return eventSchema.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

function isWarning(stream: 'stdout' | 'stderr', line: string): boolean {
  const event = parseEvent(line)
  return event ? event.level >= warnLevel : stream === 'stderr'
}

function describeLine(line: string): string {
  const event = parseEvent(line)
  if (!event) return line
  const parts = [event.msg, event.err?.message].filter((part) => part !== undefined && part !== '')
  return parts.length > 0 ? parts.join(': ') : line
}
