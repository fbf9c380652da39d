// The tiny bases with known answers, and runtimes on them.
import { readPeftFolder } from '../../services/engine/adapter/peft.ts'
import type { Adapter } from '../../services/engine/adapter/adapter.ts'
import { openBase } from '../../services/engine/base/open-base.ts'
import type { BaseSource } from '../../services/engine/base/base-source.ts'
import { createRuntime } from '../../services/engine/model/runtime.ts'
import type { Runtime, RuntimeOptions } from '../../services/engine/model/runtime.ts'
import { openSafetensors } from '../../services/engine/formats/safetensors.ts'
import { goldenPath, readGolden } from './golden-files.ts'

export const TINY_NAMES = ['llama-tied', 'llama3-untied', 'qwen2', 'qwen3'] as const
export type TinyName = (typeof TINY_NAMES)[number]

interface Outcome {
  loss: number
  generations: { tokens: number[]; logprobs: number[] }[]
  scores: number[]
}

export interface Golden {
  rows: number[][]
  lossFrom: number[]
  prompts: number[][]
  scoreRows: { prompt: number[]; answer: number[] }[]
  base: Outcome
  adapter: Outcome
  'adapter-qv': Outcome
  optimizer: { learningRate: number; weightDecay: number; clipNorm: number }
  steps: { loss: number; gradientNorm: number }[]
  distillation: {
    k: number
    temperature: number
    /** Weights of cross-entropy and distillation, a row each. */
    weights: [number, number][]
    document: number[]
    teacher: { tokens: number[][]; probabilities: number[][] }[]
    loss: number
    divergence: number
  }
}

export interface Tiny {
  golden: Golden
  source: BaseSource
  runtime: Runtime
  adapters: Record<'adapter' | 'adapter-qv', Adapter>
  /** A tensor of golden.safetensors. */
  expected(name: string): Float32Array
}

export async function openTiny(
  name: TinyName,
  executor: RuntimeOptions['executor'],
  frozen: RuntimeOptions['frozen'] = 'float32',
): Promise<Tiny> {
  const source = await openBase(goldenPath('models', name))
  const file = openSafetensors(goldenPath('models', name, 'golden.safetensors'))
  return {
    golden: readGolden('models', name, 'golden.json') as Golden,
    source,
    runtime: createRuntime(source, { executor, frozen, training: true }),
    adapters: {
      adapter: readPeftFolder(goldenPath('models', name, 'adapter'), source.config),
      'adapter-qv': readPeftFolder(goldenPath('models', name, 'adapter-qv'), source.config),
    },
    expected: (tensor) => file.read(tensor).data,
  }
}

/** Largest absolute difference. */
export function maxDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity
  let most = 0
  for (let index = 0; index < actual.length; index++) {
    const difference = Math.abs((actual[index] ?? NaN) - (expected[index] ?? NaN))
    if (!(difference <= most)) most = difference
  }
  return most
}

/** ||actual - expected|| / ||expected||. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity
  let difference = 0
  let size = 0
  for (let index = 0; index < actual.length; index++) {
    difference += ((actual[index] ?? NaN) - (expected[index] ?? NaN)) ** 2
    size += (expected[index] ?? NaN) ** 2
  }
  return Math.sqrt(difference / size)
}

export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [product, sizeA, sizeB] = [0, 0, 0]
  for (let index = 0; index < a.length; index++) {
    const [x, y] = [a[index] ?? NaN, b[index] ?? NaN]
    product += x * y
    sizeA += x * x
    sizeB += y * y
  }
  return product / Math.sqrt(sizeA * sizeB)
}
