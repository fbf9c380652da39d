// One update from claim to verdict, told flat: study, train, evaluate, decide, promote. Every step can be cut short by
// the signal and done again after a crash; only the last write, one fenced transaction, has an effect outside.
import { listOpenLosses } from '../../shared/alerts/open-losses.ts'
import type { Db } from '../../shared/database/database.ts'
import type { EvaluationInput } from '../../shared/evaluations/evaluation.ts'
import { listDocumentTexts } from '../../shared/documents/get-document.ts'
import { findEvaluations } from '../../shared/evaluations/find-evaluations.ts'
import { findLineage } from '../../shared/evaluations/find-lineage.ts'
import { findNoiseFloor } from '../../shared/evaluations/find-noise-floor.ts'
import { listProbes } from '../../shared/probes/save-probes.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import { roundFigure } from '../../shared/round-figure.ts'
import { loadRouter } from '../../shared/router/load-router.ts'
import { listSelfEditsOfDocuments } from '../../shared/self-edits/save-self-edits.ts'
import type { Claim } from '../../shared/updates/claim-update.ts'
import { awaitReview } from '../../shared/updates/await-review.ts'
import { finishUpdate } from '../../shared/updates/finish-update.ts'
import { recordProgress } from '../../shared/updates/record-progress.ts'
import { recordStudy } from '../../shared/updates/record-study.ts'
import { getHead } from '../../shared/versions/get-version.ts'
import { documentsTaught } from '../../shared/versions/manifest.ts'
import { promoteVersion } from '../../shared/versions/promote.ts'
import type { Adapter } from '../engine/adapter/adapter.ts'
import type { Engine } from '../engine/engine.ts'
import type { AnswerJudge } from '../monitor/answer-judge.ts'
import { changesOf, changesOfLineage, collectEvidence, measure, pairAnswers } from '../monitor/compare.ts'
import { evaluate } from '../monitor/evaluate.ts'
import { findRecovered } from '../monitor/find-recovered.ts'
import { findScale } from '../monitor/find-scale.ts'
import { measureForgetting } from '../monitor/forgetting.ts'
import { judgeRetention } from '../monitor/judge-retention.ts'
import { alertOf } from '../monitor/record-retention.ts'
import { decideVerdict, isWithinBudget } from '../monitor/verdict.ts'
import { foldAdapters } from './fold-adapters.ts'
import { measureCandidate } from './measure-candidate.ts'
import { measureControl, type ControlMemory } from './measure-control.ts'
import { measureDrift } from './measure-drift.ts'
import { outlastOutage } from './outage.ts'
import { createProgressWriter } from './progress.ts'
import type { KnowledgeRecipe } from './recipe.ts'
import { manifestOf } from './strategies/strategy.ts'
import { planUpdate } from './strategies/plan-update.ts'
import { describeWritten, studyDocument } from './study-document.ts'
import { countWritten } from './study/count-written.ts'
import { studySettingsOf, trainedTokensMax } from './study/settings.ts'
import type { StudySettings } from './study/settings.ts'
import { listWindows } from './study/windows.ts'
import type { Writer } from './study/writer.ts'
import { refuseOtherBase } from './refuse-other-base.ts'
import { trainPlan } from './train-plan.ts'
import type { Clock } from './worker.ts'

export interface IncorporateParts {
  db: Db
  store: ObjectStore
  engine: Engine
  /** Helps the base to write self-edits; null for a base without one. */
  studyAdapter: Adapter | null
  /** A model outside that writes them instead. */
  generator?: Writer | undefined
  study: StudySettings
  recipe: KnowledgeRecipe
  /** Grades answers to long golds; absent or null: all are graded by words. */
  judge?: AnswerJudge | null
  clock: Clock
}

/** Where each phase ends, of the whole update; by the time each takes on two cores. */
const PHASE_ENDS = { studying: 0.35, training: 0.8, evaluating: 1 } as const

