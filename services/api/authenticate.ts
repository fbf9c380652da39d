// One bearer key for everything under /v1. Both sides are hashed first, so that the comparison takes the same time
// whatever was sent, its length included.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { AppError } from '../../shared/errors.ts'

/** Lets a request pass that carries the key; throws unauthorized otherwise, saying which of the two ways it failed. */
export function authenticate(apiKey: string): MiddlewareHandler {
  const expected = sha256(apiKey)
  return async (c, next) => {
    const header = c.req.header('authorization')
    const sent = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1]
    if (sent === undefined) {
      throw new AppError('unauthorized', 'This call needs a key: send the header `Authorization: Bearer <key>`.')
    }
    if (!timingSafeEqual(sha256(sent), expected)) throw new AppError('unauthorized', 'The key is not valid here.')
    await next()
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
