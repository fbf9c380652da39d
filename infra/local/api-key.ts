// The key that callers send. The first start makes one; it stays in the state folder, readable by its owner alone.
import { randomBytes } from 'node:crypto'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The key of the environment where one is set, else the one in `<home>/api-key`, which is made when it is missing. */
export async function ensureApiKey(home: string, fromEnvironment: string | undefined): Promise<string> {
  if (fromEnvironment) return fromEnvironment
  const path = join(home, 'api-key')
  const existing = (await readFile(path, 'utf8').catch(() => '')).trim()
  if (existing !== '') return existing
  const key = `pal_${randomBytes(24).toString('base64url')}`
  await writeFile(path, `${key}\n`, { mode: 0o600 })
  await chmod(path, 0o600) // an empty file that was there kept its own mode
  return key
}
