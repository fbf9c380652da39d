// The measured sections: which contenders run which work, what is compared with what, and what is to be reached. Each
// section starts its own processes and ends them, so that at most six models are in memory at a time.
import { join, resolve } from 'node:path'
import { ENGINE_ENVIRONMENT } from '../../../infra/local/engine-environment.ts'
import type { ModelConfig } from '../../../services/engine/base/model-config.ts'
import type { TrainingExample } from '../../../services/engine/engine.ts'
import { startArm } from './arm.ts'
import type { Arm, ArmCommand, ArmRequest } from './arm.ts'
import { trainingFlops } from './flops.ts'
import type { References } from './references.ts'
import type { CaseResult, PeakShare, Ratio } from './report.ts'
import { measureRounds, ratiosOf } from './rounds.ts'
import type { Contender, Series } from './rounds.ts'
import { LORA_RANK } from './work.ts'
import type { Work } from './work.ts'

export interface Bench {
  base: string
  config: ModelConfig
  work: Work
  rounds: number
  rowsPerStep: number
  /** Tokens to write a round and row. */
  tokens: number
  /** Absent: the engine alone. */
  references: References | undefined
  say: (line: string) => void
}

export interface SectionResult {
  cases: CaseResult[]
  ratios: Ratio[]
  shares: PeakShare[]
}

type Frozen = 'float32' | 'bfloat16'
const OURS: Record<Frozen, string> = { float32: 'ours f32', bfloat16: 'ours bf16' }
const LLAMA = ['F32', 'F16', 'as-shipped'] as const
const repository = resolve(import.meta.dirname, '../../..')

/** A process that only answers holds no training programs, as in the service. */
export function ourCommand(base: string, frozen: Frozen, use: 'train' | 'answer'): ArmCommand {
  const args = ['--import', 'tsx', join(import.meta.dirname, 'our-arm.ts'), base, frozen, use]
  const env = { ...ENGINE_ENVIRONMENT, TF_NUM_INTRAOP_THREADS: '2', TF_NUM_INTEROP_THREADS: '2' }
  return { program: process.execPath, args, env, cwd: repository }
}

function pythonCommand({ python }: References, script: string, args: readonly string[]): ArmCommand {
  const env = { OMP_NUM_THREADS: '2', MKL_NUM_THREADS: '2', TOKENIZERS_PARALLELISM: 'false', HF_HUB_OFFLINE: '1' }
  return { program: python, args: [join(import.meta.dirname, script), ...args], env }
}

export async function measureTraining(bench: Bench): Promise<SectionResult> {
  const { work, references, rowsPerStep } = bench
  return withArms(
    bench,
    { ...ours(bench, 'train'), ...(references ? { PEFT: peftCommand(bench, references) } : {}) },
    async (arms) => {
      const result: SectionResult = { cases: [], ratios: [], shares: [] }
      for (const [name, rows, step] of [
        ['training, 8 rows of 64', work.rows64, rowsPerStep],
        ['training, 1 row of 512', work.rows512, 1],
        ['training, questions and answers', work.answers, rowsPerStep],
      ] as const) {
        bench.say(name)
        const contenders = trainingContenders(arms, rows, step)
        const series = await measureRounds(contenders, bench.rounds, bench.say)
        result.cases.push({ case: name, series: series.filter((one) => !one.name.startsWith('GEMM')) })
        const peft = series.filter((one) => one.name.startsWith('PEFT') && !one.name.includes('label'))
        pushRatio(result.ratios, name, series, OURS.float32, peft, 1.6)
        pushRatio(result.ratios, name, series, OURS.bfloat16, peft, 2.5)
        result.shares.push(...peakShares(bench, name, rows, series))
      }
      return result
    },
  )
}

const peftCommand = (bench: Bench, references: References) => pythonCommand(references, 'peft_arm.py', [bench.base])

function trainingContenders(
  arms: Map<string, Arm>,
  rows: readonly TrainingExample[],
  rowsPerStep: number,
): Contender[] {
  const list: Contender[] = []
  for (const frozen of ['float32', 'bfloat16'] as const) {
    add(list, arms, OURS[frozen], OURS[frozen], { task: 'train', rows, rowsPerStep })
    add(list, arms, OURS[frozen], `GEMM ${frozen}`, { task: 'gemm', dtype: frozen })
  }
  const train = { task: 'train', rows, rowsPerStep } as const
  if (rowsPerStep > 1) add(list, arms, 'PEFT', `PEFT, batch ${rowsPerStep}`, { ...train, batch: rowsPerStep })
  add(list, arms, 'PEFT', 'PEFT, batch 1', { ...train, batch: 1 })
  add(list, arms, 'PEFT', 'PEFT, output matrix on label rows only', { ...train, batch: rowsPerStep, labelHead: true })
  return list
}

function peakShares(
  bench: Bench,
  name: string,
  rows: readonly TrainingExample[],
  series: readonly Series[],
): PeakShare[] {
  const tokens = rows.reduce((sum, row) => sum + row.tokens.length - 1, 0)
  const flopsPerToken = trainingFlops(bench.config, LORA_RANK, rows) / tokens
  return (['float32', 'bfloat16'] as const).flatMap((frozen) => {
    const rates = series.find((one) => one.name === OURS[frozen])?.rates ?? []
    const peaks = series.find((one) => one.name === `GEMM ${frozen}`)?.rates ?? []
    const shares = rates.flatMap((rate, round) => {
      const peak = peaks[round]
      return peak === undefined ? [] : [(rate * flopsPerToken) / peak]
    })
    return [{ case: name, of: OURS[frozen], peakGigaflops: peaks.map((peak) => peak / 1e9), shares }]
  })
}

