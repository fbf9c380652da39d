// Puts the parts together: a base on disk becomes an engine. Calls run one after another, because they share the
// adapter's variables and the key-value cache; whoever wants throughput hands over many prompts at once.
import { openBase } from './base/open-base.ts'
import type { BaseSource } from './base/base-source.ts'
import { useDevice, type Device } from './device.ts'
import { EngineBroken, type Engine } from './engine.ts'
import { generate } from './generate/generate.ts'
import { score } from './generate/score.ts'
import { withMergedBase } from './model/merged-base.ts'
import { createRuntime } from './model/runtime.ts'
import type { RuntimeOptions } from './model/runtime.ts'
import { findKnownLogits, selfTest } from './self-test.ts'
import { divergence } from './train/divergence.ts'
import { teach } from './train/teach.ts'
import { train } from './train/train.ts'
import { trainTogether } from './train/train-together.ts'

export interface EngineOptions extends Partial<RuntimeOptions> {
  /** A GGUF file, a safetensors folder or a Hub id. */
  base: string
  device?: Device
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
  options: RuntimeOptions,
): Engine {
  const runtime = createRuntime(source, options)
  selfTest(runtime, findKnownLogits(source.sha256) ?? [])
  const { id, sha256, config, tokenizer, chatTemplate } = source
  let last: Promise<unknown> = Promise.resolve()
  let broken: EngineBroken | undefined
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(() => {
      if (broken !== undefined) throw broken
      return work()
    })
    last = next.catch((error: unknown) => {
      if (error instanceof EngineBroken) broken = error
    })
    return next
  }
  return {
    base: { id, sha256, config },
    device,
    tokenizer,
    chatTemplate,
    generate: (prompts, generateOptions) => inTurn(() => generate(runtime, tokenizer, prompts, generateOptions)),
    score: (rows, scoreOptions) => inTurn(() => score(runtime, rows, scoreOptions)),
    teach: (rows, teachOptions) => inTurn(() => teach(runtime, rows, teachOptions)),
    divergence: (rows, { adapter, signal }) => inTurn(() => divergence(runtime, rows, adapter, signal)),
    train: (examples, recipe, { on = [], ...trainOptions } = {}) =>
      inTurn(() => withMergedBase(runtime, reopen, on, () => train(runtime, examples, recipe, trainOptions))),
    trainTogether: (trainings, options) => inTurn(() => trainTogether(runtime, trainings, options)),
    close: () => runtime.executor.close(),
  }
}
