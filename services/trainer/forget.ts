// A deletion from claim to promotion, told flat: train again what the plan names, ask the deleted document's questions and
// all others, promote. The gate has no say: a deletion that damage to other documents could veto would be none. What it
// cost stands in the verdict and, where something was lost, in an alert.
import { listOpenLosses } from '../../shared/alerts/open-losses.ts'
import type { EvaluationInput } from '../../shared/evaluations/evaluation.ts'
import { listDocumentTexts } from '../../shared/documents/get-document.ts'
import { findEvaluations } from '../../shared/evaluations/find-evaluations.ts'
import { findLineage } from '../../shared/evaluations/find-lineage.ts'
import { findNoiseFloor } from '../../shared/evaluations/find-noise-floor.ts'
import type { Gate } from '../../shared/models/settings.ts'
import type { Probe } from '../../shared/probes/probe.ts'
import { listProbes } from '../../shared/probes/save-probes.ts'
import { loadRouter } from '../../shared/router/load-router.ts'
import { pickAdapters } from '../../shared/router/pick-adapters.ts'
import { listSelfEditsOfDocuments } from '../../shared/self-edits/save-self-edits.ts'
import type { Claim } from '../../shared/updates/claim-update.ts'
import { finishDeletion } from '../../shared/updates/finish-deletion.ts'
import { recordProgress } from '../../shared/updates/record-progress.ts'
import type { Forgotten } from '../../shared/updates/update.ts'
import { getHead } from '../../shared/versions/get-version.ts'
import { documentsTaught } from '../../shared/versions/manifest.ts'
import { promoteVersion } from '../../shared/versions/promote.ts'
import type { Verdict } from '../../shared/versions/verdict.ts'
import { changesOf, changesOfLineage, collectEvidence, measure, pairAnswers } from '../monitor/compare.ts'
import { findRecovered } from '../monitor/find-recovered.ts'
import { measureForgetting } from '../monitor/forgetting.ts'
import { judgeRetention } from '../monitor/judge-retention.ts'
import { alertOf } from '../monitor/record-retention.ts'
import { decideVerdict } from '../monitor/verdict.ts'
import type { IncorporateParts } from './incorporate.ts'
import { measureCandidate } from './measure-candidate.ts'
import { measureControl } from './measure-control.ts'
import { measureDrift } from './measure-drift.ts'
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

  const parent = await persist(() => getHead(db, model.name))
  const taught = documentsTaught(parent.manifest)
  const goneIds = claim.documents.map(({ id }) => id).filter((id) => taught.includes(id))
  if (parent.manifest === null || goneIds.length === 0) {
    await persist(() => finishDeletion(db, lease, parent.number))
    return
  }
  const parentManifest = parent.manifest
  refuseOtherBase(parent, engine)
  const plan = planForgetting({ parent: parentManifest, forgotten: goneIds, settings: model.settings })

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
  const parentRouter = await persist(() => loadRouter(db, parentManifest))
  const goneProbes = await persist(() => listProbes(db, goneIds))
  const olderProbes = await persist(() => listProbes(db, documentsTaught(manifest).sort()))
  const known = await persist(() => findEvaluations(db, model.id, parent.number))
  const ofBase = await persist(() => findEvaluations(db, model.id, 0))
  // What the same adapters answer at the same strength was measured with the parent.
  const isUnchanged = ({ question }: Probe): boolean =>
    keysOf(pickAdapters(parentManifest, parentRouter, question)) === keysOf(pickAdapters(manifest, router, question))
  const unchanged = new Set(olderProbes.filter(isUnchanged).map(({ id }) => id))
  const begin = trained.entries.length === 0 ? 0 : TRAINING_END
  const asked = Math.max(1, goneProbes.length + olderProbes.length - unchanged.size)
  const report = (done: number) =>
    progress.report({ state: 'evaluating', phase: 'asking questions', fraction: begin + (1 - begin) * (done / asked) })
  report(0)
  const measured = await measureCandidate(parts, {
    ...{ manifest, router, probes: [...olderProbes, ...goneProbes], trained: trained.adapters, signal },
    earlier: [...known.values()].map((row) => answersAmong(row, unchanged)),
    onProgress: report,
  })
  const evaluations = measured.filter(({ documentId }) => !goneIds.includes(documentId))
  const forgottenEvaluations = measured.filter(({ documentId }) => goneIds.includes(documentId))
  const forgotten = countForgotten(goneProbes, { parent: known, base: ofBase, now: forgottenEvaluations })
  const pairs = pairAnswers([...known.values()], evaluations)
  const documentOf = new Map(olderProbes.map(({ id, documentId }) => [id, documentId]))
  const candidate = { ...parts, trained: trained.adapters }
  const retention = judgeRetention({
    changes: changesOf(pairs, (probeId) => documentOf.get(probeId)),
    history: changesOfLineage(await persist(() => findLineage(db, model.id, parent.number))),
    control: await measureControl(candidate, {
      before: { manifest: parentManifest, router: parentRouter },
      after: { manifest, router },
      ...{ memory: new Map(), signal },
    }),
    noiseFloor: await persist(() => findNoiseFloor(db, model.id)),
    alpha: model.settings.gate.regressionAlpha,
  })
  const goldTokens = new Map(
    olderProbes.map(({ id, answer }) => [id, engine.tokenizer.encode(answer.trim(), { addSpecial: false }).length]),
  )
  const klBits = await measureDrift(candidate, { manifest, router, signal })
  const decided = decideVerdict({
    learned: { before: measure([]), after: measure([]) },
    retention,
    forgetting: measureForgetting(pairs, (probeId) => goldTokens.get(probeId) ?? 1, klBits),
    gate: ungated(model.settings.gate),
  })
  const verdict = { ...decided, reason: describe(forgotten, decided, pairs.length) }
  progress.report({
    ...{ state: 'evaluating', phase: 'questions asked', fraction: 1 },
    event: { type: 'forgotten', data: { ...forgotten } },
  })
  await progress.settle()
  timingsMs['evaluating'] = Math.round(clock.now() - startedAt)

  const recovered = findRecovered(await persist(() => listOpenLosses(db, model.id)), evaluations)
  await persist(() =>
    promoteVersion(db, lease, {
      ...{ parent: parent.number, manifest, verdict, evaluations, forgotten, forgottenEvaluations, timingsMs },
      learned: null,
      retained:
        pairs.length === 0
          ? null
          : {
              before: pairs.filter((pair) => pair.before.correct).length,
              after: pairs.filter((pair) => pair.after.correct).length,
              total: pairs.length,
            },
      baseEvaluations: [],
      recovered,
      alert: alertOf(retention, collectEvidence(olderProbes, pairs)),
      trainedTokens: trained.trainedTokens,
    }),
  )
}

function keysOf(entries: ReturnType<typeof pickAdapters>): string {
  return entries.map(({ key, scale }) => `${key}*${scale}`).join()
}

function answersAmong(evaluation: EvaluationInput, probeIds: ReadonlySet<string>): EvaluationInput {
  return { ...evaluation, answers: evaluation.answers.filter(({ probeId }) => probeIds.has(probeId)) }
}

type Evaluations = ReadonlyMap<string, EvaluationInput>

/** `base` is null where the base was not asked every one of these questions. */
function countForgotten(
  probes: readonly Probe[],
  { parent, base, now }: { parent: Evaluations; base: Evaluations; now: readonly EvaluationInput[] },
): Forgotten {
  const answersIn = (evaluations: Iterable<EvaluationInput>) => {
    const answers = new Map([...evaluations].flatMap((each) => each.answers).map((answer) => [answer.probeId, answer]))
    return probes.flatMap(({ id }) => answers.get(id) ?? [])
  }
  const right = (answers: ReturnType<typeof answersIn>) => answers.filter(({ correct }) => correct).length
  const ofBase = answersIn(base.values())
  return {
    before: right(answersIn(parent.values())),
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