export async function measureDecoding(bench: Bench): Promise<SectionResult> {
  const { work, references, tokens } = bench
  const commands = {
    ...ours(bench, 'answer'),
    ...(references ? { ...llamas(bench, references), generate: generateCommand(bench, references) } : {}),
  }
  return withArms(bench, commands, async (arms) => {
    const result: SectionResult = { cases: [], ratios: [], shares: [] }
    for (const batch of [1, 16]) {
      const name = `decoding, batch ${batch}`
      bench.say(name)
      const request: ArmRequest = { task: 'decode', prompts: work.decodePrompts.slice(0, batch), tokens }
      const list: Contender[] = []
      add(list, arms, OURS.float32, OURS.float32, request)
      add(list, arms, OURS.bfloat16, OURS.bfloat16, request)
      add(list, arms, OURS.bfloat16, `${OURS.bfloat16} with an adapter`, { ...request, adapter: true })
      add(list, arms, 'generate', 'Hugging Face generate f32', request)
      if (batch === 1) for (const file of LLAMA) add(list, arms, `llama.cpp ${file}`, `llama.cpp ${file}`, request)
      const series = await measureRounds(list, bench.rounds, bench.say)
      result.cases.push({ case: name, series })
      const only = (wanted: string) => series.filter((one) => one.name === wanted)
      if (batch === 1) {
        pushRatio(result.ratios, name, series, OURS.float32, only('llama.cpp F32'), 0.45)
        pushRatio(result.ratios, name, series, OURS.bfloat16, only('llama.cpp F16'), 0.45)
        pushRatio(result.ratios, name, series, OURS.bfloat16, only('llama.cpp as-shipped'))
      }
      const goal = batch === 16 ? 2.5 : undefined
      pushRatio(result.ratios, name, series, OURS.float32, only('Hugging Face generate f32'), goal)
      pushRatio(result.ratios, name, series, OURS.bfloat16, only('Hugging Face generate f32'), goal)
    }
    return result
  })
}

export async function measurePrefill(bench: Bench): Promise<SectionResult> {
  const { work, references } = bench
  const name = 'prefill, 512 tokens'
  return withArms(
    bench,
    { ...ours(bench, 'answer'), ...(references ? llamas(bench, references) : {}) },
    async (arms) => {
      bench.say(name)
      const list = [...arms]
        .map(([arm]) => arm)
        .flatMap((arm) => contender(arms, arm, arm, { task: 'prefill', prompts: work.prefillPrompts }))
      const series = await measureRounds(list, bench.rounds, bench.say)
      const ratios: Ratio[] = []
      const only = (wanted: string) => series.filter((one) => one.name === wanted)
      pushRatio(ratios, name, series, OURS.float32, only('llama.cpp F32'), 1.2)
      pushRatio(ratios, name, series, OURS.bfloat16, only('llama.cpp F16'), 1.2)
      pushRatio(ratios, name, series, OURS.bfloat16, only('llama.cpp as-shipped'))
      return { cases: [{ case: name, series }], ratios, shares: [] }
    },
  )
}

const ours = (bench: Bench, use: 'train' | 'answer'): Record<string, ArmCommand> => ({
  [OURS.float32]: ourCommand(bench.base, 'float32', use),
  [OURS.bfloat16]: ourCommand(bench.base, 'bfloat16', use),
})

const generateCommand = (bench: Bench, references: References) =>
  pythonCommand(references, 'generate_arm.py', [bench.base])

function llamas(bench: Bench, references: References): Record<string, ArmCommand> {
  return Object.fromEntries(
    LLAMA.map((file) => [
      `llama.cpp ${file}`,
      pythonCommand(references, 'llama_arm.py', [bench.base, file, join(references.folder, 'gguf')]),
    ]),
  )
}

/** Starts the arms one after another, and ends them whatever happens. */
async function withArms<T>(
  bench: Bench,
  commands: Readonly<Record<string, ArmCommand>>,
  work: (arms: Map<string, Arm>) => Promise<T>,
): Promise<T> {
  const arms = new Map<string, Arm>()
  try {
    for (const [name, command] of Object.entries(commands)) {
      bench.say(`starting ${name}`)
      arms.set(name, await startArm(name, command))
    }
    return await work(arms)
  } finally {
    await Promise.all([...arms.values()].map((arm) => arm.close()))
  }
}

function contender(arms: Map<string, Arm>, arm: string, name: string, request: ArmRequest): Contender[] {
  const found = arms.get(arm)
  return found ? [{ name, arm: found, request }] : []
}

function add(list: Contender[], arms: Map<string, Arm>, arm: string, name: string, request: ArmRequest): void {
  list.push(...contender(arms, arm, name, request))
}

function pushRatio(
  ratios: Ratio[],
  work: string,
  series: readonly Series[],
  of: string,
  over: readonly Series[],
  atLeast?: number,
): void {
  const found = ratiosOf(
    series.find((one) => one.name === of),
    over,
  )
  if (found) ratios.push({ case: work, of, ...found, ...(atLeast === undefined ? {} : { atLeast }) })
}
