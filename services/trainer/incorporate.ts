// One update from claim to verdict, told flat: study, train, evaluate, decide, promote. Every step can be cut short by
// the signal and done again after a crash; only the last write, one fenced transaction, has an effect outside.
import type { Db } from '../../shared/database/database.ts'
import { listDocumentTexts } from '../../shared/documents/get-document.ts'
import { listProbes } from '../../shared/probes/save-probes.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import { roundFigure } from '../../shared/round-figure.ts'
import { loadRouter } from '../../shared/router/load-router.ts'
import { listSelfEditsOfDocuments } from '../../shared/self-edits/save-self-edits.ts'
import type { Claim } from '../../shared/updates/claim-update.ts'
import { awaitReview } from '../../shared/updates/await-review.ts'
import { finishUpdate } from '../../shared/updates/finish-update.ts'
import { recordProgress, type Progress } from '../../shared/updates/record-progress.ts'
import { recordStudy } from '../../shared/updates/record-study.ts'
import { documentsTaught } from '../../shared/versions/manifest.ts'
import { promoteVersion } from '../../shared/versions/promote.ts'
import type { Adapter } from '../engine/adapter/adapter.ts'
import type { Engine } from '../engine/engine.ts'
import type { AnswerJudge } from '../monitor/answer-judge.ts'
import { collectEvidence, measure, tallyPairs } from '../monitor/compare.ts'
import { evaluate } from '../monitor/evaluate.ts'
import { findRecovered } from '../monitor/find-recovered.ts'
import { findScale } from '../monitor/find-scale.ts'
import { alertOf } from '../monitor/record-retention.ts'
import { decideVerdict, isWithinBudget } from '../monitor/verdict.ts'
import { compareWithParent, loadParent, REASKED_MAX, type MeasuredVersion, type Parent } from './compare-with-parent.ts'
import { foldAdapters } from './fold-adapters.ts'
import { outlastOutage, type Persist } from './outage.ts'
import { createProgressWriter, type ProgressWriter } from './progress.ts'
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
  const { gate } = model.settings
  const progress = createProgressWriter((line) => recordProgress(db, lease, line), clock)
  const persist = <T>(write: () => Promise<T>) => outlastOutage(write, clock, signal)
  const timingsMs: Record<string, number> = {}

  const parent = await persist(() => loadParent(db, model))
  refuseOtherBase(parent, engine)
  const newIds = claim.documents.map(({ id }) => id)
  const olderIds = olderDocuments(parent, newIds)
  // What cannot be done is said before anything is studied for it.
  const planned = planUpdate(claim, { parent: parent.manifest, newDocuments: newIds, olderDocuments: olderIds })

  // Study. What an earlier attempt wrote is gone on with.
  await studyAll(parts, claim, { progress, persist, signal })
  await progress.settle()
  if (claim.update.review) return await persist(() => awaitReview(db, lease))

  // Train what the strategy plans.
  let startedAt = clock.now()
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

  // Evaluate: the base on the new probes, the candidate on those and on the older ones, as it would answer them.
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
  const reportAsked = (done: number) =>
    progress.report({
      state: 'evaluating',
      phase: 'asking questions',
      fraction:
        PHASE_ENDS.training +
        (PHASE_ENDS.evaluating - PHASE_ENDS.training) * (done / Math.max(1, newProbes.length + probes.length)),
    })
  const baseEvaluations = await evaluate(engine, {
    probes: newProbes,
    adapterFor: () => null,
    judge: parts.judge ?? null,
    onProgress: reportAsked,
    signal,
  })
  const before = measure(baseEvaluations)

  /** The candidate at a strength: asked, compared with its parent, judged by the numbers alone. */
  const judgeAt = async (scale: number, earlier?: MeasuredVersion) => {
    const manifest = manifestAt(scale)
    const candidate = { manifest, router, trained: trained.adapters }
    const compared = await compareWithParent(parts, parent, candidate, {
      ...{ probes, own: newIds, alpha: gate.regressionAlpha, signal },
      ...{ earlier, reaskedMax: earlier === undefined ? REASKED_MAX : 0 },
      onProgress: (done) => {
        if (earlier === undefined) reportAsked(newProbes.length + done)
      },
    })
    const { retention, forgetting } = compared
    const after = measure(compared.own)
    const verdict = decideVerdict({ learned: { before, after }, retention, forgetting, gate, scale })
    return { ...compared, manifest, after, verdict, withinBudget: isWithinBudget(verdict, gate) }
  }

  // Decide: at full strength, else as strong as what was known before allows, else not at all.
  const full = await judgeAt(1)
  const clipped = full.withinBudget ? undefined : await findScale((scale) => judgeAt(scale, full))
  const { manifest, evaluations, pairs, after, retention, verdict } = clipped?.measured ?? full
  await progress.settle()
  timingsMs['evaluating'] = Math.round(clock.now() - startedAt)
  const outcome = {
    ...{ verdict, evaluations, timingsMs },
    learned: newIds.length === 0 ? null : { before: before.correct, after: after.correct, total: after.total },
    retained: tallyPairs(pairs),
    alert: alertOf(retention, collectEvidence(probes, pairs)),
    trainedTokens: trained.trainedTokens,
  }

  // One transaction; a worker that lost its lease writes nothing.
  if (verdict.action === 'reject') await persist(() => finishUpdate(db, lease, { state: 'rejected', ...outcome }))
  else {
    const recovered = findRecovered(parent.openLosses, evaluations)
    const promotion = { parent: parent.number, manifest, baseEvaluations, recovered, ...outcome }
    await persist(() => promoteVersion(db, lease, promotion))
  }
}

