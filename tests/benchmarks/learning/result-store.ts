// Results as they come, a JSON line each, so that a run of hours that stops goes on where it was. A line's key is the
// hash of everything that the result depends on: changed settings are another key, not a stale result.
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

export interface ResultStore<T> {
  find(key: string): T | undefined
  /** On disk when it returns. */
  append(key: string, value: T): void
}

/**
 * Of two lines with one key the later counts; a line cut short by a crash counts as missing. With `fresh` only what is
 * appended from now on is found.
 */
export function openResultStore<T>(path: string, options: { fresh?: boolean } = {}): ResultStore<T> {
  mkdirSync(dirname(path), { recursive: true })
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const results = options.fresh === true ? new Map<string, T>() : new Map(text.split('\n').flatMap(parseLine<T>))
  // After a crash in mid-line the next result starts a line of its own.
  let separator = text === '' || text.endsWith('\n') ? '' : '\n'
  return {
    find: (key) => results.get(key),
    append(key, value) {
      appendFileSync(path, `${separator}${JSON.stringify({ key, value })}\n`)
      separator = ''
      results.set(key, value)
    },
  }
}

function parseLine<T>(line: string): [string, T][] {
  try {
    const { key, value } = JSON.parse(line) as { key: string; value: T }
    return [[key, value]]
  } catch {
    return []
  }
}

/** SHA-256 of a value's JSON with sorted names: equal content gives equal keys in whatever order it was written. */
export function keyOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex')
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : // JSON has no infinity; a budget without a limit must not look like none at all.
        part === Infinity
        ? 'Infinity'
        : part,
  )
}
