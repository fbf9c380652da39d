// What every benchmark of learning stands on: the base and study adapter that the service would run, called directly,
// and the stores that a rerun goes on from. No HTTP, no database: the figures are those of learning alone.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { PlainError } from '../../../infra/local/setup/plain-error.mjs'
import { resolveSettings } from '../../../infra/local/settings.ts'
import { parseConfig } from '../../../shared/config.ts'
import { baseMessages, closedBookMessages, openBookMessages } from '../../../shared/prompts.ts'
import { getAdapter } from '../../../shared/registry/adapters.ts'
import { openObjectStore } from '../../../shared/registry/object-store.ts'
import type { Adapter } from '../../../services/engine/adapter/adapter.ts'
import { decodeAdapter, encodeAdapter, readPeftFolder } from '../../../services/engine/adapter/peft.ts'
import { openBase } from '../../../services/engine/base/open-base.ts'
import { createEngine } from '../../../services/engine/create-engine.ts'
import type { Engine } from '../../../services/engine/engine.ts'
import { FREE_FORMATS, questionForMessages, studyMessages } from '../../../services/trainer/study/prompts.ts'
import type { Flags } from './flags.ts'
import type { Written } from './keep-generations.ts'
import { keyOf, openResultStore } from './result-store.ts'
import type { ResultStore } from './result-store.ts'

export interface Bench {
  engine: Engine
  studyAdapter: Adapter | null
  /** Everything besides settings and documents that results depend on: base, study adapter, wording. */
  ground: { base: string; studyAdapter: string | null; wording: string }
  /** Folder of the policies that practice made. */
  policies: string
  /** What was written about documents, by any arm. */
  written: ResultStore<Written>
  /** The commit that is running, `-dirty` when files differ from it; results keep it. */
  revision: string
}

const repository = resolve(import.meta.dirname, '../../..')

/** Loads base and study adapter as the service does. Throws a PlainError when the base is not there. */
export async function openBench(flags: Pick<Flags, 'base' | 'state' | 'fresh'>): Promise<Bench> {
  const { base, studyAdapter: folder } = pathsOf(flags.base)
  const engine = await createEngine({ base })
  const studyAdapter = folder === undefined ? null : readPeftFolder(folder, engine.base.config)
  return benchOn(engine, studyAdapter, flags)
}

/** Everything that keys need, for a report without measuring. */
export async function readGround(flags: Pick<Flags, 'base'>): Promise<Bench['ground']> {
  const { base, studyAdapter: folder } = pathsOf(flags.base)
  const source = await openBase(base)
  try {
    return groundOf(source, folder === undefined ? null : readPeftFolder(folder, source.config))
  } finally {
    source.close()
  }
}

/** On a base that is loaded already. */
export function benchOn(engine: Engine, studyAdapter: Adapter | null, flags: Pick<Flags, 'state' | 'fresh'>): Bench {
  return {
    engine,
    studyAdapter,
    ground: groundOf(engine.base, studyAdapter),
    policies: join(flags.state, 'policies'),
    written: openResultStore<Written>(join(flags.state, 'written.jsonl'), flags),
    revision: findRevision(),
  }
}

/** A policy of `npm run bench:practice`, by its SHA-256. Throws `adapter_unavailable`. */
export async function readPolicy({ engine, policies }: Bench, sha256: string): Promise<Adapter> {
  const stored = { key: `adapters/${sha256}.safetensors`, sha256 }
  return decodeAdapter(
    await getAdapter(openObjectStore({ kind: 'folder', path: policies }), stored),
    engine.base.config,
  )
}

function pathsOf(given: string | undefined): { base: string; studyAdapter: string | undefined } {
  const env = { ...process.env, ...(given === undefined ? {} : { BASE_MODEL: given }) }
  // The database is not needed here; every other setting is the trainer's own.
  const { baseModel } = parseConfig({ ...env, DATABASE_URL: 'postgres://unused' })
  if (/\.gguf$/.test(baseModel) && !existsSync(baseModel))
    throw new PlainError(`${baseModel} is not there: run "npm run setup", or name another base by --base.`)
  return { base: baseModel, studyAdapter: resolveSettings(repository, { help: false }, env).studyAdapter }
}

function groundOf(base: { id: string; sha256: string }, studyAdapter: Adapter | null): Bench['ground'] {
  const written = (['question_answer', ...FREE_FORMATS] as const).map((format) => studyMessages(format, 'T', 'P'))
  const asked = [
    questionForMessages('T', 'P', 'A'),
    closedBookMessages('Q'),
    baseMessages('Q'),
    openBookMessages('P', 'Q'),
  ]
  return {
    base: base.sha256,
    studyAdapter: studyAdapter === null ? null : keyOf([...encodeAdapter(studyAdapter, base).slice(-65_536)]),
    wording: keyOf([...written, ...asked]),
  }
}

function findRevision(): string {
  try {
    const args = ['describe', '--always', '--dirty', '--abbrev=9']
    return execFileSync('git', args, { cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return 'unknown'
  }
}
