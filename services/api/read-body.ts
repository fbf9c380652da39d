// Checks a body before any route sees it: JSON, valid UTF-8, well formed. The platform's own `text()` would turn
// invalid bytes into U+FFFD without a word, and the model would learn them.
import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { AppError } from '../../shared/errors.ts'

/** 1 MB of text may be three times that as JSON with every letter escaped; questions and title take the rest. */
const bodyBytesMax = 4 * 1024 * 1024

/** Throws payload_too_large before more than `bodyBytesMax` are held. */
export function limitBody(): MiddlewareHandler {
  return bodyLimit({
    maxSize: bodyBytesMax,
    onError: () => {
      throw new AppError(
        'payload_too_large',
        `The body is larger than ${bodyBytesMax / 1024 / 1024} MB. A text may have 1 MB: split it into several documents.`,
      )
    },
  })
}

/** Refuses a body of another media type or encoding, and one that does not parse. None at all may be right. */
export function checkBody(): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      const bytes = await c.req.arrayBuffer()
      if (bytes.byteLength > 0) {
        requireJson(c.req.header('content-type'))
        parse(decode(bytes))
      }
    }
    await next()
  }
}

function requireJson(contentType: string | undefined): void {
  const charset = /;\s*charset="?([^";\s]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8'
  if (/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType ?? '') && /^utf-?8$/i.test(charset)) return
  throw new AppError(
    'unsupported_media_type',
    `Send JSON in UTF-8 with the header \`Content-Type: application/json\`; this request says ${contentType ?? 'nothing'}.`,
  )
}

function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AppError('invalid_request', 'The body is not valid UTF-8: convert it to UTF-8 and send it again.', {
      cause,
    })
  }
}

function parse(text: string): void {
  try {
    JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unreadable'
    throw new AppError('invalid_request', `The body is not valid JSON: ${why}.`, { cause })
  }
}
