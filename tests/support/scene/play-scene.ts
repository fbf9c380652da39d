// A model's month on Skerrow, played through the service's own functions: documents learned one after another, a candidate
// that the monitor's own tests reject, a version rolled back from, a failure, an update under way and one that waits.
import { createHash } from 'node:crypto'
import { measure, changesOf, collectEvidence, pairAnswers } from '../../../services/monitor/compare.ts'
import { measureForgetting } from '../../../services/monitor/forgetting.ts'
import { judgeRetention } from '../../../services/monitor/judge-retention.ts'
import { alertOf } from '../../../services/monitor/record-retention.ts'
import { decideVerdict } from '../../../services/monitor/verdict.ts'
import type { Database } from '../../../shared/database/database.ts'
import { createDocument } from '../../../shared/documents/create-document.ts'
import { getModel } from '../../../shared/models/get-model.ts'
import { listProbes } from '../../../shared/probes/save-probes.ts'
import type { Claim } from '../../../shared/updates/claim-update.ts'
import { finishUpdate } from '../../../shared/updates/finish-update.ts'
import { getHead } from '../../../shared/versions/get-version.ts'
import { documentsTaught } from '../../../shared/versions/manifest.ts'
import { promoteVersion } from '../../../shared/versions/promote.ts'
import { rollback } from '../../../shared/versions/rollback.ts'
import { createWebhook } from '../../../shared/webhooks/webhooks.ts'
import { claimNext, manifestOf } from '../loop.ts'
import { dice, evaluationOf } from './knowledge.ts'
import { backdate } from './backdate.ts'
import { skerrow, type SceneDocument } from './skerrow.ts'
import { writeStudy, writeTraining } from './write-events.ts'

const [lighthouse, ferry, oil, orders, school, storm, bees, tariff, museum] = skerrow as [
  ...[SceneDocument, SceneDocument, SceneDocument, SceneDocument, SceneDocument],
  ...[SceneDocument, SceneDocument, SceneDocument, SceneDocument],
]

export interface Scene {
  /** The update under way, half trained. */
  running: Claim
  /** Trains it on and promotes it. */
  finishRunning(): Promise<void>
}

export async function playScene(database: Database): Promise<Scene> {
  const db = database.query
  await createWebhook(db, { url: 'https://hooks.example.org/palimpsest' }, { allowPrivate: false })
  for (const document of [lighthouse, ferry, oil, orders, school, storm]) await learn(database, document)
  await learn(database, tariff, { damage: { [ferry.title]: 3.4, [orders.title]: 0.5 } })
  await learn(database, bees, { scale: 0.5, damage: { [school.title]: 0.6 } })
  await rollback(db, 'default', 6)
  await learn(database, tariff)
  await give(database, {
    title: 'Tide table',
    text: 'High water is at 06:12, low water at 12:31, and so on.',
    questions: [],
  })
  const failing = await claimNext(database, 3_600)
  await finishUpdate(db, failing.lease, {
    state: 'failed',
    error: {
      code: 'unprocessable_document',
      message:
        'nothing could be learned from "Tide table": it has no sentence to ask about. Send whole sentences that state facts',
    },
  })
  await backdate(database)
  await give(database, { ...museum, questions: [] })
  const running = await claimNext(database, 3_600)
  await writeStudy(database, running, museum, true)
  await writeTraining(database, running, 0.6)
  await give(database, {
    title: 'A letter from the mainland',
    text: 'The letter came on a Friday with the ferry.',
    questions: [],
  })
  return {
    running,
    async finishRunning() {
      await writeTraining(database, running, 1, 0.6)
      await decide(database, running, museum, {})
    },
  }
}

interface Fate {
  /** Nats taken from every question of these older documents, by title. */
  damage?: Record<string, number>
  scale?: number
}

async function give(database: Database, { title, text, questions }: SceneDocument): Promise<void> {
  const pairs = questions.map(({ question, answer }) => ({ question, answer }))
  await createDocument(database.query, { model: 'default', title, text, questions: pairs })
}

