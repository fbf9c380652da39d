// Round every request: its id, a line in the log, a count, and a span where traces are on. Nothing of its body or its key
// is written down, beside the key's id.
import { randomUUID } from 'node:crypto'
import { SpanKind, SpanStatusCode, type Span } from '@opentelemetry/api'
import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Caller } from '../../shared/keys/key.ts'
import { inSpan } from '../../shared/tracing.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'
import type { Metrics } from './metrics.ts'
import { updateIdOf } from './references.ts'

/** An id that the caller gave is kept, so that its log and ours can be laid side by side. */
const requestIdShape = /^[\w.-]{8,128}$/

export function watchRequests(
  { log, clock }: Pick<ApiDeps, 'log' | 'clock'>,
  metrics: Metrics,
): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const sent = c.req.header('x-request-id') ?? ''
    const requestId = requestIdShape.test(sent) ? sent : randomUUID()
    const startedAt = clock.now()
    c.set('requestId', requestId)
    const { method, path } = c.req
    const attributes = { 'http.request.method': method, 'url.path': path, 'palimpsest.request_id': requestId }
    await inSpan(method, { kind: SpanKind.SERVER, attributes, headers: c.req.raw.headers }, async (span) => {
      await next()
      describe(span, c)
    })
    c.header('X-Request-Id', requestId)
    const ms = clock.now() - startedAt
    const { status } = c.res
    const route = routeOf(c)
    metrics.countRequest({ method, route, status, seconds: ms / 1000 })
    log.info({ request_id: requestId, method, path, route, status, ms, ...subjectsOf(c) }, 'request')
  }
}

/** What is known only once the request was answered. */
function describe(span: Span, c: Context<ApiEnv>): void {
  const { status } = c.res
  const route = routeOf(c)
  const { update_id: updateId } = subjectsOf(c)
  span.updateName(`${c.req.method} ${route}`)
  span.setAttributes({
    'http.route': route,
    'http.response.status_code': status,
    ...(updateId === undefined ? {} : { 'palimpsest.update_id': updateId }),
  })
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
}

/** The pattern that answered, e.g. `/v1/models/:name`; `none` where there is no such route. */
function routeOf(c: Context<ApiEnv>): string {
  return matchedRoutes(c).findLast(({ method }) => method !== 'ALL')?.path ?? 'none'
}

/** By which key, and about which update. */
function subjectsOf(c: Context<ApiEnv>): { key_id?: string; update_id?: string } {
  const caller: Caller | undefined = c.get('caller')
  const updateId = updateIdOf(c, c.res)
  return {
    ...(caller === undefined ? {} : { key_id: caller.id }),
    ...(updateId === undefined ? {} : { update_id: updateId }),
  }
}
