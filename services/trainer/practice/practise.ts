// A practice from claim to end: its rounds one after another, each step written down, so that another attempt goes on where
// this one stopped. Between steps it lets other updates pass: documents should not wait for hours of practice.
import type { Claim } from '../../../shared/updates/claim-update.ts'
import { getDocument } from '../../../shared/documents/get-document.ts'
import { AppError, errorCode } from '../../../shared/errors.ts'
import { getPracticeRow } from '../../../shared/practice/get-practice.ts'
import type { Policy } from '../../../shared/practice/practices.table.ts'
import { beginRound, endRound, findRounds, findStep, saveStep } from '../../../shared/practice/rounds.ts'
import { listProbes } from '../../../shared/probes/save-probes.ts'
import { getAdapter, putAdapter } from '../../../shared/registry/adapters.ts'
import { endUpdate } from '../../../shared/updates/finish-update.ts'
import { withLease } from '../../../shared/updates/lease.ts'
import { recordProgress } from '../../../shared/updates/record-progress.ts'
import { stepAside } from '../../../shared/updates/step-aside.ts'
import { decodeAdapter, encodeAdapter } from '../../engine/adapter/peft.ts'
import type { IncorporateParts } from '../incorporate.ts'
import { outlastOutage } from '../outage.ts'
import { createProgressWriter } from '../progress.ts'
import { runRound } from './run-round.ts'
import type { RoundParts } from './run-round.ts'
import { createSteps, type Once } from './steps.ts'
import type { PracticeDocument } from './train-and-ask.ts'

/** `parts.studyAdapter` writes the first round's self-edits. */
export type PractiseParts = Pick<
  IncorporateParts,
  'db' | 'store' | 'engine' | 'studyAdapter' | 'study' | 'recipe' | 'clock'
>

class SteppedAside extends Error {}

/**
 * Returns once the practice has ended (`promoted` where a round made a policy, else `rejected`) or let others pass. Throws
 * `unprocessable_document` when no document is left, what the engine throws, and the signal's reason.
 */
export async function practise(parts: PractiseParts, claim: Claim, signal: AbortSignal): Promise<void> {
  try {
    await runRounds(parts, claim, signal)
  } catch (error) {
    if (!(error instanceof SteppedAside)) throw error
  }
}

async function runRounds(parts: PractiseParts, { lease, model }: Claim, signal: AbortSignal): Promise<void> {
  const { db, store, engine, clock } = parts
  const persist = <T>(work: () => Promise<T>) => outlastOutage(work, clock, signal)
  const progress = createProgressWriter((line) => recordProgress(db, lease, line), clock)
  const practice = await persist(() => getPracticeRow(db, lease.updateId))
  const { settings } = practice
  const documents = await persist(() => readDocuments(parts, practice.documentIds))
  const heldOut = await persist(() => readDocuments(parts, practice.heldOutIds))
  if (documents.length === 0 || heldOut.length === 0)
    throw new AppError('unprocessable_document', 'the documents to practise on, or all held-out ones, were deleted')

  const once: Once = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const known = await persist(() => findStep(db, practice.id, name))
    // Written below, as the same step's result.
    if (known !== undefined) return known as T
    signal.throwIfAborted()
    const result = await work()
    await progress.settle()
    await persist(() => saveStep(db, lease, practice.id, name, result))
    if (await persist(() => stepAside(db, lease))) throw new SteppedAside()
    return result
  }

  const ended = await persist(() => findRounds(db, practice.id))
  let policy: Policy | null = null
  for (let number = 1; number <= settings.rounds; number++) {
    const earlier = ended.get(number)
    if (earlier !== undefined) {
      policy = earlier.policy ?? policy
      continue
    }
    await persist(() => beginRound(db, lease, practice.id, number))
    const roundParts: RoundParts = {
      ...{ engine, study: parts.study, recipe: parts.recipe, signal, steps: createSteps(once) },
      save: (adapter) => putAdapter(store, encodeAdapter(adapter, engine.base)),
      load: async (stored) => decodeAdapter(await getAdapter(store, stored), engine.base.config),
      report: (phase, done, event) =>
        progress.report({
          state: stateOf(phase),
          phase: `round ${number} of ${settings.rounds}: ${phase}`,
          fraction: (number - 1 + done) / settings.rounds,
          ...(event === undefined ? {} : { event }),
        }),
    }
    const adapter = policy === null ? parts.studyAdapter : await roundParts.load(policy)
    const round = await runRound(roundParts, {
      ...{ number, documents, heldOut, settings, gate: model.settings.gate },
      policy: { name: policy?.sha256 ?? 'first', adapter },
    })
    const promoted = round.policy === null ? null : { ...round.policy, baseSha256: engine.base.sha256 }
    await progress.settle()
    await persist(() =>
      endRound(db, lease, { practiceId: practice.id, number, result: round.result, policy: promoted }),
    )
    ended.set(number, { result: round.result, policy: promoted })
    policy = promoted ?? policy
  }

  const { verdict = null } = ended.get(settings.rounds)?.result ?? {}
  const state = policy === null ? 'rejected' : 'promoted'
  await persist(() =>
    withLease(db, lease, (tx, update) => endUpdate(tx, update, { state, ...(verdict === null ? {} : { verdict }) })),
  )
}

/** The states that an update runs in, by what a round is at. */
function stateOf(phase: string): 'studying' | 'training' | 'evaluating' {
  if (phase === 'examining') return 'evaluating'
  return phase.startsWith('training') || phase === 'candidates measured' ? 'training' : 'studying'
}

/** With the questions that the caller gave; those that were deleted since are left out. */
async function readDocuments({ db }: PractiseParts, ids: readonly string[]): Promise<PracticeDocument[]> {
  const probes = (await listProbes(db, ids)).filter(({ source }) => source === 'caller')
  const documents: PracticeDocument[] = []
  for (const id of ids) {
    const own = probes.filter(({ documentId }) => documentId === id)
    const found = await getDocument(db, id).catch((error: unknown) => {
      if (errorCode(error) === 'not_found') return undefined
      throw error
    })
    if (found !== undefined && own.length > 0) documents.push({ id, title: found.title, text: found.text, probes: own })
  }
  return documents
}
