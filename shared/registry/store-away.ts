// What a failure of the object store means: that it is away (unreachable, silent, overloaded), which passes by itself, or that
// it refuses (a wrong key, no such bucket), which somebody has to mend.
import { AppError } from '../errors.ts'

/** A body that ended before its length. */
export class BrokenOff extends Error {}

const networkCodes = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'EAI_AGAIN']

/** The same call may succeed later. Of an `adapter_unavailable` its cause decides. */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof AppError) return isStoreAway(error.cause)
  if (error instanceof BrokenOff || error.name === 'TimeoutError') return true
  if ('code' in error && networkCodes.includes(String(error.code))) return true
  const status = statusOf(error)
  return status !== undefined && (status >= 500 || status === 429)
}

/** As the SDK notes it on each of its errors. */
function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error) || typeof error.$metadata !== 'object' || error.$metadata === null) return undefined
  const { $metadata } = error
  return 'httpStatusCode' in $metadata && typeof $metadata.httpStatusCode === 'number'
    ? $metadata.httpStatusCode
    : undefined
}
