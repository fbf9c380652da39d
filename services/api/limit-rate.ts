// How often a caller may call, with the headers of the IETF's draft (draft-ietf-httpapi-ratelimit-headers): `RateLimit-Policy`
// says what is allowed, `RateLimit` what is left of it and in how many seconds it is whole again.
import type { MiddlewareHandler } from 'hono'
import { AppError } from '../../shared/errors.ts'
import { takeRequest, windowSeconds } from '../../shared/rate-limits/take-request.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'

/** A key's own limit before the service's; null: none. Throws rate_limited with the time to wait. */
export function limitRate({ database, ratePerMinute }: ApiDeps): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const caller = c.get('caller')
    const perMinute = caller.ratePerMinute ?? ratePerMinute
    if (perMinute === null) return next()
    const allowance = await takeRequest(database.query, caller.id, perMinute)
    const headers = {
      'RateLimit-Policy': `"key";q=${perMinute};w=${windowSeconds}`,
      RateLimit: `"key";r=${allowance.remaining};t=${allowance.resetSeconds}`,
    }
    if (!allowance.allowed) {
      for (const [name, value] of Object.entries(headers)) c.header(name, value)
      const { retryAfterSeconds } = allowance
      throw new AppError(
        'rate_limited',
        `This key may call ${perMinute} times a minute: go on in ${retryAfterSeconds} s.`,
        { retryAfterSeconds },
      )
    }
    await next()
    for (const [name, value] of Object.entries(headers)) c.header(name, value)
  }
}
