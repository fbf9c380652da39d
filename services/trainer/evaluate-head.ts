// The head asked again, unchanged: every question of its documents, compared with the answers that the version was made with.
// What differs is either noise of the measurement, and then it is the noise floor of later judgements, or something that
// was not meant to change did: the base, the adapters' application, the judge.
import { listOpenLosses } from '../../shared/alerts/open-losses.ts'
import { findEvaluations } from '../../shared/evaluations/find-evaluations.ts'
import { findNoiseFloor } from '../../shared/evaluations/find-noise-floor.ts'
import { AppError } from '../../shared/errors.ts'
import { listProbes } from '../../shared/probes/save-probes.ts'
import { loadRouter } from '../../shared/router/load-router.ts'
import type { Claim } from '../../shared/updates/claim-update.ts'
import { finishEvaluation } from '../../shared/updates/finish-evaluation.ts'
import { recordProgress } from '../../shared/updates/record-progress.ts'
import { getHead } from '../../shared/versions/get-version.ts'
import { changesOf, collectEvidence, pairAnswers, tallyPairs } from '../monitor/compare.ts'
import { findRecovered } from '../monitor/find-recovered.ts'
import { judgeUnchanged } from '../monitor/judge-unchanged.ts'
import { alertOfEvaluation } from '../monitor/record-retention.ts'
import type { IncorporateParts } from './incorporate.ts'
import { measureCandidate } from './measure-candidate.ts'
import { outlastOutage } from './outage.ts'
import { createProgressWriter } from './progress.ts'
import { refuseOtherBase } from './refuse-other-base.ts'

type EvaluateParts = Pick<IncorporateParts, 'db' | 'store' | 'engine' | 'judge' | 'clock'>

/**
 * Returns once the update has ended: `promoted` when the head is what it was, `rejected` with an alert when it lost.
 * Throws `conflict` (the head is the base, or of another base), `adapter_unavailable`, `lease_lost`, the signal's reason.
 */
export async function evaluateHead(parts: EvaluateParts, { lease, model }: Claim, signal: AbortSignal): Promise<void> {
  const { db, engine, clock } = parts
  const persist = <T>(write: () => Promise<T>) => outlastOutage(write, clock, signal)
  const progress = createProgressWriter((line) => recordProgress(db, lease, line), clock)
  const startedAt = clock.now()

  const head = await persist(() => getHead(db, model.name))
  const { manifest } = head
  if (manifest === null) throw new AppError('conflict', `the head of ${model.name} is the base: it was taught nothing`)
  refuseOtherBase(head, engine)
  const first = [...(await persist(() => findEvaluations(db, model.id, head.number, 'first'))).values()]
  const ids = first.map(({ documentId }) => documentId)
  const probes = await persist(() => listProbes(db, ids))
  const router = await persist(() => loadRouter(db, manifest))
  const report = (done: number) =>
    progress.report({
      state: 'evaluating',
      phase: 'asking questions',
      fraction: done / Math.max(1, probes.length),
    })
  report(0)
  const again = await measureCandidate(parts, {
    ...{ manifest, router, probes, signal },
    trained: new Map(),
    onProgress: report,
  })

  const pairs = pairAnswers(first, again)
  const documentOf = new Map(probes.map(({ id, documentId }) => [id, documentId]))
  const verdict = judgeUnchanged({
    changes: changesOf(pairs, (probeId) => documentOf.get(probeId)),
    noiseFloor: await persist(() => findNoiseFloor(db, model.id)),
    alpha: model.settings.gate.regressionAlpha,
  })
  const recovered = findRecovered(await persist(() => listOpenLosses(db, model.id)), again)
  await progress.settle()
  await persist(() =>
    finishEvaluation(db, lease, {
      version: head.number,
      verdict,
      retained: tallyPairs(pairs),
      evaluations: again,
      recovered,
      alert: verdict.regressed ? alertOfEvaluation(verdict, collectEvidence(probes, pairs)) : null,
      timingsMs: { evaluating: Math.round(clock.now() - startedAt) },
    }),
  )
}
