// `npm run bench:engine`: the engine side by side with PEFT, Hugging Face generate and llama.cpp on this machine, two
// threads each. Contenders take turns within one run, because absolute figures of two runs cannot be compared.
import { existsSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { cacheFolder } from '../../infra/local/setup/cache.mjs'
import { PlainError, reportFailure } from '../../infra/local/setup/plain-error.mjs'
import { openBase } from '../../services/engine/base/open-base.ts'
import { measureMemory } from './engine/memory.ts'
import { ensureReferences } from './engine/references.ts'
import { QUIET_LOAD, toMarkdown } from './engine/report.ts'
import type { Report } from './engine/report.ts'
import { measureDecoding, measurePrefill, measureTraining, ourCommand } from './engine/sections.ts'
import type { Bench } from './engine/sections.ts'
import { defaultDataFile, prepareWork } from './engine/work.ts'

const HELP = `npm run bench:engine -- [flags]

Trained tokens a second, prefill, decoding and peak memory of the engine, against PEFT, Hugging Face generate and
llama.cpp. The references are installed into the download cache on first use. About 30 minutes; keep the machine quiet.

  --rounds N             measured rounds after one that is not counted (5)
  --only LIST            of train,decode,prefill,memory, comma-separated (all)
  --steps N              optimiser steps of a round of training (3)
  --tokens N             tokens to write, for each row of a round of decoding (64)
  --base PATH            GGUF file that all contenders load (the embedded base)
  --data FILE            passages with questions that rows and prompts are cut from (../shared/data/squad/pool.json,
                         else tests/data/invented.json)
  --json FILE            write every round's figure there too
  --without-references   the engine alone
  --help
`

const SECTIONS = ['train', 'decode', 'prefill', 'memory'] as const
const ROWS_PER_STEP = 8

const say = (line: string): void => console.error(line)

async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', default: SECTIONS.join() },
      steps: { type: 'string', default: '3' },
      tokens: { type: 'string', default: '64' },
      base: { type: 'string', default: join(cacheFolder(), 'base', 'SmolLM2-135M-Instruct.Q4_1.gguf') },
      data: { type: 'string' },
      json: { type: 'string' },
      'without-references': { type: 'boolean', default: false },
    },
  })
  if (flags.help) return console.log(HELP)
  const sections = chosenSections(flags.only)
  const [rounds, steps, tokens] = [
    count('rounds', flags.rounds),
    count('steps', flags.steps),
    count('tokens', flags.tokens),
  ]
  if (tokens < 2)
    throw new PlainError('--tokens must be at least 2: the first token of a row comes out of the prefill.')
  const base = resolve(flags.base)
  const data = resolve(flags.data ?? defaultDataFile())
  for (const [flag, file] of [['base', base] as const, ['data', data] as const])
    if (!existsSync(file))
      throw new PlainError(`${file} is not there: run "npm run setup", or name another by --${flag}.`)

  const loadBefore = loadavg()[0] ?? 0
  if (loadBefore > QUIET_LOAD)
    say(`load average ${loadBefore.toFixed(2)}: the machine is busy, so figures will not count`)
  const source = await openBase(base)
  const work = prepareWork(source, data, { steps, rowsPerStep: ROWS_PER_STEP })
  const { id, config } = source
  source.close()
  const wanted = !flags['without-references'] && sections.some((section) => section !== 'memory')
  const references = wanted ? await ensureReferences(say) : undefined
  const bench: Bench = { base, config, work, rounds, rowsPerStep: ROWS_PER_STEP, tokens, references, say }
  const machine = {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    loadBefore,
    node: process.version,
  }
  const report: Report = { machine, base: id, data, rounds, cases: [], ratios: [], shares: [], memory: [] }
  for (const section of sections) await measureSection(section, bench, report)
  console.log(toMarkdown(report))
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`)
}

async function measureSection(section: (typeof SECTIONS)[number], bench: Bench, report: Report): Promise<void> {
  if (section === 'memory') {
    bench.say('memory')
    const commandOf = (frozen: 'float32' | 'bfloat16', use: 'train' | 'answer') => ourCommand(bench.base, frozen, use)
    report.memory = await measureMemory(bench.work, bench.rowsPerStep, bench.tokens, commandOf, bench.say)
    return
  }
  const measure = { train: measureTraining, decode: measureDecoding, prefill: measurePrefill }[section]
  const { cases, ratios, shares } = await measure(bench)
  report.cases.push(...cases)
  report.ratios.push(...ratios)
  report.shares.push(...shares)
}

function chosenSections(only: string): (typeof SECTIONS)[number][] {
  const names = only.split(',').map((name) => name.trim())
  const unknown = names.filter((name) => !SECTIONS.some((section) => section === name))
  if (unknown.length > 0) throw new PlainError(`--only takes ${SECTIONS.join(', ')}, not "${unknown.join(', ')}".`)
  return SECTIONS.filter((section) => names.includes(section))
}

function count(flag: string, text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1)
    throw new PlainError(`--${flag} must be a whole number above 0, not "${text}".`)
  return number
}

await main().catch(reportFailure)
