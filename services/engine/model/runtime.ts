// A base loaded into an executor, and what is in the adapter's variables at a time: one adapter, or several side by side of
// which each row uses its own. Putting others in writes the adapter's few variables and never the base's.
import type { Adapter, LoraConfig } from '../adapter/adapter.ts'
import { combineAdapters } from '../adapter/combine.ts'
import type { BaseSource } from '../base/base-source.ts'
import type { ModelConfig } from '../base/model-config.ts'
import { createEagerExecutor } from '../ops/eager-executor.ts'
import type { Executor, HostArray } from '../ops/executor.ts'
import { createGraphExecutor } from '../ops/graph-executor.ts'
import { besideName, packConstants, packScales, packTensors } from './lora-layout.ts'
import { modelPrograms } from './programs.ts'
import { createSequenceBatcher } from './sequences.ts'
import { createSharingBatcher } from './shared-beginnings.ts'
import type { SharingBatcher } from './shared-beginnings.ts'
import type { SequenceBatcher } from './sequences.ts'
import { frozenValues, inDtype, modelVariables } from './weights.ts'
import type { FrozenDtype } from './weights.ts'

export interface Runtime {
  config: ModelConfig
  executor: Executor
  batch: SequenceBatcher
  /** For rows that train. */
  batchSharing: SharingBatcher
  /** Puts an adapter in; null means the bare base. Returns the suffix of the programs to run. */
  use(adapter: Adapter | null): 'base' | 'lora'
  /**
   * Puts several adapters in, for prefill and decode alone; what it gives makes the feeds that say which row runs with which
   * of them, and which (null) with none.
   */
  useTogether(adapters: readonly Adapter[]): (rows: readonly (Adapter | null)[]) => Record<string, HostArray>
  /** Says that the adapter's variables hold something else now (training writes them). */
  forget(): void
  /** Writes these tensors' values (Hugging Face's names) from a source into the base's variables; by default all. */
  assignBase(source: BaseSource, tensors?: ReadonlySet<string>): void
}

export interface RuntimeOptions {
  executor: 'graph' | 'eager'
  frozen: FrozenDtype
  /** Whether it can train; a process that only answers starts faster and smaller without. */
  training: boolean
}

const NO_ADAPTER: Adapter = { config: { rank: 0, alpha: 0, targets: [] }, tensors: new Map() }

/** Bytes of weights handed over in one call. */
const ASSIGN_BYTES = 64 * 2 ** 20

export function createRuntime(source: BaseSource, options: RuntimeOptions): Runtime {
  const { config } = source
  const parts = {
    variables: modelVariables(config, options.frozen),
    programs: modelPrograms(config, options.frozen, options.training),
  }
  const executor = options.executor === 'graph' ? createGraphExecutor(parts) : createEagerExecutor(parts)
  const assignBase: Runtime['assignBase'] = (from, tensors) => {
    let pending: Parameters<Executor['assign']>[0] = {}
    let bytes = 0
    for (const [name, value] of frozenValues(from, options.frozen, tensors)) {
      pending = { ...pending, [name]: value }
      bytes += value.data.byteLength
      if (bytes < ASSIGN_BYTES) continue
      executor.assign(pending)
      pending = {}
      bytes = 0
    }
    executor.assign(pending)
  }
  assignBase(source)
  const putTogether = (adapters: readonly Adapter[]) => {
    // Scales come with the rows.
    const unscaled = adapters.map(({ config: lora, tensors }) => ({ config: { ...lora, alpha: lora.rank }, tensors }))
    const sum = adapters.length > 0 ? combineAdapters(config, unscaled) : NO_ADAPTER
    const packed = Object.entries(packTensors(config, sum.config, sum.tensors))
    executor.assign(
      Object.fromEntries(packed.map(([name, array]) => [besideName(name), inDtype(array, options.frozen)])),
    )
    return { adapters, lora: sum.config }
  }
  const batch = createSequenceBatcher(config)
  let current: Adapter | null = null
  let together: { adapters: readonly Adapter[]; lora: LoraConfig } | null = null
  return {
    config,
    executor,
    batch,
    batchSharing: createSharingBatcher(config, batch),
    use(adapter) {
      if (!adapter) return 'base'
      if (adapter !== current) {
        executor.assign({
          ...packTensors(config, adapter.config, adapter.tensors),
          ...packConstants(config, adapter.config),
        })
        current = adapter
      }
      return 'lora'
    },
    useTogether(adapters) {
      const there = adapters.every((adapter) => together?.adapters.includes(adapter))
      // One that is not needed any more costs a little of every step, to take it out costs more, once.
      const side =
        there && together && together.adapters.length <= 2 * adapters.length ? together : putTogether(adapters)
      together = side
      return (rows) => packScales(config, side.lora, side.adapters, rows)
    },
    forget() {
      current = null
    },
    assignBase,
  }
}
