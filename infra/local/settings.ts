// What this start uses: flags before environment before defaults, an empty variable counting as unset.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PlainError } from './setup/plain-error.mjs'
import type { StartOptions } from './setup/start-options.mjs'

export interface Settings {
  repository: string
  home: string
  host: string
  port: number
  baseModel: string | undefined
  studyAdapter: string | undefined
  /** Set where a service of the user's own replaces ours. */
  databaseUrl: string | undefined
  engineUrl: string | undefined
  postgresPort: number | undefined
  apiKey: string | undefined
}

/** Throws a PlainError for a variable that cannot be what it says. */
export function resolveSettings(repository: string, options: StartOptions, env: NodeJS.ProcessEnv): Settings {
  const read = (name: string): string | undefined => env[name] || undefined
  const baseModel = options.base ?? read('BASE_MODEL')
  const apiKey = read('PALIMPSEST_API_KEY')
  if (apiKey !== undefined && apiKey.length < 16) {
    throw new PlainError('PALIMPSEST_API_KEY must have at least 16 characters; leave it out to have a key made.')
  }
  return {
    repository,
    home: resolve(repository, options.home ?? read('PALIMPSEST_HOME') ?? '.palimpsest'),
    host: options.host ?? read('HOST') ?? '127.0.0.1',
    port: options.port ?? readPort('PORT', read('PORT')) ?? 8787,
    baseModel,
    studyAdapter: read('STUDY_ADAPTER') ?? findStudyAdapter(repository, baseModel),
    databaseUrl: readUrl(
      'DATABASE_URL',
      read('DATABASE_URL'),
      /^postgres(ql)?:$/,
      'postgres://user:password@host:5432/name',
    ),
    engineUrl: readUrl('ENGINE_URL', read('ENGINE_URL'), /^https?:$/, 'http://host:8788'),
    postgresPort: readPort('PALIMPSEST_PG_PORT', read('PALIMPSEST_PG_PORT')),
    apiKey,
  }
}

/** The committed one belongs to the embedded base; no other base can carry it. */
function findStudyAdapter(repository: string, baseModel: string | undefined): string | undefined {
  const folder = join(repository, 'infra', 'local', 'study-adapter')
  return baseModel === undefined && existsSync(join(folder, 'adapter_config.json')) ? folder : undefined
}

function readPort(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port
  throw new PlainError(`${name} must be a number from 1 to 65535, not "${text}".`)
}

function readUrl(name: string, text: string | undefined, protocol: RegExp, example: string): string | undefined {
  if (text === undefined || (URL.canParse(text) && protocol.test(new URL(text).protocol))) return text
  throw new PlainError(`${name} must be a URL like ${example}.`)
}

/** The environment of every service; shared/config.ts reads it. */
export function serviceEnvironment(
  settings: Settings,
  parts: { databaseUrl: string; engineUrl: string; apiKey: string },
): NodeJS.ProcessEnv {
  return {
    // TensorFlow's remarks on how it was compiled are not for our users; warnings remain.
    TF_CPP_MIN_LOG_LEVEL: '1',
    ...process.env,
    DATABASE_URL: parts.databaseUrl,
    ENGINE_URL: parts.engineUrl,
    PALIMPSEST_API_KEY: parts.apiKey,
    PALIMPSEST_HOME: settings.home,
    HOST: settings.host,
    PORT: String(settings.port),
    ...(settings.baseModel === undefined ? {} : { BASE_MODEL: settings.baseModel }),
    ...(settings.studyAdapter === undefined ? {} : { STUDY_ADAPTER: settings.studyAdapter }),
  }
}
