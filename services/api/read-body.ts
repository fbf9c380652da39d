// Checks a body before any route sees it: its size, its media type (body-rules.ts) and, of a text, valid UTF-8. The
// platform's own `text()` would turn invalid bytes into U+FFFD without a word, and the model would learn them. Nothing is
// decoded here: a text of 1 MB should lie in memory as seldom as possible.
import { isUtf8 } from 'node:buffer'
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { AppError } from '../../shared/errors.ts'
import { bodyRuleOf, type BodyRule } from './body-rules.ts'

/** Throws payload_too_large before more than the path's limit is held. */
export function limitBody(): MiddlewareHandler {
  return (c, next) => {
    const { bytesMax, split } = bodyRuleOf(c.req.path)
    const onError = (): never => {
      throw new AppError(
        'payload_too_large',
        `The body is larger than ${Math.floor(bytesMax / 1024 / 1024)} MB. ${split}`,
      )
    }
    return bodyLimit({ maxSize: bytesMax, onError })(c, next)
  }
}

/** A body of this size is held several times over while it is parsed and stored. */
const largeBodyBytes = 256 * 1024
/** Several megabytes each; what waits lies in the sender's socket, so that memory stays flat however many send at once. */
const largeBodiesAtOnce = 2

/** Large bodies take turns; small ones pass. */
export function takeTurns(): MiddlewareHandler {
  const waiting: (() => void)[] = []
  let running = 0
  return async (c, next) => {
    const bytes = Number(c.req.header('content-length') ?? (c.req.header('transfer-encoding') ? Infinity : 0))
    if (bytes < largeBodyBytes) return next()
    if (running < largeBodiesAtOnce) running += 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      await next()
    } finally {
      const nextInLine = waiting.shift()
      if (nextInLine === undefined) running -= 1
      else nextInLine()
    }
  }
}

/** Refuses a body of another media type or encoding. None at all may be right. */
export function checkBody(): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      const bytes = await c.req.arrayBuffer()
      if (bytes.byteLength > 0) {
        const rule = bodyRuleOf(c.req.path)
        requireMediaType(c.req.header('content-type'), rule)
        if (rule.isText && !isUtf8(bytes)) {
          throw new AppError('invalid_request', 'The body is not valid UTF-8: convert it to UTF-8 and send it again.')
        }
      }
    }
    await next()
  }
}

function requireMediaType(contentType: string | undefined, { mediaTypes, send }: BodyRule): void {
  const charset = /;\s*charset="?([^";\s]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8'
  if (mediaTypes.test(contentType ?? '') && /^utf-?8$/i.test(charset)) return
  throw new AppError('unsupported_media_type', `${send}; this request says ${contentType ?? 'nothing'}.`)
}

/** Why a body that a route could not parse is no JSON. */
export function explainBody(text: string): AppError {
  if (text.trim() === '') return new AppError('invalid_request', 'The body is empty: send a JSON object.')
  try {
    JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unreadable'
    return new AppError('invalid_request', `The body is not valid JSON: ${why}.`, { cause })
  }
  return new AppError('invalid_request', 'The body cannot be read.')
}
