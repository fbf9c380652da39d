// Entity tags: every JSON answer to GET carries one, the hash of its body, so that who asks again and again can say what
// it has (`If-None-Match`, 304), and who edits can say what it saw (`If-Match`, 412).
import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { AppError } from '../../shared/errors.ts'
import type { ApiEnv } from './deps.ts'
import { parseIfMatch } from './entity-tag.ts'

/** Of the JSON that `c.json(body)` writes. */
function tagOf(body: unknown): string {
  return tagOfText(JSON.stringify(body))
}

function tagOfText(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`
}

/** For everything under /v1; answers that have a tag of their own keep it. */
export function tagAnswers(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    await next()
    if (c.req.method !== 'GET' || c.res.status !== 200) return
    if (!/\bjson\b/.test(c.res.headers.get('content-type') ?? '')) return
    const tag = c.res.headers.get('etag') ?? tagOfText(await c.res.clone().text())
    const seen = c.req.header('if-none-match') ?? ''
    const known = seen.trim() === '*' || seen.split(',').some((one) => one.trim().replace(/^W\//, '') === tag)
    if (known) {
      const headers = new Headers(c.res.headers)
      headers.delete('content-type')
      headers.delete('content-length')
      c.res = undefined // else its headers are merged into the new one's
      c.res = new Response(null, { status: 304, headers })
    }
    c.header('ETag', tag)
    // A tag is for one key's eyes: no cache on the way may keep what belongs to it.
    c.header('Cache-Control', 'private, no-cache')
  }
}

/**
 * For a change: refuses it where `If-Match` names another state than `current`, which must be read under the lock that the
 * change holds. Without the header anything goes. Throws precondition_failed, and invalid_request for what is no tag.
 */
export function requireMatch(c: Context<ApiEnv>, current: unknown): void {
  const seen = parseIfMatch(c.req.header('if-match'))
  if (seen === undefined || seen === '*' || seen.includes(tagOf(current))) return
  throw new AppError('precondition_failed', 'It is not as If-Match says: GET it again, and change what is there now.')
}
