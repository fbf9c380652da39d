// Every route of /openapi.json is called with the key of another tenant. What is theirs must answer exactly as what never
// existed does: same status, same words. The last tests show that the walk notices a route that forgets.
import { createRoute, z } from '@hono/zod-openapi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownedByCaller } from '../../services/api/access.ts'
import { createRouter } from '../../services/api/router.ts'
import { createFile } from '../../shared/files/files.ts'
import { createJob } from '../../shared/fine-tuning/jobs.ts'
import { startTestApi, type TestApi } from '../support/api.ts'
import { snapshot } from '../support/loop.ts'
import { listRouteCalls, readDescription, type RouteCall, type Stand } from '../support/routes.ts'
import { createTenant, missingLike, type Tenant } from '../support/tenants.ts'

let api: TestApi
let ours: Tenant
let theirs: Tenant
beforeAll(async () => {
  api = await startTestApi()
  ours = await createTenant(api, 'ours')
  theirs = await createTenant(api, 'theirs')
})
afterAll(() => api.close())

function send(on: TestApi, call: RouteCall, secret: string): Promise<Response> {
  const headers = { authorization: `Bearer ${secret}` }
  const body = call.body === undefined ? {} : { body: call.body }
  const type = call.contentType === undefined ? {} : { 'content-type': call.contentType }
  return on.raw(call.path, { method: call.method, headers: { ...headers, ...type }, ...body })
}

/** What tells a tenant: ids, names, texts. */
function marksOf(tenant: Tenant): string[] {
  return [tenant.model, tenant.modelId, ...Object.values(tenant.things)]
}

/** The calls that treat what is another tenant's otherwise than what is missing, or that show some of it. */
async function findLeaks(on: TestApi, secret: string, other: Tenant): Promise<string[]> {
  const description = await readDescription(on)
  const missing: Stand = { model: 'nobody', things: missingLike(other) }
  const foreign = listRouteCalls(description, other)
  const absent = listRouteCalls(description, missing)
  const leaks: string[] = []
  for (const [index, call] of foreign.entries()) {
    const twin = absent[index]
    if (call.open || twin === undefined) continue
    const [seen, expected] = [await send(on, call, secret), await send(on, twin, secret)]
    const renamed = Object.entries(missing.things).reduce(
      (text, [prefix, id]) => text.replaceAll(other.things[prefix as 'doc'] ?? '', id ?? ''),
      (await seen.text()).replaceAll(other.model, missing.model),
    )
    const same = seen.status === expected.status && (!named(call) || renamed === (await expected.text()))
    const shown = seen.ok && marksOf(other).some((mark) => renamed.includes(mark))
    if (!same || shown || (named(call) && seen.ok)) leaks.push(`${call.method} ${call.route} ${seen.status}`)
  }
  return leaks
}

/** Whether a call is about something of the other tenant; the others list, or make what is new. */
function named(call: RouteCall): boolean {
  return call.named || call.path.includes('model=') || /"model":/.test(call.body ?? '')
}

