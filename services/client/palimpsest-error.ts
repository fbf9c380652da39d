// What the service says when it does not do what was asked: a problem (RFC 9457), or OpenAI's error body on the paths
// that OpenAI's clients know.

export class PalimpsestError extends Error {
  /** Of the HTTP answer. */
  readonly status: number
  /** `not_found`, `conflict`, …; `unknown` where the answer had none. */
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'PalimpsestError'
    this.status = status
    this.code = code
  }
}

/** From an answer's body, parsed or not. */
export function errorOf(status: number, body: unknown): PalimpsestError {
  const problem = isObject(body) && isObject(body['error']) ? body['error'] : body
  if (!isObject(problem)) return new PalimpsestError(status, 'unknown', `The service answered ${status}.`)
  const { detail, message, code } = problem
  const told = [detail, message].find((text) => typeof text === 'string')
  return new PalimpsestError(
    status,
    typeof code === 'string' ? code : 'unknown',
    told ?? `The service answered ${status}.`,
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
