// One update from claim to verdict, told flat: study, train, evaluate, decide, promote. Every step can be cut short by
// the signal and done again after a crash; only the last write, one fenced transaction, has an effect outside.
import type { Db } from '../../shared/database/database.ts'
import { AppError } from '../../shared/errors.ts'
import { findEvaluations } from '../../shared/evaluations/find-evaluations.ts'
import { listProbes } from '../../shared/probes/save-probes.ts'
import { putAdapter } from '../../shared/registry/adapters.ts'
import type { ObjectStore } from '../../shared/registry/object-store.ts'
import { loadRouter } from '../../shared/router/load-router.ts'
import { listSelfEditsOfDocuments } from '../../shared/self-edits/save-self-edits.ts'
import type { StoredSelfEdit } from '../../shared/self-edits/self-edit.ts'
import type { Claim } from '../../shared/updates/claim-update.ts'
import { finishUpdate } from '../../shared/updates/finish-update.ts'
import { recordProgress } from '../../shared/updates/record-progress.ts'
import { getHead } from '../../shared/versions/get-version.ts'
import type { ManifestAdapter } from '../../shared/versions/manifest.ts'
import { promoteVersion } from '../../shared/versions/promote.ts'
import type { Adapter } from '../engine/adapter/adapter.ts'
import { encodeAdapter } from '../engine/adapter/peft.ts'
import type { Engine, TrainingRecipe } from '../engine/engine.ts'
import { collectEvidence, measure, pairAnswers } from '../monitor/compare.ts'
import { evaluate } from '../monitor/evaluate.ts'
import { decideVerdict } from '../monitor/verdict.ts'
import { loadAdapter } from './load-adapter.ts'
import { measureCandidate } from './measure-candidate.ts'
import { outlastOutage } from './outage.ts'
import { createProgressWriter } from './progress.ts'
import { manifestOf, STRATEGY_PLANS } from './strategies/strategy.ts'
import { studyDocument } from './study-document.ts'
import type { StudySettings } from './study/settings.ts'
import { exampleOf } from './study/write-self-edits.ts'
import type { Clock } from './worker.ts'

export interface IncorporateParts {
  db: Db
  store: ObjectStore
  engine: Engine
  /** Helps the base to write self-edits; null for a base without one. */
  studyAdapter: Adapter | null
  study: StudySettings
  recipe: TrainingRecipe
  clock: Clock
}

/** Where each phase ends, of the whole update; by the time each takes on two cores. */
const PHASE_ENDS = { studying: 0.35, training: 0.8, evaluating: 1 } as const

