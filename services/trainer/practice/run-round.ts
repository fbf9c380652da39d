// One round of ReST-EM, told flat: choose a strategy, write candidates of every document, train and ask each, keep the best
// where it beats the base, teach the policy what was kept, examine it on other documents, decide. Every step's result is
// kept under its name, so a round that was interrupted goes on where it was; what is drawn, is drawn by seed.
import type { EvaluationInput } from '../../../shared/evaluations/evaluation.ts'
import type { Gate } from '../../../shared/models/settings.ts'
import type { PracticeSettings } from '../../../shared/practice/practice.ts'
import type { RoundResult } from '../../../shared/practice/round.ts'
import type { StoredAdapter } from '../../../shared/registry/adapters.ts'
import type { Verdict } from '../../../shared/versions/verdict.ts'
import type { Adapter } from '../../engine/adapter/adapter.ts'
import { toTrainingExample } from '../../engine/ask.ts'
import type { Engine, Training, TrainingRecipe } from '../../engine/engine.ts'
import { LINEAR_NAMES } from '../../engine/base/model-config.ts'
import { changesOf, measure, pairAnswers } from '../../monitor/compare.ts'
import { evaluate } from '../../monitor/evaluate.ts'
import { measureForgetting } from '../../monitor/forgetting.ts'
import { judgeRetention } from '../../monitor/judge-retention.ts'
import { decideVerdict } from '../../monitor/verdict.ts'
import type { KnowledgeRecipe } from '../recipe.ts'
import type { StudySettings } from '../study/settings.ts'
import { askBase } from './ask-base.ts'
import { sampledStudy, writeCandidate } from './candidates.ts'
import type { Candidate, Lesson } from './candidates.ts'
import { chooseStrategy } from './choose-strategy.ts'
import { chooseBest, intraclassCorrelation, meanOf, rewardOf } from './reward.ts'
import type { Steps } from './steps.ts'
import { TOGETHER_MAX, trainAndAsk } from './train-and-ask.ts'
import type { PracticeDocument } from './train-and-ask.ts'

export interface RoundParts {
  engine: Engine
  study: StudySettings
  recipe: KnowledgeRecipe
  steps: Steps
  /** Immutable and by content, as every adapter. */
  save: (adapter: Adapter) => Promise<StoredAdapter>
  load: (stored: StoredAdapter) => Promise<Adapter>
  /** `done` is the share of the round, 0 to 1. */
  report: (phase: string, done: number, event?: { type: string; data: Record<string, unknown> }) => void
  signal: AbortSignal
}

export interface RoundInput {
  number: number
  /** What writes the self-edits; null: the base unaided. `name` tells policies apart in the names of steps. */
  policy: { name: string; adapter: Adapter | null }
  documents: readonly PracticeDocument[]
  /** Never practised on. */
  heldOut: readonly PracticeDocument[]
  settings: PracticeSettings
  gate: Gate
}

/** Documents whose candidates are trained twice, for the reliability of the reward. */
const REPEATED_DOCUMENTS = 4
/** Where each phase ends, of a round. */
const PHASE_ENDS = { strategies: 0.1, candidates: 0.65, policy: 0.75 } as const

