// What an earlier Postgres left in the data folder after its supervisor was killed: a pid file, and perhaps a
// server that still runs. Two servers on one folder would destroy it, so the old one is stopped and waited for.
// A pid file whose process is gone, or belongs to another program by now, is removed: Postgres itself would
// refuse to start when the number was given out again.
import { existsSync } from 'node:fs'
import { readFile, readdir, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const waitSeconds = 30

/** Leaves the data folder without a running server; throws when one does not stop within 30 s. */
export async function stopStalePostgres(dataFolder: string, log: (line: string) => void): Promise<void> {
  const pidFile = join(dataFolder, 'postmaster.pid')
  const text = await readFile(pidFile, 'utf8').catch(() => undefined)
  const pid = Number(text?.split('\n')[0])
  if (text !== undefined && Number.isInteger(pid) && pid > 1 && (await isServerOf(pid, dataFolder))) {
    log(`Postgres (process ${pid}) is still running from an earlier start; stopping it`)
    process.kill(pid, 'SIGINT')
  }
  // Backends outlive a killed postmaster by a moment and still hold its shared memory.
  for (let waited = 0; (await listServers(dataFolder)).length > 0; waited += 0.1) {
    if (waited > waitSeconds) {
      throw new Error(
        `An old Postgres still uses ${dataFolder} (processes ${(await listServers(dataFolder)).join(', ')}). Stop it and start again.`,
      )
    }
    await sleep(100)
  }
  if (text !== undefined) await rm(pidFile, { force: true })
}

async function isServerOf(pid: number, dataFolder: string): Promise<boolean> {
  if (!existsSync('/proc/self')) return isAlive(pid)
  return (await listServers(dataFolder)).includes(pid)
}

/** Processes of Postgres working in the data folder, which is their working directory; Linux only, else none. */
async function listServers(dataFolder: string): Promise<number[]> {
  const folder = await realpath(dataFolder)
  const names = await readdir('/proc').catch(() => [])
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid) => ((await readlink(`/proc/${pid}/cwd`).catch(() => '')) === folder ? [pid] : [])),
  )
  return found.flat()
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
