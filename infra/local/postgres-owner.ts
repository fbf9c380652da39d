// Under which user Postgres runs. It refuses to run as root, so root hands its processes and its data folder to
// `nobody` (65534 on every Linux); no user has to be made. Everybody else runs it as themselves.
import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

export interface Owner {
  uid: number
  gid: number
}

const nobody: Owner = { uid: 65534, gid: 65534 }

/** The user Postgres has to run under, or undefined for the user who started us. */
export function postgresOwner(): Owner | undefined {
  return process.getuid?.() === 0 ? nobody : undefined
}

/** Whether the owner may enter a folder, by the execute bits on the way to it; parts that do not exist yet count as open. */
export function isWithinReach(folder: string, owner: Owner | undefined): boolean {
  if (!owner) return true
  for (let path = resolve(folder); ; path = dirname(path)) {
    const stats = statSync(path, { throwIfNoEntry: false })
    const bit = stats?.uid === owner.uid ? 0o100 : stats?.gid === owner.gid ? 0o010 : 0o001
    if (stats && (stats.mode & bit) === 0) return false
    if (path === dirname(path)) return true
  }
}

/** A folder of ours that nobody can enter and that survives a reboot where the machine has one. */
export function reachableFolder(): string {
  const base =
    isWithinReach('/var/lib', nobody) && statSync('/var/lib', { throwIfNoEntry: false }) ? '/var/lib' : tmpdir()
  return join(base, 'palimpsest')
}

/**
 * Where the database of a state folder lies: inside it, or, when its owner could not get there (a clone in a home
 * folder of mode 700), under `reachableFolder()`. The place is then written into the state folder under a random
 * name, so that removing the state folder begins anew instead of finding the old database again.
 */
export async function choosePostgresFolder(home: string): Promise<string> {
  const inside = join(home, 'postgres')
  if (isWithinReach(inside, postgresOwner())) return inside
  const record = join(home, 'postgres-folder')
  const recorded = (await readFile(record, 'utf8').catch(() => '')).trim()
  if (recorded !== '') return recorded
  const folder = join(reachableFolder(), randomBytes(8).toString('hex'), 'postgres')
  await writeFile(record, `${folder}\n`)
  return folder
}
