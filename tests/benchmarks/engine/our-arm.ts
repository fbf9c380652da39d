// The engine as a contender: a process of its own that loads one base and measures what it is asked for. Arguments: the
// base, how the frozen matrices are stored, and whether it shall train or answer. Below the public engine stand the same functions that it calls; they
// are called here to set the clock between loading an adapter and the first step, and to switch end tokens off.
import { createInterface } from 'node:readline'
import { performance } from 'node:perf_hooks'
import { LINEAR_NAMES } from '../../../services/engine/base/model-config.ts'
import { openBase } from '../../../services/engine/base/open-base.ts'
import type { TrainingExample, TrainingRecipe } from '../../../services/engine/engine.ts'
import { createDecoder } from '../../../services/engine/generate/decoder.ts'
import { createRuntime } from '../../../services/engine/model/runtime.ts'
import type { Runtime } from '../../../services/engine/model/runtime.ts'
import type { Tokenizer } from '../../../services/engine/tokenizer/tokenizer.ts'
import { newAdapter } from '../../../services/engine/train/new-adapter.ts'
import { train } from '../../../services/engine/train/train.ts'
import type { ArmRequest } from './arm.ts'
import { measureGemm } from './gemm.ts'
import { LORA_RANK } from './work.ts'

interface Clock {
  /** Undefined until the first feeds are made. */
  started: number | undefined
  /** End of the last prompt's prefill, and of the last call of the session. */
  prefilled: number
  lastCall: number
  /** Decoded since the last prefill. */
  decoded: number
}

const [basePath = '', frozen = '', use = ''] = process.argv.slice(2)
if (frozen !== 'float32' && frozen !== 'bfloat16') throw new Error(`cannot store a base as ${frozen}`)
const source = await openBase(basePath)
const { clocked, clock } = withClock(createRuntime(source, { executor: 'graph', frozen, training: use === 'train' }))
const fresh = newAdapter(source.config, { rank: LORA_RANK, alpha: LORA_RANK, targets: LINEAR_NAMES }, 1)
const decoder = createDecoder(clocked, withoutEnd(source.tokenizer))
source.close()

async function measure(request: ArmRequest): Promise<{ seconds: number; amount: number }> {
  clock.started = undefined
  switch (request.task) {
    case 'train':
      return trainOnce(request.rows, request.rowsPerStep)
    case 'decode': {
      const adapter = request.adapter ? fresh : null
      await decoder.generate(request.prompts, { tokensMax: request.tokens, adapter })
      return { seconds: (clock.lastCall - clock.prefilled) / 1000, amount: clock.decoded }
    }
    case 'prefill': {
      let seconds = 0
      for (const prompt of request.prompts) {
        clock.started = undefined
        await decoder.generate([prompt], { tokensMax: 1 })
        seconds += secondsFromStart()
      }
      return { seconds, amount: request.prompts.flat().length }
    }
    case 'gemm':
      return measureGemm(request.dtype)
  }
}

async function trainOnce(rows: readonly TrainingExample[], rowsPerStep: number) {
  const recipe: TrainingRecipe = {
    lora: { rank: LORA_RANK, alpha: 2 * LORA_RANK, targets: LINEAR_NAMES },
    epochs: 1,
    learningRate: 1e-4,
    schedule: 'constant',
    warmupSteps: 0,
    weightDecay: 0.01,
    clipNorm: 1,
    rowsPerStep,
    tokensPerBatch: 1024,
    seed: 1,
  }
  await train(clocked, rows, recipe)
  const amount = rows.reduce((sum, row) => sum + row.tokens.length - 1, 0)
  return { seconds: secondsFromStart(), amount }
}

const secondsFromStart = (): number => (clock.lastCall - (clock.started ?? clock.lastCall)) / 1000

function withClock(runtime: Runtime): { clocked: Runtime; clock: Clock } {
  const clock: Clock = { started: undefined, prefilled: 0, lastCall: 0, decoded: 0 }
  const executor: Runtime['executor'] = {
    ...runtime.executor,
    run(program, feeds) {
      const result = runtime.executor.run(program, feeds)
      clock.lastCall = performance.now()
      if (program !== 'advance') return result
      if (feeds['parts']?.data[0] !== 0) [clock.prefilled, clock.decoded] = [clock.lastCall, 0]
      else clock.decoded += feeds['ids']?.data.length ?? 0
      return result
    },
  }
  const clocked: Runtime = {
    ...runtime,
    executor,
    batch(sequences) {
      clock.started ??= performance.now()
      return runtime.batch(sequences)
    },
    useTogether(adapters) {
      clock.started ??= performance.now()
      return runtime.useTogether(adapters)
    },
    batchSharing(sequences) {
      clock.started ??= performance.now()
      return runtime.batchSharing(sequences)
    },
  }
  return { clocked, clock }
}

/** A tokenizer that knows no end, so that every round writes the same number of tokens. */
function withoutEnd(tokenizer: Tokenizer): Tokenizer {
  const { vocabSize, bosId, padId } = tokenizer
  return {
    vocabSize,
    bosId,
    padId,
    endIds: [],
    encode: (text, options) => tokenizer.encode(text, options),
    decode: (ids, options) => tokenizer.decode(ids, options),
  }
}

function say(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

say({ ready: true })
for await (const line of createInterface({ input: process.stdin })) {
  try {
    // Linux counts maxRSS in units of 1024 bytes.
    const result = await measure(JSON.parse(line) as ArmRequest)
    say({ ...result, peakMegabytes: (process.resourceUsage().maxRSS * 1024) / 1e6 })
  } catch (error) {
    say({ error: error instanceof Error ? error.message : String(error) })
  }
}
