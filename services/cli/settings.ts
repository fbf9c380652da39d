// What a call of the command uses: flags before environment before defaults, an empty variable counting as unset. The
// key has no flag: what stands in a command line can be read by everybody on the machine.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { UsageError } from './usage-error.ts'

const flags = {
  model: { type: 'string', default: 'default' },
  json: { type: 'boolean', default: false },
  title: { type: 'string' },
  review: { type: 'boolean', default: false },
  'no-wait': { type: 'boolean', default: false },
  mode: { type: 'string', default: 'closed_book' },
  rounds: { type: 'string' },
  candidates: { type: 'string' },
  strategies: { type: 'boolean', default: false },
  document: { type: 'string' },
  out: { type: 'string' },
  overwrite: { type: 'boolean', default: false },
  dtype: { type: 'string', default: 'bf16' },
  url: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

export type Flags = ReturnType<typeof parseFlags>['flags']

/** Throws UsageError. */
export function parseFlags(args: string[]) {
  try {
    const { values, positionals } = parseArgs({ args, options: flags, allowPositionals: true })
    const [command, ...operands] = positionals
    return { command, operands, flags: values }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('. ')[0] : String(error)
    throw new UsageError(`${reason}. "palimpsest --help" lists the flags.`)
  }
}

/** Throws UsageError where there is no key, or no such address. */
export function resolveService(flags: Flags, env: NodeJS.ProcessEnv): { url: string; key: string } {
  const url = flags.url ?? (env['PALIMPSEST_URL'] || 'http://127.0.0.1:8787')
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new UsageError(`"${url}" is no address like http://host:8787.`)
  return { url: url.replace(/\/+$/, ''), key: env['PALIMPSEST_API_KEY'] || readKey(env) }
}

function readKey(env: NodeJS.ProcessEnv): string {
  const path = join(env['PALIMPSEST_HOME'] || '.palimpsest', 'api-key')
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    throw new UsageError(`There is no key: set PALIMPSEST_API_KEY, or run in the folder that holds ${path}.`)
  }
}

/** A whole number that names a policy. Throws UsageError. */
export function parsePolicy(text: string | undefined): number {
  if (!/^\d{1,9}$/.test(text ?? ''))
    throw new UsageError('palimpsest policies rollback wants the number of a policy, like 0.')
  return Number(text)
}

/** A whole number that names a version. Throws UsageError. */
export function parseVersion(text: string | undefined, command: string): number {
  const match = /^v?(\d{1,9})$/.exec(text ?? '')
  if (match === null) throw new UsageError(`palimpsest ${command} wants the number of a version, like 3 or v3.`)
  return Number(match[1])
}
