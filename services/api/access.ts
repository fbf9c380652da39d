// What a key may do, decided in one place for every route (services/api/router.ts calls it, so that no route can leave it
// out). Scope first. Then tenancy, for a key that is bound to models: whatever a request names (a model, an id, in path,
// query or body) must belong to these, else it is not found, in the words used for what never existed. A call that names
// nothing is refused, unless its route says by `ownedByCaller` that it keeps to the caller's models itself. And what is
// answered is looked through once more: an answer that names another tenant's thing is a bug and is not sent.
import type { Context } from 'hono'
import { unknownCursor } from '../../shared/database/get-cursor.ts'
import { AppError } from '../../shared/errors.ts'
import { findOwners, type Owners } from '../../shared/keys/find-owners.ts'
import type { BoundModels, Caller, Scope } from '../../shared/keys/key.ts'
import { noModel } from '../../shared/models/get-model.ts'
import type { ApiEnv } from './deps.ts'
import { referencesIn, referencesOf, type Reference } from './references.ts'

/** For routes that list what the caller sees, or make something that belongs to it. */
export const ownedByCaller = { 'x-owned-by-caller': true } as const

/** The scope a route asks for, shown in its OpenAPI entry; without it GET reads and everything else writes. */
export function needs(scope: Scope) {
  return { security: [{ key: [scope] }] }
}

export interface Guarded {
  method: string
  path: string
  security?: Record<string, string[]>[] | undefined
  'x-owned-by-caller'?: boolean | undefined
}

/** A route without a key is one that says so: `security: []`. */
export function scopeOf({ method, security }: Guarded): Scope | 'public' {
  if (security?.length === 0) return 'public'
  const named = security?.[0]?.['key']?.[0]
  if (named === 'read' || named === 'write' || named === 'admin') return named
  return method.toLowerCase() === 'get' ? 'read' : 'write'
}

/** Before the body is looked at. Throws forbidden. */
export function requireScope(c: Context<ApiEnv>, route: Guarded): void {
  const scope = scopeOf(route)
  if (scope === 'public' || c.get('caller').scopes.includes(scope)) return
  throw new AppError('forbidden', `This call needs a key with the scope \`${scope}\`.`)
}

/** Before the handler, with what the schemas made of the request. Throws not_found, invalid_request or forbidden. */
export async function requireOwn(c: Context<ApiEnv>, route: Guarded): Promise<void> {
  if (scopeOf(route) === 'public') return
  const { models, name } = c.get('caller')
  if (models === null) return
  const references = referencesOf(c)
  const owners = await findOwners(
    c.get('db'),
    references.flatMap(({ id }) => id ?? []),
  )
  for (const reference of references) requireReference(reference, owners, models)
  if (references.some(({ cursor }) => !cursor) || route['x-owned-by-caller'] === true) return
  throw new AppError(
    'forbidden',
    `The key '${name}' is bound to ${models.names.join(', ') || 'models that are gone'}: this call is not about one of them.`,
  )
}

/** After the handler. Throws, as any bug does (500, the log says what), rather than show what belongs to others. */
export async function requireOwnAnswer(c: Context<ApiEnv>, answer: Response): Promise<void> {
  const caller: Caller | undefined = c.get('caller') // none on a public route
  const models = caller?.models ?? null
  if (models === null || !/\bjson\b/.test(answer.headers.get('content-type') ?? '')) return
  const body: unknown = await answer.clone().json()
  const references = referencesIn(body, 'answer')
  const owners = await findOwners(
    c.get('db'),
    references.flatMap(({ id }) => id ?? []),
  )
  for (const { id, model } of references) {
    const foreign = model !== undefined && !models.names.includes(model)
    const owner = id === undefined ? undefined : owners.get(id)
    if (foreign || (owner !== undefined && !isWithin(owner, models)))
      throw new Error(`an answer named ${id ?? model}, which its caller may not see`)
  }
}

function requireReference({ id, model, cursor }: Reference, owners: Map<string, Owners>, bound: BoundModels): void {
  if (model !== undefined && !bound.names.includes(model)) throw noModel(model)
  if (id === undefined || isWithin(owners.get(id), bound)) return
  if (cursor) throw unknownCursor(id)
  throw new AppError('not_found', `there is no ${id}`)
}

/** Undefined: it does not exist. */
function isWithin(owners: Owners | undefined, { ids }: BoundModels): boolean {
  return owners !== undefined && owners !== null && owners.length > 0 && owners.every((id) => ids.includes(id))
}