/** Row 0 holds every document that was ever measured, those of rolled-back versions too; the base knows none of them. */
function olderDocuments({ number, manifest, evaluations }: Parent, newIds: readonly string[]): string[] {
  if (number === 0) return []
  const known = [...evaluations.map(({ documentId }) => documentId), ...documentsTaught(manifest)]
  return [...new Set(known)].filter((id) => !newIds.includes(id)).sort()
}

/** Writes and stores the self-edits of every document of the update, and what they cost. */
async function studyAll(
  parts: IncorporateParts,
  claim: Claim,
  { progress, persist, signal }: { progress: ProgressWriter; persist: Persist; signal: AbortSignal },
): Promise<void> {
  const { db, clock } = parts
  const { lease, model, documents } = claim
  const startedAt = clock.now()
  const study = studySettingsOf(parts.study, model.settings.study)
  const written = countWritten(parts.engine, parts.generator)
  const { engine, generator } = written
  for (const [index, document] of documents.entries()) {
    let studied = 0
    const report = (phase: string, event?: Progress['event']) => {
      const fraction = PHASE_ENDS.studying * ((index + studied) / documents.length)
      progress.report({ state: 'studying', phase, fraction, ...(event ? { event } : {}) })
    }
    const counts = await studyDocument({ ...parts, study, engine, generator }, lease, document, {
      ...{ persist, signal },
      onProgress: (fraction) => {
        studied = fraction
        report('writing self-edits')
      },
      onWritten: (edits) =>
        report('writing self-edits', { type: 'written', data: describeWritten(document.id, edits) }),
    })
    studied = 1
    report('self-edits written', { type: 'self_edits', data: counts })
  }
  await progress.settle()
  const cost = { studyingMs: clock.now() - startedAt, generatedTokens: written.tokens() }
  await persist(() => recordStudy(db, lease, { ...cost, trainedTokensMax: budgetOf(claim, study) }))
}

/** Tokens that the training may run; null for a consolidation, which trains everything there is. */
function budgetOf({ update, model, documents }: Claim, study: StudySettings): number | null {
  if (update.kind === 'consolidate') return null
  if (model.settings.strategy === 'replay') return model.settings.replay.tokensMax
  const passagesOf = (text: string): number => listWindows(text).filter(({ kind }) => kind === 'passage').length
  return documents.reduce((sum, { text }) => sum + trainedTokensMax(study, passagesOf(text)), 0)
}
