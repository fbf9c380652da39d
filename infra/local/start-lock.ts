// One service per state folder. The lock is a file with the holder's process id and the moment that process began, so
// that a lock left by a killed one is recognised even when its number has been given out again.
import { readFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { PlainError } from './setup/plain-error.mjs'

const holderSchema = z.object({ pid: z.number(), began: z.string(), address: z.string() })

export interface StartLock {
  /** Whether an earlier service ended without giving its lock back; parts of it may need a moment more to end. */
  tookOver: boolean
  release(): Promise<void>
}

/** Throws a PlainError while another service uses the folder. */
export async function takeStartLock(home: string, address: string): Promise<StartLock> {
  const path = join(home, 'running.json')
  const mine = JSON.stringify({ pid: process.pid, began: beginOf(process.pid), address })
  const holder = await readHolder(path)
  if (holder && beginOf(holder.pid) === holder.began) {
    throw new PlainError(
      `Palimpsest already runs in ${home} (process ${holder.pid}, ${holder.address}). ` +
        `Stop it with Ctrl-C in its terminal or "kill ${holder.pid}", or run a second one with --home FOLDER and --port N.`,
    )
  }
  if (holder) await rm(path, { force: true })
  try {
    await writeFile(path, mine, { flag: 'wx' })
  } catch (cause) {
    throw new PlainError(`Another start in ${home} was a moment faster; see what it says.`, { cause })
  }
  return { tookOver: holder !== undefined, release: () => rm(path, { force: true }) }
}

async function readHolder(path: string): Promise<z.infer<typeof holderSchema> | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return holderSchema.parse(JSON.parse(text))
  } catch {
    // Cut off by a crash while it was written: nobody holds it, but it must be removed.
    return { pid: 0, began: 'unreadable', address: '' }
  }
}

/** When a living process began, in the kernel's ticks since boot; empty where there is none of this number. */
function beginOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // Field 22; the second field is a name in brackets that may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}
