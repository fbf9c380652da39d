// Who calls: the bearer key of everything under /v1. The key that the service was started with is compared without the
// database; both sides are hashed first, so that the comparison takes the same time whatever was sent.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { AppError } from '../../shared/errors.ts'
import { rootCaller, type Caller } from '../../shared/keys/key.ts'
import { findCaller } from '../../shared/keys/keys.ts'
import type { ApiDeps, ApiEnv } from './deps.ts'

/** Sets `caller`; throws unauthorized otherwise, saying which of the two ways it failed. */
export function authenticate({ apiKey, database }: Pick<ApiDeps, 'apiKey' | 'database'>): MiddlewareHandler<ApiEnv> {
  const root = sha256(apiKey)
  async function findSender(sent: string): Promise<Caller | undefined> {
    if (timingSafeEqual(sha256(sent), root)) return rootCaller
    // What has another shape was never given out: no question to the database.
    return /^pal_[\w-]{43}$/.test(sent) ? await findCaller(database.query, sent) : undefined
  }
  return async (c, next) => {
    const header = c.req.header('authorization')
    const sent = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1]
    if (sent === undefined) {
      throw new AppError('unauthorized', 'This call needs a key: send the header `Authorization: Bearer <key>`.')
    }
    const caller = await findSender(sent)
    if (caller === undefined) throw new AppError('unauthorized', 'The key is not valid here.')
    c.set('caller', caller)
    c.set('db', database.query)
    await next()
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
