// What a worker does with an update, by its kind. A model that has practised studies with its own policy.
import { SpanKind } from '@opentelemetry/api'
import { findPolicy } from '../../shared/practice/policies.ts'
import { getAdapter } from '../../shared/registry/adapters.ts'
import { inSpan } from '../../shared/tracing.ts'
import type { Claim } from '../../shared/updates/claim-update.ts'
import { decodeAdapter } from '../engine/adapter/peft.ts'
import { evaluateHead } from './evaluate-head.ts'
import { forget } from './forget.ts'
import { incorporate, type IncorporateParts } from './incorporate.ts'
import { patientStore } from './patient-store.ts'
import { practise } from './practice/practise.ts'

/** Returns once the update is promoted, rejected or put back. Throws AppErrors by the table of errors, and the signal's reason. */
export async function workOn(parts: IncorporateParts, claim: Claim, signal: AbortSignal): Promise<void> {
  const { update, model, attempt } = claim
  const attributes = {
    'palimpsest.update_id': update.id,
    'palimpsest.model': model.name,
    'palimpsest.attempt': attempt,
  }
  await inSpan(`update ${update.kind}`, { kind: SpanKind.CONSUMER, attributes }, () => work(parts, claim, signal))
}

async function work(given: IncorporateParts, claim: Claim, signal: AbortSignal): Promise<void> {
  const parts = { ...given, store: patientStore(given, claim.lease, signal) }
  switch (claim.update.kind) {
    case 'incorporate':
    case 'consolidate':
      return await incorporate(await withPolicy(parts, claim), claim, signal)
    case 'evaluate':
      return await evaluateHead(parts, claim, signal)
    case 'forget':
      return await forget(parts, claim, signal)
    case 'practice':
      return await practise(await withPolicy(parts, claim), claim, signal)
  }
}

/** Throws `adapter_unavailable`. */
async function withPolicy(parts: IncorporateParts, { model }: Claim): Promise<IncorporateParts> {
  const { db, store, engine } = parts
  const policy = await findPolicy(db, model.id, engine.base.sha256)
  if (policy === undefined) return parts
  return { ...parts, studyAdapter: decodeAdapter(await getAdapter(store, policy), engine.base.config) }
}