describe('every route with the key of another tenant', () => {
  it('answers as if what is theirs did not exist, and changes none of it', async () => {
    const rowsOfTheirs = async () => {
      const { api_keys: _, ...tables } = await snapshot(api.database)
      return Object.values(tables)
        .flat()
        .map((row) => JSON.stringify(row))
        .filter((row) => marksOf(theirs).some((mark) => row.includes(mark)))
        .sort()
    }
    const before = await rowsOfTheirs()
    expect(before.length).toBeGreaterThan(10)
    expect(await findLeaks(api, ours.secret, theirs)).toEqual([])
    expect(await rowsOfTheirs()).toEqual(before)
  })

  it('is tried on things that are there: who may see them does', async () => {
    const calls = listRouteCalls(await readDescription(api), theirs).filter(({ method }) => method === 'GET')
    const statuses = await Promise.all(
      calls.map(async (call) => {
        const response = await send(api, call, theirs.secret)
        await response.text()
        return `${call.route} ${response.status}`
      }),
    )
    // The figures of the whole service are no tenant's.
    expect(statuses.filter((status) => / [45]..$/.test(status))).toEqual(['/metrics 403'])
    expect(statuses.length).toBeGreaterThan(15)
  })

  it('lists what is ours alone', async () => {
    for (const path of [
      'documents',
      'updates',
      'alerts',
      'webhooks',
      'models',
      'keys',
      'files',
      'fine_tuning/jobs',
      'practice',
    ]) {
      const response = await api.raw(`/v1/${path}?limit=100`, { headers: { authorization: `Bearer ${ours.secret}` } })
      const text = await response.text()
      expect(text, path).toContain(path === 'models' ? '"ours"' : `"${ours.things[prefixes[path] ?? 'doc'] ?? ''}"`)
      expect(marksOf(theirs).filter((mark) => text.includes(mark))).toEqual([])
    }
  })

  it('shows a job of its model, but not the file of a key for all models that it was made of', async () => {
    const { query } = api.database
    const line = JSON.stringify({ title: 'Tower', text: 'The Tower of ours was built by Orla Venn in Tarsk.' })
    const file = await createFile(query, api.store, { filename: 'root.jsonl', content: Buffer.from(line) })
    const input = { model: ours.model, trainingFile: file.id, validationFile: null, metadata: null }
    const job = await createJob(query, api.store, input)
    const asked = (path: string) => api.raw(path, { headers: { authorization: `Bearer ${ours.secret}` } })
    const seen = await asked(`/v1/fine_tuning/jobs/${job.id}`)
    expect(await seen.json()).toMatchObject({ id: job.id, training_file: file.id })
    expect((await asked(`/v1/files/${file.id}`)).status).toBe(404)
  })

  it('goes through the guard: no route under /v1 is missing from /openapi.json', async () => {
    const described = Object.entries((await readDescription(api)).paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    )
    const mounted = api.app.routes.filter(({ method, path }) => method !== 'ALL' && path.startsWith('/v1'))
    expect(new Set(mounted.map(({ method, path }) => `${method} ${path}`))).toEqual(
      new Set(described.filter((call) => call.includes(' /v1'))),
    )
  })
})

const prefixes: Partial<Record<string, 'doc' | 'upd' | 'alr' | 'whk' | 'key' | 'fil' | 'ftj' | 'prc'>> = {
  documents: 'doc',
  updates: 'upd',
  alerts: 'alr',
  webhooks: 'whk',
  keys: 'key',
  files: 'fil',
  'fine_tuning/jobs': 'ftj',
  practice: 'prc',
}

/** A route as somebody in a hurry would write it: everything from the table. */
const everything = createRoute({
  method: 'get',
  path: '/',
  responses: { 200: { description: 'All.', content: { 'application/json': { schema: z.unknown() } } } },
})

describe('a route that forgets to keep to the caller', () => {
  it('is refused to bound keys as long as it does not claim to', async () => {
    const careless = await startTestApi()
    const router = createRouter()
    router.openapi(everything, (c) => c.json({ data: [] }, 200))
    careless.app.route('/v1/everything', router)
    const { secret } = await createTenant(careless, 'ours')
    const asked = (key: string) => careless.raw('/v1/everything', { headers: { authorization: `Bearer ${key}` } })
    expect((await asked(secret)).status).toBe(403)
    expect((await careless.call('GET', '/v1/everything')).status).toBe(200)
    await careless.close()
  })

  it('does not get its answer out when it claims to and does not', async () => {
    const careless = await startTestApi()
    const stranger = { id: '' }
    const router = createRouter()
    router.openapi({ ...everything, ...ownedByCaller }, (c) => c.json({ data: [{ id: stranger.id }] }, 200))
    careless.app.route('/v1/everything', router)
    const { secret } = await createTenant(careless, 'ours')
    stranger.id = (await createTenant(careless, 'theirs')).things.doc ?? ''
    const response = await careless.raw('/v1/everything', { headers: { authorization: `Bearer ${secret}` } })
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain(stranger.id)
    await careless.close()
  })

  it('is found by the walk when it goes round the guard', async () => {
    const careless = await startTestApi()
    careless.app.openAPIRegistry.registerPath({ ...everything, path: '/v1/everything' })
    careless.app.get('/v1/everything', async (c) => c.json(await snapshot(careless.database), 200))
    const params = z.object({ id: z.string().meta({ example: 'doc_01k3' }) })
    careless.app.openAPIRegistry.registerPath({ ...everything, path: '/v1/texts/{id}', request: { params } })
    careless.app.get('/v1/texts/:id', async (c) => {
      const { rows } = await careless.database.pool.query('select text from documents where id = $1', [
        c.req.param('id'),
      ])
      return c.json(rows, rows.length === 0 ? 404 : 200)
    })
    const { secret } = await createTenant(careless, 'ours')
    const other = await createTenant(careless, 'theirs')
    expect(await findLeaks(careless, secret, other)).toEqual(['GET /v1/everything 200', 'GET /v1/texts/{id} 200'])
    await careless.close()
  })
})
