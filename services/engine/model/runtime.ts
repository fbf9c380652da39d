// A base loaded into an executor, and the one adapter that is in its variables at a time. Putting another adapter in
// writes the adapter's few variables and never the base's.
import type { Adapter } from '../adapter/adapter.ts'
import type { BaseSource } from '../base/base-source.ts'
import type { ModelConfig } from '../base/model-config.ts'
import { createEagerExecutor } from '../ops/eager-executor.ts'
import type { Executor } from '../ops/executor.ts'
import { createGraphExecutor } from '../ops/graph-executor.ts'
import { packConstants, packTensors } from './lora-layout.ts'
import { modelPrograms } from './programs.ts'
import { createSequenceBatcher } from './sequences.ts'
import type { SequenceBatcher } from './sequences.ts'
import { frozenValues, modelVariables } from './weights.ts'
import type { FrozenDtype } from './weights.ts'

export interface Runtime {
  config: ModelConfig
  executor: Executor
  batch: SequenceBatcher
  /** Puts an adapter in; null means the bare base. Returns the suffix of the programs to run. */
  use(adapter: Adapter | null): 'base' | 'lora'
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
  let current: Adapter | null = null
  return {
    config,
    executor,
    batch: createSequenceBatcher(config),
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
    forget() {
      current = null
    },
    assignBase,
  }
}
