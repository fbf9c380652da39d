// What a request or an answer refers to: models by name, things by id. Found by the names of fields and the shapes of ids,
// so that a route need not say what of its request means something.
import type { Context } from 'hono'
import { prefixOf } from '../../shared/keys/find-owners.ts'
import type { ApiEnv } from './deps.ts'

export type Part = 'param' | 'query' | 'json' | 'form'
export const parts: readonly Part[] = ['param', 'query', 'json', 'form']

export interface Reference {
  id?: string
  model?: string
  /** `after`: says where a list goes on, not what a call is about. */
  cursor: boolean
}

/** Of a request, in what its schemas made of it. */
export function referencesOf(c: Context<ApiEnv>): Reference[] {
  return parts.flatMap((part) => referencesIn(validated(c, part), part))
}

export function validated(c: Context<ApiEnv>, part: Part): unknown {
  // Typed by the schemas of one route; here it may be any.
  return (c.req as unknown as { valid(target: Part): unknown }).valid(part)
}

/**
 * Everything in a part of a request, or in an answer, that refers to a model or to a thing with an id. `name` in a path is
 * a model's name; in an answer an OpenAI model object carries it as `id`.
 */
export function referencesIn(value: unknown, part: Part | 'answer', key = '', found: Reference[] = []): Reference[] {
  if (Array.isArray(value)) {
    // `models` holds models, `document_ids` and `documents` ids of documents.
    for (const item of value) referencesIn(item, part, key.replace(/s$/, ''), found)
  } else if (typeof value === 'object' && value !== null) {
    const isModel = part === 'answer' && 'object' in value && value.object === 'model'
    for (const [name, item] of Object.entries(value))
      referencesIn(item, part, isModel && name === 'id' ? 'model' : name, found)
  } else if (typeof value === 'string') {
    const cursor = key === 'after'
    if (key === 'model' || (key === 'name' && part === 'param')) found.push({ model: modelOf(value), cursor })
    else if (part === 'param' && /id$/.test(key)) found.push({ id: value, cursor })
    else if (isReference(key, part) && prefixOf(value) !== undefined) found.push({ id: value, cursor })
  }
  return found
}

/** The update that a call is about, or that its answer points at. */
export function updateIdOf(c: Context<ApiEnv>, answer: Response): string | undefined {
  return /^\/v1\/updates\/(upd_\w+)/.exec(answer.headers.get('location') ?? c.req.path)?.[1]
}

/** `name@alias` and `name@vN` belong to the model of that name. */
function modelOf(reference: string): string {
  return reference.split('@', 1)[0] ?? reference
}

/**
 * In a body or an answer only what is called an id counts: a text may be written like one. In an answer the files of a job
 * do not: a job may be made by another key, of a file that its model's own keys cannot read.
 */
function isReference(key: string, part: Part | 'answer'): boolean {
  if (part === 'answer' && /^(training|validation)_file$/.test(key)) return false
  return part === 'param' || part === 'query' || /(^|_)(id|document|file|job)$/.test(key)
}
