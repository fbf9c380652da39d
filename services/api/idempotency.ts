// `Idempotency-Key`: the first answer of a key is kept and given again, marked as a repetition. Only success is kept;
// after an error the key is free, because nothing was done under it.
import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import {
  beginIdempotent,
  dropIdempotent,
  endIdempotent,
  idempotencyKeyOf,
} from '../../shared/idempotency/idempotency.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'

/** Of an answer's headers, those that belong to what was done. */
const keptHeaders = ['location']

/**
 * For POST routes. Callers have keys of their own: one never gets another's answer. `omit` are fields that are shown once
 * and must not be stored; a repetition has null in their place. Throws conflict while the key is in flight,
 * idempotency_mismatch for another request under it.
 */
export function honourIdempotencyKey(
  { database, log }: ApiDeps,
  { omit = [] }: { omit?: readonly string[] } = {},
): MiddlewareHandler<ApiEnv> {
  const db = database.query
  return async (c, next) => {
    const sent = c.req.header('idempotency-key')
    if (sent === undefined || c.req.method !== 'POST') return next()
    const key = idempotencyKeyOf(c.get('caller').id, sent)
    const before = await beginIdempotent(db, key, await hashRequest(c))
    if (before !== undefined) {
      const headers = { ...before.headers, 'Idempotency-Replayed': 'true' }
      return c.json(before.body as object, before.status as ContentfulStatusCode, headers)
    }
    await next()
    try {
      if (!c.res.ok) await dropIdempotent(db, key)
      else await endIdempotent(db, key, await answerOf(c.res, omit))
    } catch (error) {
      // What was asked for is done and its answer is right; only a repetition within the minute will hear "in flight".
      log.warn({ err: error, request_id: c.get('requestId') }, 'the end of an idempotent request was not stored')
    }
  }
}

async function hashRequest(c: Context): Promise<string> {
  const hash = createHash('sha256').update(`${c.req.method} ${c.req.path}\n`)
  const body = Buffer.from(await c.req.arrayBuffer())
  // Clients draw a boundary anew for each try of the same form.
  const boundary = /^multipart\/form-data.*;\s*boundary="?([^";]+)/i.exec(c.req.header('content-type') ?? '')?.[1]
  if (boundary === undefined) return hash.update(body).digest('hex')
  return hash.update(body.toString('latin1').replaceAll(boundary, '')).digest('hex')
}

async function answerOf(response: Response, omit: readonly string[]) {
  const whole = (await response.clone().json()) as Record<string, unknown>
  const body = { ...whole, ...Object.fromEntries(omit.map((field) => [field, null])) }
  const headers = keptHeaders.flatMap((name) => {
    const value = response.headers.get(name)
    return value === null ? [] : [[name, value]]
  })
  return { status: response.status, headers: Object.fromEntries(headers) as Record<string, string>, body }
}