/** `policy` is null where none was trained or the gate refused it. Throws what the engine throws, and the signal's reason. */
export async function runRound(
  parts: RoundParts,
  input: RoundInput,
): Promise<{ result: RoundResult; policy: StoredAdapter | null }> {
  const { engine, steps, report, signal } = parts
  const { number, policy, documents, heldOut, settings, gate } = input
  const inRound = (name: string): string => `round ${number}/${name}`

  // Strategies first: they are worth more than samples.
  report('choosing a strategy', 0)
  const chosen = await chooseStrategy(parts, input)
  const { study, recipe } = chosen.strategy

  // Candidates of every document, trained at once from the same start with the same draws, and asked.
  const rewards: { trainings: number[][]; best: number | null; all: (number | null)[] }[] = []
  const lessons: Lesson[] = []
  for (const [index, document] of documents.entries()) {
    const done = PHASE_ENDS.strategies + (PHASE_ENDS.candidates - PHASE_ENDS.strategies) * (index / documents.length)
    const candidates: Candidate[] = []
    for (let candidate = 0; candidate < settings.candidates; candidate++) {
      report('writing candidates', done)
      candidates.push(
        await writeCandidate(engine, policy.adapter, document, {
          study: sampledStudy(study, { candidate, temperature: settings.temperature, topP: settings.topP }),
          epochs: recipe.epochs,
          remember: (write) => steps.run('writing', inRound(`${document.id}/writing ${candidate}`), write),
          signal,
        }),
      )
    }
    report('training candidates', done)
    const trained = candidates.filter(({ rows }) => rows.length > 0)
    const base = await askBase(parts, document)
    const repeats = index < REPEATED_DOCUMENTS ? 2 : 1
    const answered = await steps.run('training', inRound(`${document.id}/answers`), async () => {
      const trainings = Array.from({ length: repeats }, (_, repeat) =>
        trained.map(({ rows: examples }) => ({ examples, recipe: { ...recipe, seed: recipe.seed + repeat } })),
      )
      const answers = await trainAndAsk(parts, trainings.flat(), () => document)
      return answers.map(({ correct, total, logprob }) => ({ correct, total, logprob }))
    })
    const ofTrained = trained.map((_, at) =>
      Array.from({ length: repeats }, (_, repeat) => answered[repeat * trained.length + at]).flatMap((one) =>
        one === undefined ? [] : [rewardOf(settings.reward, base, one)],
      ),
    )
    const all = candidates.map((candidate) => {
      const at = trained.indexOf(candidate)
      return at < 0 ? null : meanOf(ofTrained[at] ?? [])
    })
    const best = chooseBest(all)
    rewards.push({ trainings: ofTrained, best, all })
    if (best !== null) lessons.push(...(candidates[best]?.lessons ?? []))
    const data = { round: number, document_id: document.id, rewards: all, kept: best }
    report('candidates measured', done, { type: 'candidates', data })
  }
  const figures = figuresOf(rewards)

  // The policy learns to write what was kept, from where it stands.
  report('training the policy', PHASE_ENDS.candidates)
  const trained =
    lessons.length === 0
      ? null
      : await steps.run('policy', inRound('policy'), () => trainPolicy(parts, policy.adapter, lessons))

  // Other documents, studied by the policy before and after, decide.
  let accuracy: RoundResult['accuracy'] = null
  let verdict: Verdict | null = null
  if (trained !== null) {
    const adapter = await parts.load(trained)
    const half = (1 - PHASE_ENDS.policy) / 2
    const before = await examine(parts, policy, heldOut, (done) => report('examining', PHASE_ENDS.policy + half * done))
    const after = await examine(parts, { name: trained.sha256, adapter }, heldOut, (done) =>
      report('examining', PHASE_ENDS.policy + half + half * done),
    )
    const [learnedBefore, learnedAfter] = [measure(before), measure(after)]
    accuracy = { before: learnedBefore.correct, after: learnedAfter.correct, total: learnedAfter.total }
    verdict = judge(engine, { before, after, heldOut, gate })
  }
  const result: RoundResult = {
    strategy: chosen.strategy.name,
    ...figures,
    rows: lessons.length,
    ...{ accuracy, verdict },
    perMinute: {
      strategies: chosen.perMinute,
      samples: gainOfSamples(rewards, figures.reliability, steps.seconds()),
    },
    seconds: steps.seconds(),
  }
  return { result, policy: verdict?.action === 'promote' ? trained : null }
}

/** Cautious beside the study adapter's own training: few rows, of the model's own making. */
async function trainPolicy(
  { engine, save, signal }: RoundParts,
  from: Adapter | null,
  lessons: readonly Lesson[],
): Promise<StoredAdapter> {
  const recipe: TrainingRecipe = {
    lora: from?.config ?? { rank: 16, alpha: 32, targets: LINEAR_NAMES },
    epochs: 2,
    learningRate: 2e-4,
    schedule: 'linear',
    warmupSteps: 5,
    weightDecay: 0,
    clipNorm: 1,
    rowsPerStep: 6,
    tokensPerBatch: 1024,
    seed: 1,
  }
  const { positionsMax } = engine.base.config
  const rows = lessons
    .map(({ messages, text }) => toTrainingExample(engine, messages, text))
    .filter(({ tokens }) => tokens.length <= positionsMax)
  const { adapter } = await engine.train(rows, recipe, { signal, ...(from === null ? {} : { from }) })
  return await save(adapter)
}

