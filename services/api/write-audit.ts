// The audit log's entry of a call, for every route that changes something (services/api/router.ts calls it): begun before
// the handler runs, so that no change goes without one, and ended with what came of it.
import type { Context } from 'hono'
import { routePath } from 'hono/route'
import { beginAudit, dropAudit, endAudit } from '../../shared/audit/audit.ts'
import { AppError } from '../../shared/errors.ts'
import { findModelIds, findOwners } from '../../shared/keys/find-owners.ts'
import { storableText } from '../../shared/storable-text.ts'
import { scopeOf, type Guarded } from './access.ts'
import type { ApiEnv } from './deps.ts'
import { referencesIn, referencesOf, updateIdOf, validated } from './references.ts'

/** Runs the handler between the two. A refusal leaves no entry; an error of ours leaves one without a status. */
export async function audited(c: Context<ApiEnv>, route: Guarded, run: () => Promise<Response>): Promise<Response> {
  const scope = scopeOf(route)
  if (scope === 'public' || scope === 'read' || route.method.toLowerCase() === 'get') return await run()
  const db = c.get('db')
  const id = await beginAudit(db, {
    action: `${c.req.method} ${routePath(c).replaceAll(/:(\w+)/g, '{$1}')}`,
    path: c.req.path,
    caller: c.get('caller'),
    requestId: c.get('requestId'),
    input: shorten(validated(c, 'json')),
  })
  const before = await aboutRequest(c)
  try {
    const answer = await run()
    if (answer.ok) await end(c, id, answer, before)
    else await dropAudit(db, id)
    return answer
  } catch (error) {
    if (error instanceof AppError && error.status < 500) await dropAudit(db, id)
    throw error
  }
}

async function end(c: Context<ApiEnv>, id: string, answer: Response, before: About): Promise<void> {
  const json = /\bjson\b/.test(answer.headers.get('content-type') ?? '')
  const body: unknown = json ? await answer.clone().json() : null
  const after = await aboutReferences(c, referencesIn(body, 'answer'))
  const about = { ids: [...before.ids, ...after.ids], names: [...before.names, ...after.names] }
  const updateId = updateIdOf(c, answer) ?? null
  await endAudit(c.get('db'), id, { status: answer.status, updateId, about, by: c.get('caller') })
}

interface About {
  ids: string[]
  names: string[]
}

/** Before the handler: what is deleted cannot be asked for its model afterwards. */
function aboutRequest(c: Context<ApiEnv>): Promise<About> {
  return aboutReferences(c, referencesOf(c))
}

async function aboutReferences(c: Context<ApiEnv>, references: ReturnType<typeof referencesOf>): Promise<About> {
  const names = references.flatMap(({ model }) => model ?? [])
  const owners = await findOwners(
    c.get('db'),
    references.flatMap(({ id }) => id ?? []),
  )
  const named = await findModelIds(c.get('db'), names)
  return { ids: [...[...owners.values()].flatMap((models) => models ?? []), ...named], names }
}

const stringMax = 200
const itemsMax = 20

/** Enough to see what was asked for; a document's text and a secret are nobody's business here. */
function shorten(input: unknown): Record<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return {}
  return Object.fromEntries(
    Object.entries(input)
      .filter(([name]) => !/^text$|content|secret|password|token$/.test(name))
      .map(([name, value]) => [storableText(name), shortenValue(value)]),
  )
}

function shortenValue(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value.length > stringMax ? `${value.slice(0, stringMax)}…` : value)
  if (Array.isArray(value)) return value.length > itemsMax ? `${value.length} items` : value.map(shortenValue)
  return typeof value === 'object' && value !== null ? shorten(value) : value
}
