// What the page receives, by the types of the service itself: a change on the wire that the page does not follow does not
// compile. Types alone are taken from there; the page talks HTTP.
export type { Alert } from '../../../shared/alerts/alert.ts'
export type { Document, DocumentWithText } from '../../../shared/documents/document.ts'
export type { Evaluation } from '../../../shared/evaluations/list-evaluations.ts'
export type { Retention } from '../../../shared/evaluations/retention.ts'
export type { Key, KeyWithSecret } from '../../../shared/keys/key.ts'
export type { ModelBody } from '../../../shared/models/model.ts'
export type { Practice } from '../../../shared/practice/practice.ts'
export type { Round } from '../../../shared/practice/round.ts'
export type { Page } from '../../../shared/page.ts'
export type { SelfEditBody } from '../../../shared/self-edits/self-edit.ts'
export type { Update, UpdateState } from '../../../shared/updates/update.ts'
export type { VersionBody } from '../../../shared/versions/version.ts'
export type { Delivery } from '../../../shared/webhooks/delivery.ts'
export type { Webhook, WebhookWithSecret } from '../../../shared/webhooks/webhook.ts'

/** `POST /v1/query`. */
export interface Answer {
  answer: string
  model: string
  version: number
  documents: { id: string; title: string; score: number }[]
  logprob: number | null
  timings_ms: Record<string, number>
}