/** What documents' questions are answered after the service's own study and training, with this policy writing. */
async function examine(
  parts: RoundParts,
  policy: RoundInput['policy'],
  documents: readonly PracticeDocument[],
  onProgress: (done: number) => void,
): Promise<EvaluationInput[]> {
  const { engine, study, recipe, steps, signal } = parts
  const evaluations: EvaluationInput[] = []
  for (let from = 0; from < documents.length; from += TOGETHER_MAX) {
    const group = documents.slice(from, from + TOGETHER_MAX)
    const studied: { document: PracticeDocument; training: Training }[] = []
    for (const document of group) {
      onProgress(from / documents.length)
      const { rows: examples } = await writeCandidate(engine, policy.adapter, document, {
        ...{ study, epochs: recipe.epochs, signal },
        remember: (write) => steps.run('examining', `examined ${policy.name}/${document.id}/writing`, write),
      })
      if (examples.length > 0) studied.push({ document, training: { examples, recipe } })
    }
    const name = `examined ${policy.name}/${group.map(({ id }) => id).join()}`
    evaluations.push(
      ...(await steps.run('examining', name, async () => {
        const trainings = studied.map(({ training }) => training)
        const answers = await trainAndAsk(parts, trainings, (at) => studied[at]?.document)
        // One that nothing could be written about is answered by the base.
        const without = group.filter((document) => !studied.some((one) => one.document === document))
        const probes = without.flatMap((document) => document.probes)
        return [
          ...answers.flatMap((answer) => answer.evaluations),
          ...(await evaluate(engine, { probes, adapterFor: () => null, signal })),
        ]
      })),
    )
  }
  onProgress(1)
  return evaluations
}

/** The gate of knowledge: with the policy held-out questions are answered better, by count or likelihood, and no document worse. */
function judge(
  engine: Engine,
  input: {
    before: readonly EvaluationInput[]
    after: readonly EvaluationInput[]
    heldOut: readonly PracticeDocument[]
    gate: Gate
  },
): Verdict {
  const { before, after, heldOut, gate } = input
  const probes = new Map(heldOut.flatMap((document) => document.probes).map((probe) => [probe.id, probe]))
  const pairs = pairAnswers(before, after)
  const changes = changesOf(pairs, (id) => probes.get(id)?.documentId)
  const tokensOf = (id: string): number =>
    engine.tokenizer.encode((probes.get(id)?.answer ?? '').trim(), { addSpecial: false }).length
  return decideVerdict({
    learned: { before: measure(before), after: measure(after) },
    retention: judgeRetention({ changes, alpha: gate.regressionAlpha }),
    forgetting: measureForgetting(pairs, tokensOf, null),
    gate,
  })
}

interface DocumentRewards {
  /** [candidate][training], of those that could be trained. */
  trainings: number[][]
  best: number | null
  /** Means over trainings, of all candidates; null: nothing to train on. */
  all: (number | null)[]
}

function figuresOf(rewards: readonly DocumentRewards[]): Pick<RoundResult, 'reward' | 'reliability' | 'keptShare'> {
  const kept = rewards.flatMap(({ best, all }) => (best === null ? [] : (all[best] ?? [])))
  const all = rewards.flatMap((document) => document.all.flatMap((reward) => reward ?? []))
  const repeated = rewards.map(({ trainings }) => trainings).filter(([first]) => (first?.length ?? 0) > 1)
  return {
    reward: { kept: kept.length === 0 ? null : meanOf(kept), all: all.length === 0 ? null : meanOf(all) },
    reliability: intraclassCorrelation(repeated),
    keptShare: kept.length / Math.max(1, rewards.length),
  }
}

/** Best minus mean, of which only the reliable part is real; over the minutes that the other samples took. */
function gainOfSamples(
  rewards: readonly DocumentRewards[],
  reliability: number | null,
  seconds: Readonly<Record<string, number>>,
): number | null {
  const gains = rewards.flatMap(({ all }) => {
    const known = all.flatMap((reward) => reward ?? [])
    return known.length < 2 ? [] : [Math.max(...known) - meanOf(known)]
  })
  const samples = Math.max(...rewards.map(({ all }) => all.length), 1)
  const minutes = (((seconds['writing'] ?? 0) + (seconds['training'] ?? 0)) * (samples - 1)) / samples / 60
  if (gains.length === 0 || reliability === null || minutes === 0) return null
  return (meanOf(gains) * Math.min(1, Math.max(0, reliability))) / minutes
}
