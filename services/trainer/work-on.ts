// What a worker does with an update, by its kind.
import { SpanKind } from '@opentelemetry/api'
import { inSpan } from '../../shared/tracing.ts'
import type { Claim } from '../../shared/updates/claim-update.ts'
import { evaluateHead } from './evaluate-head.ts'
import { forget } from './forget.ts'
import { incorporate, type IncorporateParts } from './incorporate.ts'
import { patientStore } from './patient-store.ts'

/** Returns once the update is promoted or rejected. Throws AppErrors by the table of errors, and the signal's reason. */
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
      return await incorporate(parts, claim, signal)
    case 'evaluate':
      return await evaluateHead(parts, claim, signal)
    case 'forget':
      return await forget(parts, claim, signal)
  }
}
