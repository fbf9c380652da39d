// Postgres keeps no U+0000, in no text and no JSON. Whatever field of a request holds one is named, before a handler runs,
// so that no route has to think of it.
import type { Context } from 'hono'
import { AppError } from '../../shared/errors.ts'
import type { ApiEnv } from './deps.ts'
import { parts, validated } from './references.ts'

/** Throws invalid_request. */
export function refuseNul(c: Context<ApiEnv>): void {
  const place = parts.map((part) => findNul(validated(c, part))).find((found) => found !== undefined)
  if (place === undefined) return
  const field = place.join('.').replaceAll('\0', '')
  const message = `${field} holds a NUL character: remove it, or send text, not a binary file`
  throw new AppError('invalid_request', message, { field })
}

/** The names and indices that lead to it. */
function findNul(value: unknown): string[] | undefined {
  if (typeof value === 'string') return value.includes('\0') ? [] : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, item] of Object.entries(value)) {
    if (name.includes('\0')) return [name]
    const inside = findNul(item)
    if (inside !== undefined) return [name, ...inside]
  }
  return undefined
}
