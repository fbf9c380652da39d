// What bench:arc stands on: the base, the grid adapter that every try starts from, and stores that a rerun goes on from.
// A try is kept by task, configuration and seed, so a configuration that two arms write for one task is trained once.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { PlainError } from '../../../infra/local/setup/plain-error.mjs'
import { getAdapter, putAdapter } from '../../../shared/registry/adapters.ts'
import type { StoredAdapter } from '../../../shared/registry/adapters.ts'
import { openObjectStore } from '../../../shared/registry/object-store.ts'
import type { ObjectStore } from '../../../shared/registry/object-store.ts'
import type { Adapter } from '../../../services/engine/adapter/adapter.ts'
import { decodeAdapter, encodeAdapter, readPeftFolder } from '../../../services/engine/adapter/peft.ts'
import type { Engine } from '../../../services/engine/engine.ts'
import type { Adaptation, AdaptLimits } from '../../../services/trainer/arc/adapt.ts'
import { askForConfigurations } from '../../../services/trainer/arc/ask-for-configuration.ts'
import type { Configuration } from '../../../services/trainer/arc/configuration.ts'
import { POLICY_RECIPE, trainPolicy } from '../../../services/trainer/arc/practise.ts'
import type { Kept } from '../../../services/trainer/arc/practise.ts'
import type { Task } from '../../../services/trainer/arc/task.ts'
import { tryTask } from '../../../services/trainer/arc/try-configuration.ts'
import type { Try } from '../../../services/trainer/arc/try-configuration.ts'
import type { Bench } from '../learning/bench.ts'
import { keepGenerations } from '../learning/keep-generations.ts'
import { loadNow } from '../learning/load-now.ts'
import { keyOf, openResultStore } from '../learning/result-store.ts'
import type { ResultStore } from '../learning/result-store.ts'

export interface MeasuredTry extends Try {
  seconds: number
  /** Of the machine, a minute's mean, when it began. */
  load: number
  revision: string
}

/** Who writes configurations; the base alone is null by both. */
export interface Policy {
  adapter: Adapter | null
  name: string | null
}

export const UNTRAINED_POLICY: Policy = { adapter: null, name: null }

export interface ArcBench extends Adaptation {
  /** What a try depends on besides task, configuration and seed. */
  ground: object
  written: Bench['written']
  tries: ResultStore<MeasuredTry>
  policies: ResultStore<StoredAdapter>
  objects: ObjectStore
  revision: string
}

export function arcBenchOn(
  { engine, written, revision }: Pick<Bench, 'engine' | 'written' | 'revision'>,
  start: Adapter | null,
  limits: AdaptLimits,
  flags: { state: string; fresh: boolean },
): ArcBench {
  const name = start === null ? null : keyOf([...encodeAdapter(start, engine.base).slice(-65_536)])
  return {
    ...{ engine, start, limits, written, revision },
    ground: { base: engine.base.sha256, start: name, limits },
    tries: openResultStore<MeasuredTry>(join(flags.state, 'arc-tries.jsonl'), flags),
    policies: openResultStore<StoredAdapter>(join(flags.state, 'arc-policies.jsonl'), flags),
    objects: openObjectStore({ kind: 'folder', path: join(flags.state, 'objects') }),
  }
}

/** Of the folder; null for `none`. Throws a PlainError where it is not there or belongs to another base. */
export function readGridAdapter(engine: Engine, folder: string): Adapter | null {
  if (folder === 'none') return null
  const recipe = join(folder, 'recipe.json')
  const make = 'make one by "npm run grid-adapter -- --out FOLDER", or measure without by --adapter none.'
  if (!existsSync(recipe)) throw new PlainError(`${folder} holds no grid adapter: ${make}`)
  const { base } = z.object({ base: z.object({ sha256: z.string() }) }).parse(JSON.parse(readFileSync(recipe, 'utf8')))
  if (base.sha256 !== engine.base.sha256)
    throw new PlainError(`The grid adapter in ${folder} belongs to another base: ${make}`)
  return readPeftFolder(folder, engine.base.config)
}

/** Without a configuration no seed matters. */
export async function tryOnce(
  bench: ArcBench,
  task: Task,
  configuration: Configuration | null,
  seed: number,
): Promise<MeasuredTry> {
  const key = keyOf({ ...bench.ground, task, configuration, seed: configuration === null ? null : seed })
  const known = bench.tries.find(key)
  if (known !== undefined) return known
  const [load, started] = [loadNow(), performance.now()]
  const tried = await tryTask(bench, task, configuration, seed)
  const measured = { ...tried, seconds: (performance.now() - started) / 1000, load, revision: bench.revision }
  bench.tries.append(key, measured)
  return measured
}

export function sampleOnce(
  { engine, written }: ArcBench,
  policy: Policy,
  task: Task,
  options: { count: number; seed: number },
): Promise<string[]> {
  const keeping = keepGenerations(engine, written, () => policy.name)
  // Tasks draw differently: with equal seeds they would get nearly equal configurations.
  const seed = Number.parseInt(keyOf({ task: task.id, seed: options.seed }).slice(0, 8), 16)
  return askForConfigurations(keeping.engine, policy.adapter, task.demonstrations, { ...options, seed })
}

/** Null where nothing was kept to learn from. */
export async function trainPolicyOnce(bench: ArcBench, kept: readonly Kept[]): Promise<Policy | null> {
  if (kept.length === 0) return null
  const { engine, objects, policies } = bench
  const key = keyOf({ ...bench.ground, kept, recipe: POLICY_RECIPE })
  const stored = policies.find(key)
  if (stored !== undefined && (await objects.has(stored.key)))
    return { adapter: decodeAdapter(await getAdapter(objects, stored), engine.base.config), name: stored.sha256 }
  const { adapter } = await trainPolicy(engine, null, kept)
  const made = await putAdapter(objects, encodeAdapter(adapter, engine.base))
  policies.append(key, made)
  return { adapter, name: made.sha256 }
}
