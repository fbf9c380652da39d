// A deletion from claim to promotion, told flat: train again what the plan names, ask the deleted document's questions and
// all others, promote. The gate has no say: a deletion that damage to other documents could veto would be none. What it
// cost stands in the verdict and, where something was lost, in an alert.
import type { EvaluationInput } from '../../shared/evaluations/evaluation.ts'
import { listDocumentTexts } from '../../shared/documents/get-document.ts'
import { findEvaluations } from '../../shared/evaluations/find-evaluations.ts'
import type { Gate } from '../../shared/models/settings.ts'
import type { Probe } from '../../shared/probes/probe.ts'
import { listProbes } from '../../shared/probes/save-probes.ts'
import { loadRouter } from '../../shared/router/load-router.ts'
import { listSelfEditsOfDocuments } from '../../shared/self-edits/save-self-edits.ts'
import type { Claim } from '../../shared/updates/claim-update.ts'
import { finishDeletion } from '../../shared/updates/finish-deletion.ts'
import { recordProgress } from '../../shared/updates/record-progress.ts'
import type { Forgotten } from '../../shared/updates/update.ts'
import { documentsTaught } from '../../shared/versions/manifest.ts'
import { promoteVersion } from '../../shared/versions/promote.ts'
import type { Verdict } from '../../shared/versions/verdict.ts'
import { collectEvidence, measure, tallyPairs } from '../monitor/compare.ts'
import { findRecovered } from '../monitor/find-recovered.ts'
import { alertOf } from '../monitor/record-retention.ts'
import { decideVerdict } from '../monitor/verdict.ts'
import { compareWithParent, loadParent } from './compare-with-parent.ts'
import type { IncorporateParts } from './incorporate.ts'
import { outlastOutage } from './outage.ts'
import { createProgressWriter } from './progress.ts'
import { refuseOtherBase } from './refuse-other-base.ts'
import { planForgetting } from './strategies/forget.ts'
import { manifestOf } from './strategies/strategy.ts'
import { trainPlan } from './train-plan.ts'

/** Of the whole update, where something is trained. */
const TRAINING_END = 0.6

/** Returns once the documents are out. Throws AppErrors by the table of errors, and the signal's reason. */
export async function forget(parts: IncorporateParts, claim: Claim, signal: AbortSignal): Promise<void> {
  const { db, engine, recipe, clock } = parts
  const { lease, model } = claim
  const persist = <T>(write: () => Promise<T>) => outlastOutage(write, clock, signal)
  const progress = createProgressWriter((line) => recordProgress(db, lease, line), clock)
  const timingsMs: Record<string, number> = {}

  const parent = await persist(() => loadParent(db, model))
  const taught = documentsTaught(parent.manifest)
  const goneIds = claim.documents.map(({ id }) => id).filter((id) => taught.includes(id))
  if (parent.manifest === null || goneIds.length === 0) {
    await persist(() => finishDeletion(db, lease, parent.number))
    return
  }
  refuseOtherBase(parent, engine)
  const plan = planForgetting({ parent: parent.manifest, forgotten: goneIds, settings: model.settings })

  // Train again what held the documents beside others; nothing where they had adapters of their own.
  let startedAt = clock.now()
  const studied = plan.trainings.flatMap(({ selfEditsOf }) => selfEditsOf)
  const trained = await trainPlan(parts, plan, {
    selfEdits: await persist(() => listSelfEditsOfDocuments(db, studied)),
    texts: recipe.objective.distillation > 0 ? await persist(() => listDocumentTexts(db, studied)) : new Map(),
    signal,
    onStep: (_, done) =>
      progress.report({ state: 'training', phase: 'training without it', fraction: TRAINING_END * done }),
  })
  timingsMs['training'] = Math.round(clock.now() - startedAt)

  // Evaluate: what is left of the documents, and all the others.
  startedAt = clock.now()
  const manifest = manifestOf(plan, engine.base, trained.entries)
  const router = await persist(() => loadRouter(db, manifest))
  const goneProbes = await persist(() => listProbes(db, goneIds))
  const olderProbes = await persist(() => listProbes(db, documentsTaught(manifest).sort()))
  const ofBase = await persist(() => findEvaluations(db, model.id, 0))
  const probes = [...olderProbes, ...goneProbes]
  const begin = trained.entries.length === 0 ? 0 : TRAINING_END
  const report = (done: number) =>
    progress.report({
      ...{ state: 'evaluating', phase: 'asking questions' },
      fraction: begin + (1 - begin) * (done / Math.max(1, probes.length)),
    })
  report(0)
  const candidate = { manifest, router, trained: trained.adapters }
  const { evaluations, own, pairs, retention, forgetting } = await compareWithParent(parts, parent, candidate, {
    ...{ probes, own: goneIds, alpha: model.settings.gate.regressionAlpha, signal },
    reaskedMax: 0,
    onProgress: report,
  })
  const forgotten = countForgotten(goneProbes, { parent: parent.evaluations, base: [...ofBase.values()], now: own })
  const decided = decideVerdict({
    learned: { before: measure([]), after: measure([]) },
    ...{ retention, forgetting, gate: ungated(model.settings.gate) },
  })
  const verdict = { ...decided, reason: describe(forgotten, decided, pairs.length) }
  progress.report({
    ...{ state: 'evaluating', phase: 'questions asked', fraction: 1 },
    event: { type: 'forgotten', data: { ...forgotten } },
  })
  await progress.settle()
  timingsMs['evaluating'] = Math.round(clock.now() - startedAt)

  await persist(() =>
    promoteVersion(db, lease, {
      ...{ parent: parent.number, manifest, verdict, forgotten, timingsMs },
      ...{ learned: null, retained: tallyPairs(pairs), baseEvaluations: [] },
      evaluations: evaluations.filter(({ documentId }) => !goneIds.includes(documentId)),
      forgottenEvaluations: own,
      recovered: findRecovered(parent.openLosses, evaluations),
      alert: alertOf(retention, collectEvidence(olderProbes, pairs)),
      trainedTokens: trained.trainedTokens,
    }),
  )
}

/** `base` is null where the base was not asked every one of these questions. */
function countForgotten(
  probes: readonly Probe[],
  { parent, base, now }: Record<'parent' | 'base' | 'now', readonly EvaluationInput[]>,
): Forgotten {
  const answersIn = (evaluations: readonly EvaluationInput[]) => {
    const answers = new Map(evaluations.flatMap((each) => each.answers).map((answer) => [answer.probeId, answer]))
    return probes.flatMap(({ id }) => answers.get(id) ?? [])
  }
  const right = (answers: ReturnType<typeof answersIn>) => answers.filter(({ correct }) => correct).length
  const ofBase = answersIn(base)
  return {
    before: right(answersIn(parent)),
    after: right(answersIn(now)),
    total: probes.length,
    base: ofBase.length === probes.length ? right(ofBase) : null,
  }
}

function ungated(gate: Gate): Gate {
  return { ...gate, rejectOnRegression: false, accuracyDropMax: null, bitsPerTokenMax: null, klBitsMax: null }
}

function describe({ before, after, total }: Forgotten, { regressed, losses, gains }: Verdict, older: number): string {
  const forgotten = `forgotten: ${after} of ${total} of its questions still answered, ${before} before`
  if (!regressed) return forgotten
  return `${forgotten}; lost ${losses} and won ${gains} of ${older} older questions, which does not hold up a deletion`
}
