// `Idempotency-Key`: the first answer of a key is kept and given again, marked as a repetition. Only success is kept;
// after an error the key is free, because nothing was done under it.
import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { beginIdempotent, dropIdempotent, endIdempotent } from '../../shared/idempotency/idempotency.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'

/** Of an answer's headers, those that belong to what was done. */
const keptHeaders = ['location']

/** For POST routes. Throws conflict while the key is in flight, idempotency_mismatch for another request under it. */
export function honourIdempotencyKey({ database, log }: ApiDeps): MiddlewareHandler<ApiEnv> {
  const db = database.query
  return async (c, next) => {
    const key = c.req.header('idempotency-key')
    if (key === undefined || c.req.method !== 'POST') return next()
    const before = await beginIdempotent(db, key, await hashRequest(c))
    if (before !== undefined) {
      const headers = { ...before.headers, 'Idempotency-Replayed': 'true' }
      return c.json(before.body as object, before.status as ContentfulStatusCode, headers)
    }
    await next()
    try {
      if (!c.res.ok) await dropIdempotent(db, key)
      else await endIdempotent(db, key, await answerOf(c.res))
    } catch (error) {
      // What was asked for is done and its answer is right; only a repetition within the minute will hear "in flight".
      log.warn({ err: error, request_id: c.get('requestId') }, 'the end of an idempotent request was not stored')
    }
  }
}

async function hashRequest(c: Context): Promise<string> {
  const hash = createHash('sha256').update(`${c.req.method} ${c.req.path}\n`)
  return hash.update(Buffer.from(await c.req.arrayBuffer())).digest('hex')
}

async function answerOf(response: Response) {
  const body: unknown = await response.clone().json()
  const headers = keptHeaders.flatMap((name) => {
    const value = response.headers.get(name)
    return value === null ? [] : [[name, value]]
  })
  return { status: response.status, headers: Object.fromEntries(headers) as Record<string, string>, body }
}