/** Returns once the update is promoted or rejected, or studied and left to its review. Throws AppErrors by the table of errors, and the signal's reason. */
export async function incorporate(parts: IncorporateParts, claim: Claim, signal: AbortSignal): Promise<void> {
  const { db, engine, recipe, clock } = parts
  const { lease, model } = claim
  const progress = createProgressWriter((line) => recordProgress(db, lease, line), clock)
  const persist = <T>(write: () => Promise<T>) => outlastOutage(write, clock, signal)
  const timingsMs: Record<string, number> = {}

  const parent = await persist(() => getHead(db, model.name))
  refuseOtherBase(parent, engine)
  // Row 0 holds every document that was ever measured, those of rolled-back versions too; the base knows none of them.
  const parentEvaluations = await persist(() => findEvaluations(db, model.id, parent.number))
  const newIds = claim.documents.map(({ id }) => id)
  const known = parent.number === 0 ? [] : [...parentEvaluations.keys(), ...documentsTaught(parent.manifest)]
  const olderIds = [...new Set(known)].filter((id) => !newIds.includes(id)).sort()
  // What cannot be done is said before anything is studied for it.
  const planned = planUpdate(claim, { parent: parent.manifest, newDocuments: newIds, olderDocuments: olderIds })

  // Study. What an earlier attempt wrote is gone on with.
  let startedAt = clock.now()
  const study = studySettingsOf(parts.study, model.settings.study)
  const written = countWritten(engine, parts.generator)
  for (const [index, document] of claim.documents.entries()) {
    const share = (fraction: number) => PHASE_ENDS.studying * ((index + fraction) / claim.documents.length)
    const { engine, generator } = written
    let studied = 0
    const counts = await studyDocument({ ...parts, study, engine, generator }, lease, document, {
      persist,
      signal,
      onProgress: (fraction) => {
        studied = fraction
        progress.report({ state: 'studying', phase: 'writing self-edits', fraction: share(studied) })
      },
      onWritten: (edits) =>
        progress.report({
          state: 'studying',
          phase: 'writing self-edits',
          fraction: share(studied),
          event: { type: 'written', data: describeWritten(document.id, edits) },
        }),
    })
    progress.report({
      state: 'studying',
      phase: 'self-edits written',
      fraction: share(1),
      event: { type: 'self_edits', data: counts },
    })
  }
  await progress.settle()
  const cost = { studyingMs: clock.now() - startedAt, generatedTokens: written.tokens() }
  await persist(() => recordStudy(db, lease, { ...cost, trainedTokensMax: budgetOf(claim, study) }))
  if (claim.update.review) return await persist(() => awaitReview(db, lease))

  // Train what the strategy plans.
  startedAt = clock.now()
  const plan = await foldAdapters(parts, planned, signal)
  const studied = plan.trainings.flatMap(({ selfEditsOf }) => selfEditsOf)
  const trained = await trainPlan(parts, plan, {
    selfEdits: await persist(() => listSelfEditsOfDocuments(db, studied)),
    texts: recipe.objective.distillation > 0 ? await persist(() => listDocumentTexts(db, studied)) : new Map(),
    signal,
    onStep: ({ step, steps, loss, gradientNorm }, done) => {
      const fraction = PHASE_ENDS.studying + (PHASE_ENDS.training - PHASE_ENDS.studying) * done
      const worthAnEvent = step % 5 === 0 || step === steps
      const figures = { loss: roundFigure(loss), gradient_norm: roundFigure(gradientNorm) }
      const event = { type: 'loss', data: { step, steps, ...figures } }
      progress.report({ state: 'training', phase: 'training', fraction, ...(worthAnEvent ? { event } : {}) })
    },
  })
  await progress.settle()
  timingsMs['training'] = Math.round(clock.now() - startedAt)

  // Evaluate: the base on the new probes, the candidate on those and on all older ones, as it would answer them.
  startedAt = clock.now()
  const manifestAt = (scale: number) =>
    manifestOf(
      plan,
      engine.base,
      trained.entries.map((entry) => ({ ...entry, scale })),
    )
  const probes = await persist(() => listProbes(db, [...olderIds, ...newIds]))
  const newProbes = probes.filter(({ documentId }) => newIds.includes(documentId))
  const router = await persist(() => loadRouter(db, manifestAt(1)))
  const routed = parent.manifest !== null && parent.manifest.router !== null
  const parentRouter = routed ? await persist(() => loadRouter(db, parent.manifest)) : router
  const asked = newProbes.length + probes.length
  const reportAsked = (done: number) =>
    progress.report({
      state: 'evaluating',
      phase: 'asking questions',
      fraction: PHASE_ENDS.training + (PHASE_ENDS.evaluating - PHASE_ENDS.training) * (done / Math.max(1, asked)),
    })
  const baseEvaluations = await evaluate(engine, {
    probes: newProbes,
    adapterFor: () => null,
    judge: parts.judge ?? null,
    onProgress: reportAsked,
    signal,
  })
  const before = measure(baseEvaluations)
  const goldTokens = new Map(
    probes.map(({ id, answer }) => [id, engine.tokenizer.encode(answer.trim(), { addSpecial: false }).length]),
  )
  const { gate } = model.settings
  const documentOf = new Map(probes.map(({ id, documentId }) => [id, documentId]))
  const history = changesOfLineage(await persist(() => findLineage(db, model.id, parent.number)))
  const noiseFloor = await persist(() => findNoiseFloor(db, model.id))
  const controlMemory: ControlMemory = new Map()

  /** The candidate at a strength: asked, compared with its parent, judged by the numbers alone. */
  const judgeAt = async (scale: number, earlier: EvaluationInput[] = []) => {
    const manifest = manifestAt(scale)
    const evaluations = await measureCandidate(parts, {
      ...{ manifest, router, probes, earlier, signal },
      trained: trained.adapters,
      onProgress: (done) => {
        if (earlier.length === 0) reportAsked(newProbes.length + done)
      },
    })
    const olderPairs = pairAnswers(
      [...parentEvaluations.values()],
      evaluations.filter(({ documentId }) => !newIds.includes(documentId)),
    )
    const after = measure(evaluations.filter(({ documentId }) => newIds.includes(documentId)))
    const candidateParts = { ...parts, trained: trained.adapters }
    const klBits = await measureDrift(candidateParts, { manifest, router, signal })
    const control = await measureControl(candidateParts, {
      before: { manifest: parent.manifest, router: parentRouter },
      after: { manifest, router },
      ...{ memory: controlMemory, signal },
    })
    const retention = judgeRetention({
      changes: changesOf(olderPairs, (probeId) => documentOf.get(probeId)),
      ...{ history, control, noiseFloor },
      alpha: gate.regressionAlpha,
    })
    const verdict = decideVerdict({
      learned: { before, after },
      retention,
      forgetting: measureForgetting(olderPairs, (probeId) => goldTokens.get(probeId) ?? 1, klBits),
      gate,
      scale,
    })
    return { manifest, evaluations, olderPairs, after, retention, verdict, withinBudget: isWithinBudget(verdict, gate) }
  }

  // Decide: at full strength, else as strong as what was known before allows, else not at all.
  const full = await judgeAt(1)
  const clipped = full.withinBudget ? undefined : await findScale((scale) => judgeAt(scale, full.evaluations))
  const { manifest, evaluations, olderPairs, after, retention, verdict } = clipped?.measured ?? full
  await progress.settle()
  timingsMs['evaluating'] = Math.round(clock.now() - startedAt)
  const outcome = {
    verdict,
    learned: newIds.length === 0 ? null : { before: before.correct, after: after.correct, total: after.total },
    retained:
      olderPairs.length === 0
        ? null
        : {
            before: olderPairs.filter((pair) => pair.before.correct).length,
            after: olderPairs.filter((pair) => pair.after.correct).length,
            total: olderPairs.length,
          },
    evaluations,
    alert: alertOf(retention, collectEvidence(probes, olderPairs)),
    timingsMs,
    trainedTokens: trained.trainedTokens,
  }

  // One transaction; a worker that lost its lease writes nothing.
  if (verdict.action === 'reject') await persist(() => finishUpdate(db, lease, { state: 'rejected', ...outcome }))
  else {
    const recovered = findRecovered(await persist(() => listOpenLosses(db, model.id)), evaluations)
    const promotion = { parent: parent.number, manifest, baseEvaluations, recovered, ...outcome }
    await persist(() => promoteVersion(db, lease, promotion))
  }
}

/** Tokens that the training may run; null for a consolidation, which trains everything there is. */
function budgetOf({ update, model, documents }: Claim, study: StudySettings): number | null {
  if (update.kind === 'consolidate') return null
  if (model.settings.strategy === 'replay') return model.settings.replay.tokensMax
  const passagesOf = (text: string): number => listWindows(text).filter(({ kind }) => kind === 'passage').length
  return documents.reduce((sum, { text }) => sum + trainedTokensMax(study, passagesOf(text)), 0)
}