/** Returns once the update is promoted or rejected. Throws AppErrors by the table of errors, and the signal's reason. */
export async function incorporate(parts: IncorporateParts, claim: Claim, signal: AbortSignal): Promise<void> {
  const { db, store, engine, clock } = parts
  const { lease, model } = claim
  const progress = createProgressWriter((line) => recordProgress(db, lease, line), clock)
  const persist = <T>(write: () => Promise<T>) => outlastOutage(write, clock, signal)
  const timingsMs: Record<string, number> = {}

  const parent = await persist(() => getHead(db, model.name))
  if (parent.manifest !== null && parent.manifest.base.sha256 !== engine.base.sha256)
    throw new AppError(
      'conflict',
      `model ${model.name} was built on base ${parent.manifest.base.id}, this trainer runs ${engine.base.id}: ` +
        'start it with that base, or send the document to a new model',
    )
  // Row 0 holds every document that was ever measured, those of rolled-back versions too; the base knows none of them.
  const parentEvaluations = await persist(() => findEvaluations(db, model.id, parent.number))
  const newIds = claim.documents.map(({ id }) => id)
  const olderIds = parent.number === 0 ? [] : [...parentEvaluations.keys()].filter((id) => !newIds.includes(id))

  // Study. What an earlier attempt wrote is gone on with.
  let startedAt = clock.now()
  for (const [index, document] of claim.documents.entries()) {
    const share = (fraction: number) => PHASE_ENDS.studying * ((index + fraction) / claim.documents.length)
    const counts = await studyDocument(parts, lease, document, {
      persist,
      signal,
      onProgress: (fraction) =>
        progress.report({ state: 'studying', phase: 'writing self-edits', fraction: share(fraction) }),
    })
    progress.report({
      state: 'studying',
      phase: 'self-edits written',
      fraction: share(1),
      event: { type: 'self_edits', data: counts },
    })
  }
  await progress.settle()
  timingsMs['studying'] = Math.round(clock.now() - startedAt)

  // Train what the strategy plans.
  startedAt = clock.now()
  const plan = STRATEGY_PLANS[model.settings.strategy]({
    parent: parent.manifest,
    newDocuments: newIds,
    olderDocuments: olderIds,
  })
  const studied = plan.trainings.flatMap(({ selfEditsOf }) => selfEditsOf)
  const selfEdits = latestStudies(await persist(() => listSelfEditsOfDocuments(db, studied)))
  const trained: ManifestAdapter[] = []
  const candidates = new Map<string, Adapter>()
  let trainedTokens = 0
  for (const [index, training] of plan.trainings.entries()) {
    const examples = selfEdits
      .filter((edit) => edit.kept && !edit.heldOut && training.selfEditsOf.includes(edit.documentId))
      .map((edit) => exampleOf(engine, edit))
    const from = training.from === null ? undefined : await loadAdapter(parts, training.from)
    const result = await engine.train(examples, parts.recipe, {
      ...(from === undefined ? {} : { from }),
      signal,
      onStep: ({ step, steps, loss, gradientNorm }) => {
        const done = (index + step / steps) / plan.trainings.length
        const fraction = PHASE_ENDS.studying + (PHASE_ENDS.training - PHASE_ENDS.studying) * done
        const worthAnEvent = step % 5 === 0 || step === steps
        const event = { type: 'loss', data: { step, steps, loss, gradient_norm: gradientNorm } }
        progress.report({ state: 'training', phase: 'training', fraction, ...(worthAnEvent ? { event } : {}) })
      },
    })
    signal.throwIfAborted()
    trainedTokens += result.trainedTokens
    const stored = await putAdapter(store, encodeAdapter(result.adapter, engine.base))
    candidates.set(stored.key, result.adapter)
    trained.push({ ...stored, document: training.document, scale: 1 })
  }
  await progress.settle()
  timingsMs['training'] = Math.round(clock.now() - startedAt)

  // Evaluate: the base on the new probes, the candidate on those and on all older ones, as it would answer them.
  startedAt = clock.now()
  const manifest = manifestOf(plan, engine.base, trained)
  const probes = await persist(() => listProbes(db, [...olderIds, ...newIds]))
  const newProbes = probes.filter(({ documentId }) => newIds.includes(documentId))
  const router = await persist(() => loadRouter(db, manifest))
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
    onProgress: reportAsked,
    signal,
  })
  const evaluations = await measureCandidate(parts, {
    manifest,
    router,
    probes,
    trained: candidates,
    onProgress: (done) => reportAsked(newProbes.length + done),
    signal,
  })
  await progress.settle()
  timingsMs['evaluating'] = Math.round(clock.now() - startedAt)

  // Decide, by the numbers alone.
  const ofNew = evaluations.filter(({ documentId }) => newIds.includes(documentId))
  const ofOlder = evaluations.filter(({ documentId }) => !newIds.includes(documentId))
  const olderPairs = pairAnswers([...parentEvaluations.values()], ofOlder)
  const before = measure(baseEvaluations)
  const after = measure(ofNew)
  const verdict = decideVerdict({
    learned: { before, after },
    retained: olderPairs.map((pair) => ({ before: pair.before.correct, after: pair.after.correct })),
    gate: model.settings.gate,
  })
  const outcome = {
    verdict,
    learned: { before: before.correct, after: after.correct, total: after.total },
    retained:
      olderPairs.length === 0
        ? null
        : {
            before: olderPairs.filter((pair) => pair.before.correct).length,
            after: olderPairs.filter((pair) => pair.after.correct).length,
            total: olderPairs.length,
          },
    evaluations,
    alert: verdict.regressed
      ? {
          statistic: 'mcnemar_exact_one_sided',
          pValue: verdict.pValue ?? 1,
          evidence: collectEvidence(probes, olderPairs),
        }
      : null,
    timingsMs,
    trainedTokens,
  }

  // One transaction; a worker that lost its lease writes nothing.
  if (verdict.action === 'reject') await persist(() => finishUpdate(db, lease, { state: 'rejected', ...outcome }))
  else await persist(() => promoteVersion(db, lease, { parent: parent.number, manifest, baseEvaluations, ...outcome }))
}

/** A document sent again after a rejection was studied twice; the later study is the one that its probes belong to. */
function latestStudies(edits: readonly StoredSelfEdit[]): StoredSelfEdit[] {
  const latest = new Map(edits.map(({ documentId, updateId }) => [documentId, updateId]))
  return edits.filter(({ documentId, updateId }) => latest.get(documentId) === updateId)
}
