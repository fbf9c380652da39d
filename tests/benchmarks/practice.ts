// `npm run bench:practice`: rounds of practice as the service runs them, called on the engine directly. Every step is on
// disk before the next begins, so a run of hours that stops goes on where it was; a finished one reports again at once.
import { mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { PlainError, reportFailure } from '../../infra/local/setup/plain-error.mjs'
import { decodeAdapter, encodeAdapter } from '../../services/engine/adapter/peft.ts'
import { runRound } from '../../services/trainer/practice/run-round.ts'
import { createSteps, type Once } from '../../services/trainer/practice/steps.ts'
import type { PracticeDocument } from '../../services/trainer/practice/train-and-ask.ts'
import { KNOWLEDGE_RECIPE } from '../../services/trainer/recipe.ts'
import { STUDY_SETTINGS } from '../../services/trainer/study/settings.ts'
import type { EvaluationInput } from '../../shared/evaluations/evaluation.ts'
import { modelSettingsSchema } from '../../shared/models/settings.ts'
import type { PracticeSettings } from '../../shared/practice/practice.ts'
import { getAdapter, putAdapter, type StoredAdapter } from '../../shared/registry/adapters.ts'
import { openObjectStore } from '../../shared/registry/object-store.ts'
import { probesOf } from './learning/ask-questions.ts'
import { openBench } from './learning/bench.ts'
import { readFlags, SHARED_HELP, wholeNumber } from './learning/flags.ts'
import { loadNow } from './learning/load-now.ts'
import { defaultData, poolPath, poolTunedBefore, readPassages } from './learning/passages.ts'
import type { BenchPassage } from './learning/passages.ts'
import { keyOf, openResultStore } from './learning/result-store.ts'
import { writeReport } from './learning/write-report.ts'
import { reportPractice, type PractisedRound } from './practice/report.ts'

const HELP = `npm run bench:practice -- [flags]

Rounds of ReST-EM: candidates of self-edits about passages, the best kept by its reward, the policy trained on what was
kept and examined on other passages. Hours with the defaults, on two cores; goes on where it was stopped.

  --documents N       passages to practise on (20)
  --held-out N        passages that examine the policy, never practised on (20)
  --held-out-from N   the first of them (700)
  --k N               candidates of each passage (5)
  --rounds N          (2)
  --reward KIND       likelihood or accuracy (likelihood)
  --strategies WORD   yes: a bandit over strategies first; no (yes)
  --temperature X     (0.9)
${SHARED_HELP.replace('(0; of pool.json 700: nothing was trained on those)', '(600: the study adapter has not seen them)').replace(/^ *--report.*\n/m, '')}`

/** Passages of the pool before this one taught the study adapter. */
const TAUGHT_BEFORE = 600

async function main(): Promise<void> {
  const flags = readFlags(
    process.argv.slice(2),
    { documents: 20, seeds: 1 },
    {
      ...{ 'held-out': '20', 'held-out-from': String(poolTunedBefore), k: '5', rounds: '2' },
      ...{ reward: 'likelihood', strategies: 'yes', temperature: '0.9' },
    },
  )
  if (flags.help) return console.log(HELP)
  const { more } = flags
  const data = flags.data ?? defaultData(poolPath)
  const documents = readPassages(data, flags.documents, flags.from ?? TAUGHT_BEFORE).map(documentOf)
  const heldOut = readPassages(
    data,
    wholeNumber('held-out', more['held-out'], 1),
    wholeNumber('held-out-from', more['held-out-from'], 0),
  ).map(documentOf)
  if (documents.some(({ id }) => heldOut.some((other) => other.id === id)))
    throw new PlainError('A passage is both practised on and held out: choose another --from or --held-out-from.')
  const settings: PracticeSettings = {
    rounds: wholeNumber('rounds', more.rounds, 1),
    candidates: wholeNumber('k', more.k, 2),
    reward: oneOf('reward', more.reward, ['likelihood', 'accuracy']),
    strategies: oneOf('strategies', more.strategies, ['yes', 'no']) === 'yes',
    temperature: Number(more.temperature),
    topP: 0.95,
  }
  const bench = await openBench(flags)
  const { engine } = bench
  const store = openResultStore<unknown>(join(flags.state, 'practice.jsonl'), flags)
  mkdirSync(bench.policies, { recursive: true })
  const objects = openObjectStore({ kind: 'folder', path: bench.policies })

  const examined = new Map<string, EvaluationInput[]>()
  const plan = keyOf({ ground: bench.ground, documents, heldOut, settings: { ...settings, rounds: null } })
  const once: Once = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const key = keyOf({ plan, name })
    const known = store.find(key)
    if (known === undefined) console.error(`${new Date().toISOString().slice(11, 19)} load ${loadNow()}  ${name}`)
    // Written as the result of the same step.
    const result = known === undefined ? await work() : (known as T)
    if (known === undefined) store.append(key, result)
    const policy = /^examined (\w+)\/(?!.*\/writing$)/.exec(name)?.[1]
    if (policy !== undefined) {
      const { value } = result as { value: EvaluationInput[] }
      const others = (examined.get(policy) ?? []).filter(
        ({ documentId }) => !value.some((one) => one.documentId === documentId),
      )
      examined.set(policy, [...others, ...value])
    }
    return result
  }

  const rounds: PractisedRound[] = []
  let policy: StoredAdapter | null = null
  for (let number = 1; number <= settings.rounds; number++) {
    const load = async (stored: StoredAdapter) => decodeAdapter(await getAdapter(objects, stored), engine.base.config)
    const adapter = policy === null ? bench.studyAdapter : await load(policy)
    let trained: StoredAdapter | null = null
    const round = await runRound(
      {
        ...{ engine, study: STUDY_SETTINGS, recipe: KNOWLEDGE_RECIPE, steps: createSteps(once) },
        save: (made) => putAdapter(objects, encodeAdapter(made, engine.base)),
        load: (stored) => load((trained = stored)),
        report: (phase, done) => console.error(`round ${number}, ${Math.round(100 * done)} %: ${phase}`),
        signal: new AbortController().signal,
      },
      {
        ...{ number, documents, heldOut, settings, gate: modelSettingsSchema.parse({}).gate },
        policy: { name: policy?.sha256 ?? 'first', adapter },
      },
    )
    rounds.push({ number, ...round, trained, before: policy?.sha256 ?? 'first' })
    policy = round.policy ?? policy
  }
  engine.close()
  const command =
    `npm run bench:practice -- --documents ${documents.length} --held-out ${heldOut.length} --k ${settings.candidates} ` +
    `--rounds ${settings.rounds} --reward ${settings.reward} --strategies ${more.strategies} --data ${relative('.', data)}`
  const { revision } = bench
  const report = reportPractice(rounds, examined, {
    command,
    revision,
    documents: documents.length,
    heldOut: heldOut.length,
  })
  writeReport('practice', flags, report)
}

function documentOf(passage: BenchPassage): PracticeDocument {
  const { id, title, text } = passage
  return { id, title, text, probes: probesOf(passage) }
}

function oneOf<T extends string>(flag: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value)
  if (found === undefined) throw new PlainError(`--${flag} must be one of ${known.join(', ')}, not "${value}".`)
  return found
}

await main().catch(reportFailure)
