// Every error that the product raises on purpose, in one table: the API reads the status, the worker reads `retry`.
// A rejected candidate is no error; it is a verdict.

/** code -> HTTP status, and whether doing the same again later can succeed. */
export const ERRORS = {
  invalid_request: { status: 400, retry: false },
  /** A conversation, with what is to be said, is longer than the base can read. */
  context_length_exceeded: { status: 400, retry: false },
  unauthorized: { status: 401, retry: false },
  /** The key is valid, but may not do this. */
  forbidden: { status: 403, retry: false },
  not_found: { status: 404, retry: false },
  conflict: { status: 409, retry: false },
  /** The model's head changed while an update was under way; it starts again from the new head. */
  head_moved: { status: 409, retry: true },
  /** Another worker has the update now, or it is finished: what the old worker writes is refused. */
  lease_lost: { status: 409, retry: false },
  cancelled: { status: 409, retry: false },
  /** What is to be changed is not as the caller saw it (If-Match). */
  precondition_failed: { status: 412, retry: false },
  /** The caller's allowance is used up; the error says how long to wait. */
  rate_limited: { status: 429, retry: true },
  payload_too_large: { status: 413, retry: false },
  unsupported_media_type: { status: 415, retry: false },
  idempotency_mismatch: { status: 422, retry: false },
  /** The text was taken, but studying it gave nothing to learn from. */
  unprocessable_document: { status: 422, retry: false },
  /** The caller must say what it saw of what it changes. */
  precondition_required: { status: 428, retry: false },
  internal: { status: 500, retry: true },
  /** A model outside refuses what it is asked, or answers what cannot be used: its settings are to be changed first. */
  endpoint_refused: { status: 502, retry: false },
  store_failed: { status: 503, retry: true },
  adapter_unavailable: { status: 503, retry: true },
  unavailable: { status: 503, retry: true },
} as const satisfies Record<string, { status: number; retry: boolean }>

export type ErrorCode = keyof typeof ERRORS

export interface AppErrorOptions {
  cause?: unknown
  /** The field of the request that is wrong, e.g. `text` or `questions.0.answer`. */
  field?: string
  /** When the same request can succeed, where that is known. */
  retryAfterSeconds?: number | undefined
}

/** An error whose message is meant for the caller: what is wrong, and what to change. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly field: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.field = options.field
    this.retryAfterSeconds = options.retryAfterSeconds
  }

  get status(): (typeof ERRORS)[ErrorCode]['status'] {
    return ERRORS[this.code].status
  }

  get retry(): boolean {
    return ERRORS[this.code].retry
  }
}

/** The code under which an unknown error is stored and shown: its own, else `internal`. */
export function errorCode(error: unknown): ErrorCode {
  return error instanceof AppError ? error.code : 'internal'
}
