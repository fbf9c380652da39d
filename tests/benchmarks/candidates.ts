// `npm run bench:candidates`: k adapters trained at once beside the same ones trained one after another, on rows like those
// of a document's candidates. Both take turns within one run, because seconds of two runs cannot be compared.
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { PlainError, reportFailure } from '../../infra/local/setup/plain-error.mjs'
import { toTrainingExample } from '../../services/engine/ask.ts'
import type { Engine, Training, TrainingResult } from '../../services/engine/engine.ts'
import { createRandom, shuffle } from '../../services/engine/random.ts'
import { KNOWLEDGE_RECIPE } from '../../services/trainer/recipe.ts'
import { closedBookMessages } from '../../shared/prompts.ts'
import { spreadOf } from './engine/rounds.ts'
import { openBench } from './learning/bench.ts'
import { wholeNumber } from './learning/flags.ts'
import { loadNow } from './learning/load-now.ts'
import { three, toTable } from './learning/markdown.ts'
import { defaultData, poolPath, readPassages } from './learning/passages.ts'

const HELP = `npm run bench:candidates -- [flags]

Trained tokens a second of k adapters trained at once, and of the same ones one after another.

  --candidates N   adapters (5)
  --rows N         training rows of each, one more or less from one to the next (40)
  --epochs N       (1)
  --rounds N       measured rounds after one that is not counted (3)
  --base PATH      GGUF file, safetensors folder or Hub id (what the service runs)
  --json FILE      write every round's figures there too
  --help
`

/** To reach on two cores. */
const RATIO_MIN = 1.3

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      ...{ candidates: text, rows: text, epochs: text, rounds: text, base: text, json: text },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  const count = (flag: 'candidates' | 'rows' | 'epochs' | 'rounds', standard: number): number =>
    wholeNumber(flag, values[flag] ?? String(standard), 1)
  const [candidates, rows, rounds] = [count('candidates', 5), count('rows', 40), count('rounds', 3)]
  const { engine, revision } = await openBench({ base: values.base, state: '.palimpsest/benchmarks', fresh: false })
  const trainings = candidatesOf(engine, candidates, rows, count('epochs', 1))
  const loadBefore = loadNow()
  const measured = await measureRounds(engine, trainings, rounds)
  engine.close()
  const report = { revision, candidates, rows, loadBefore, ...measured }
  console.log(toMarkdown(report))
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
}

/** Questions with answers as the service trains them, each candidate's its own. */
function candidatesOf(engine: Engine, candidates: number, rows: number, epochs: number): Training[] {
  const questions = readPassages(defaultData(poolPath), 400, 0).flatMap((passage) => passage.questions)
  const drawn = shuffle(questions, createRandom(1))
  return Array.from({ length: candidates }, (_, at) => {
    const own = drawn.slice(at * (rows + candidates), at * (rows + candidates) + rows + (at % 3) - 1)
    if (own.length === 0) throw new PlainError('The data has too few questions for so many candidates.')
    const examples = own.map(({ question, answer }) => toTrainingExample(engine, closedBookMessages(question), answer))
    return { examples, recipe: { ...KNOWLEDGE_RECIPE, epochs } }
  })
}

interface Measured {
  trainedTokens: number
  /** Seconds of each round. */
  apart: number[]
  together: number[]
  /** Largest relative error of an adapter's tensor, at once against alone. */
  error: number
}

async function measureRounds(engine: Engine, trainings: readonly Training[], rounds: number): Promise<Measured> {
  const [apart, together]: [number[], number[]] = [[], []]
  let alone: TrainingResult[] = []
  let atOnce: TrainingResult[] = []
  for (let round = 0; round <= rounds; round++) {
    let started = performance.now()
    alone = []
    for (const { examples, recipe } of trainings) alone.push(await engine.train(examples, recipe))
    const secondsApart = (performance.now() - started) / 1000
    started = performance.now()
    atOnce = await engine.trainTogether(trainings)
    const secondsTogether = (performance.now() - started) / 1000
    console.error(`round ${round}: ${secondsApart.toFixed(1)} s apart, ${secondsTogether.toFixed(1)} s together`)
    // The first calls make the plans of the graph.
    if (round === 0) continue
    apart.push(secondsApart)
    together.push(secondsTogether)
  }
  return {
    trainedTokens: alone.reduce((sum, result) => sum + result.trainedTokens, 0),
    apart,
    together,
    error: Math.max(...alone.map((result, index) => largestError(result, atOnce[index]))),
  }
}

function largestError(alone: TrainingResult, together: TrainingResult | undefined): number {
  const errors = [...alone.adapter.tensors].map(([name, { data }]) => {
    const other = together?.adapter.tensors.get(name)?.data ?? []
    const sizeOf = (values: ArrayLike<number>): number => Math.hypot(...Array.from(values))
    let squares = 0
    data.forEach((value, index) => (squares += (value - (other[index] ?? NaN)) ** 2))
    return Math.sqrt(squares) / Math.max(sizeOf(data), 1e-12)
  })
  return Math.max(...errors)
}

function toMarkdown({ revision, candidates, loadBefore, ...measured }: Measured & Record<string, unknown>): string {
  const { trainedTokens, apart, together, error } = measured
  const ratios = spreadOf(apart.map((seconds, round) => seconds / (together[round] ?? NaN)))
  const rateOf = (seconds: readonly number[]): string => {
    const spread = spreadOf(seconds.map((one) => trainedTokens / one))
    return spread === undefined
      ? '-'
      : `${spread.min.toFixed(0)} / ${spread.median.toFixed(0)} / ${spread.max.toFixed(0)}`
  }
  const head = [`${String(candidates)} adapters, ${trainedTokens} tokens`, 'tokens/s: least / median / most']
  const ratio = ratios?.median ?? NaN
  return [
    toTable(head, [
      ['one after another', rateOf(apart)],
      ['together', rateOf(together)],
    ]),
    '',
    `Together over apart, round by round: ${three(ratios?.min ?? null)} / ${three(ratio)} / ${three(ratios?.max ?? null)}` +
      ` (to reach ${RATIO_MIN}: ${ratio >= RATIO_MIN ? 'reached' : 'missed'}); largest relative error of a tensor ${error.toExponential(1)}.`,
    `Commit ${String(revision)}; ${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores, load ${String(loadBefore)} before.`,
  ].join('\n')
}

await main().catch(reportFailure)