async function learn(database: Database, document: SceneDocument, fate: Fate = {}): Promise<void> {
  await give(database, document)
  const claim = await claimNext(database, 3_600)
  await writeStudy(database, claim, document)
  await writeTraining(database, claim)
  await decide(database, claim, document, fate)
}

/** Measured, judged and promoted or rejected as the trainer does it; only the answers are the scene's. */
async function decide(database: Database, claim: Claim, scene: SceneDocument, { damage = {}, scale = 1 }: Fate) {
  const db = database.query
  const parent = await getHead(db, 'default')
  const older = documentsTaught(parent.manifest)
  const newIds = claim.documents.map(({ id }) => id)
  const probes = await listProbes(db, [...older, ...newIds])
  const titles = await titlesOf(database)
  const ages = new Map([...older].reverse().map((id, index) => [id, index]))
  const known = (ids: readonly string[], later: number, harm: Record<string, number>) =>
    ids.map((documentId) =>
      evaluationOf(probes, {
        documentId,
        age: (ages.get(documentId) ?? -later) + later,
        damage: harm[titles.get(documentId) ?? ''] ?? 0,
      }),
    )
  const before = known(older, 0, {})
  const evaluations = [...known(older, 1, damage), ...known(newIds, 0, {})]
  const ofBase = newIds.map((documentId) => evaluationOf(probes, { documentId, age: null, damage: 0 }))
  const pairs = pairAnswers(before, evaluations)
  const documentOf = new Map(probes.map(({ id, documentId }) => [id, documentId]))
  const { gate } = (await getModel(db, 'default')).settings
  const retention = judgeRetention({
    changes: changesOf(pairs, (probeId) => documentOf.get(probeId)),
    noiseFloor: 0.02,
    alpha: gate.regressionAlpha,
  })
  const learned = evaluations.filter(({ documentId }) => newIds.includes(documentId))
  const verdict = decideVerdict({
    learned: { before: measure(ofBase), after: measure(learned) },
    ...{ retention, gate, scale },
    forgetting: measureForgetting(pairs, () => 3, 0.004 + 0.01 * dice(scene.title)),
  })
  const tally = (a: { correct: number }, b: { correct: number; total: number }) => ({
    before: a.correct,
    after: b.correct,
    total: b.total,
  })
  const outcome = {
    ...{ verdict, evaluations, alert: alertOf(retention, collectEvidence(probes, pairs)) },
    learned: tally(measure(ofBase), measure(learned)),
    retained:
      pairs.length === 0
        ? null
        : {
            before: pairs.filter((pair) => pair.before.correct).length,
            after: pairs.filter((pair) => pair.after.correct).length,
            total: pairs.length,
          },
    timingsMs: { studying: 31_400, training: 42_800 + 900 * older.length, evaluating: 9_200 + 2_100 * older.length },
    trainedTokens: Math.round(8_000 + 3_500 * dice(scene.text)),
  }
  if (verdict.action === 'reject') return finishUpdate(db, claim.lease, { state: 'rejected', ...outcome })
  const manifest = manifestOf([...older, ...newIds])
  return promoteVersion(db, claim.lease, {
    ...{ parent: parent.number, baseEvaluations: ofBase, ...outcome },
    manifest: {
      ...manifest,
      adapters: manifest.adapters.map((entry) => ({ ...entry, ...objectOf(entry.document ?? '') })),
    },
  })
}

/** Each document's adapter is an object of its own. */
function objectOf(documentId: string): { key: string; sha256: string } {
  const sha256 = createHash('sha256').update(documentId).digest('hex')
  return { key: `adapters/${sha256}.safetensors`, sha256 }
}

async function titlesOf(database: Database): Promise<Map<string, string>> {
  const { rows } = await database.pool.query<{ id: string; title: string }>('select id, title from documents')
  return new Map(rows.map(({ id, title }) => [id, title]))
}
