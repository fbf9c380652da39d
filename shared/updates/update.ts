// An update: one change of one model, from queued to a verdict. States are the wire's states.
export const UPDATE_STATES = [
  'queued',
  'studying',
  'awaiting_review',
  'training',
  'evaluating',
  'promoted',
  'rejected',
  'failed',
  'cancelled',
] as const
export type UpdateState = (typeof UPDATE_STATES)[number]

/** A worker holds a lease in these; a model has at most one such update. */
export const RUNNING_STATES = ['studying', 'training', 'evaluating'] as const satisfies readonly UpdateState[]
export const FINAL_STATES = ['promoted', 'rejected', 'failed', 'cancelled'] as const satisfies readonly UpdateState[]

export const UPDATE_KINDS = ['incorporate'] as const
export type UpdateKind = (typeof UPDATE_KINDS)[number]

/** Probes answered before and after, of `total` asked. */
export interface Tally {
  before: number
  after: number
  total: number
}
