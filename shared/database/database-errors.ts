// What an error of the driver means. drizzle wraps errors, so the chain of causes is searched.

const networkCodes = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']
/** pg raises these without a code. */
const networkMessages =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|server closed the connection|not queryable/i

/**
 * The database is away (stopped, starting, unreachable, out of connections) rather than in disagreement: the same call
 * may succeed later. After such an error it is unknown whether a transaction was committed.
 */
export function isDatabaseDown(error: unknown): boolean {
  return causes(error).some((cause) => {
    if (cause instanceof AggregateError && cause.errors.some(isDatabaseDown)) return true
    const code = codeOf(cause)
    // Class 08 connection exception, 57P0x shutdown or starting up, 53300 too many connections, 25P03 ended for idling.
    if (code !== undefined && (/^(08|57P0)/.test(code) || code === '53300' || code === '25P03')) return true
    if (code !== undefined && networkCodes.includes(code)) return 'syscall' in cause
    return networkMessages.test(cause.message)
  })
}

/** A unique index refused the row; `constraint` narrows it to one index. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return causes(error).some(
    (cause) =>
      codeOf(cause) === '23505' &&
      (constraint === undefined || ('constraint' in cause && cause.constraint === constraint)),
  )
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function causes(error: unknown): Error[] {
  const chain: Error[] = []
  for (let at = error; at instanceof Error && !chain.includes(at); at = at.cause) chain.push(at)
  return chain
}
