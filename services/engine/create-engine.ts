// Puts the parts together: a base on disk becomes an engine. Calls run one after another, because they share the
// adapter's variables; prompts alone join those that are being answered.
import { openBase } from './base/open-base.ts'
import type { BaseSource } from './base/base-source.ts'
import { useDevice, type Device } from './device.ts'
import type { Engine } from './engine.ts'
import { createDecoder } from './generate/decoder.ts'
import { score } from './generate/score.ts'
import { withMergedBase } from './model/merged-base.ts'
import { createRuntime } from './model/runtime.ts'
import type { RuntimeOptions } from './model/runtime.ts'
import { findKnownLogits, selfTest } from './self-test.ts'
import { divergence } from './train/divergence.ts'
import { teach } from './train/teach.ts'
import { train } from './train/train.ts'
import { trainTogether } from './train/train-together.ts'
import { createTurns } from './turns.ts'

export interface EngineOptions extends Partial<RuntimeOptions> {
  /** A GGUF file, a safetensors folder or a Hub id. */
  base: string
  device?: Device
  /** Prompts that are answered together. */
  rowsMax?: number
}

/** Loads a base and tests it. Throws for what is missing, not supported or wrong, by name. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const device = useDevice(options.device ?? 'auto')
  const source = await openBase(options.base)
  try {
    return engineOn(source, device, () => reopenBase(options.base, source.sha256), {
      executor: options.executor ?? 'graph',
      frozen: options.frozen ?? 'bfloat16',
      training: options.training ?? true,
      rowsMax: options.rowsMax ?? 32,
    })
  } finally {
    source.close()
  }
}

async function reopenBase(base: string, sha256: string): Promise<BaseSource> {
  const source = await openBase(base)
  if (source.sha256 === sha256) return source
  source.close()
  throw new Error(`the base ${base} was changed since it was loaded: start again`)
}

/** `reopen` opens the same base again. */
function engineOn(
  source: BaseSource,
  device: Engine['device'],
  reopen: () => Promise<BaseSource>,
  options: RuntimeOptions & { rowsMax: number },
): Engine {
  const runtime = createRuntime(source, options)
  selfTest(runtime, findKnownLogits(source.sha256) ?? [])
  const { id, sha256, config, tokenizer, chatTemplate } = source
  const turns = createTurns()
  const decoder = createDecoder(runtime, tokenizer, { turns, rowsMax: options.rowsMax })
  return {
    base: { id, sha256, config },
    device,
    tokenizer,
    chatTemplate,
    generate: (prompts, generateOptions) => decoder.generate(prompts, generateOptions),
    score: (rows, scoreOptions) => turns.take(() => score(runtime, rows, scoreOptions)),
    teach: (rows, teachOptions) => turns.take(() => teach(runtime, rows, teachOptions)),
    divergence: (rows, { adapter, signal }) => turns.take(() => divergence(runtime, rows, adapter, signal)),
    train: (examples, recipe, { on = [], ...trainOptions } = {}) =>
      turns.take(() => withMergedBase(runtime, reopen, on, () => train(runtime, examples, recipe, trainOptions))),
    trainTogether: (trainings, options) => turns.take(() => trainTogether(runtime, trainings, options)),
    close: () => runtime.executor.close(),
  }
}
