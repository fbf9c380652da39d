import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { problem, startTestApi, type TestApi } from '../support/api.ts'
import { claimNext, postDocument, promoteClaim } from '../support/loop.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
  const first = await postDocument(api.database, 'First tower')
  await promoteClaim(api.database, await claimNext(api.database), 0, { [first.document.id]: 2 })
  const second = await postDocument(api.database, 'Second tower')
  const correct = { [first.document.id]: 2, [second.document.id]: 2 }
  await promoteClaim(api.database, await claimNext(api.database), 1, correct)
})
afterAll(() => api.close())
beforeEach(() => {
  api.inference.asked.length = 0
})

const path = (alias: string) => `/v1/models/default/aliases/${alias}`
const put = (alias: string, version: number, tag?: string) =>
  api.call('PUT', path(alias), { version }, tag === undefined ? {} : { 'if-match': tag })
const tagOf = async (alias: string) => (await api.call('GET', path(alias))).headers.get('etag') ?? ''

/** The version that a question to this reference was handed on for; null is the head. */
async function askedVersion(model: string): Promise<number | null | undefined> {
  expect((await api.call('POST', '/v1/query', { question: 'Who?', model })).status).toBe(200)
  return api.inference.asked.at(-1)?.version
}

describe('an alias', () => {
  it('is made by PUT, and questions to it are answered by its version', async () => {
    const made = await put('live', 1)
    expect(made.status).toBe(201)
    expect(await made.json()).toMatchObject({
      object: 'alias',
      id: 'default@live',
      model: 'default',
      name: 'live',
      version: 1,
      follows_head: false,
      history: [{ revision: 1, version: 1 }],
    })
    expect(await askedVersion('default@live')).toBe(1)
    expect(await (await api.call('GET', '/v1/models/default@live')).json()).toMatchObject({
      id: 'default@live',
      object: 'model',
      version: 1,
      head_version: 2,
    })
  })

  it('moves for who names its tag, keeps its history, and refuses the tag of before', async () => {
    const first = (await put('moving', 1)).headers.get('etag') ?? ''
    const moved = await put('moving', 2, first)
    expect(moved.status).toBe(200)
    expect(await moved.json()).toMatchObject({
      version: 2,
      history: [
        { revision: 2, version: 2 },
        { revision: 1, version: 1 },
      ],
    })
    expect(moved.headers.get('etag')).toBe(await tagOf('moving'))
    const told = await problem(await put('moving', 0, first), 412)
    expect(told.detail).toContain(moved.headers.get('etag') ?? '-')
    expect(await askedVersion('default@moving')).toBe(2)
  })

  it('is moved unseen by nobody, unless they say * or list a tag that fits', async () => {
    const tag = (await put('guarded', 1)).headers.get('etag') ?? ''
    await problem(await put('guarded', 2), 428)
    await problem(await api.call('DELETE', path('guarded')), 428)
    await problem(await put('guarded', 2, `W/${tag}`), 412)
    expect((await put('guarded', 2, `"other", ${tag}`)).status).toBe(200)
    expect((await put('guarded', 1, '*')).status).toBe(200)
    await problem(await put('nothing-there', 1, '*'), 412)
    await problem(await put('guarded', 2, tag.replaceAll('"', '')), 400)
  })

  it('moves once when two move it from the same state at the same time', async () => {
    const tag = (await put('raced', 0)).headers.get('etag') ?? ''
    const answers = await Promise.all([1, 2, 1, 2, 1].map((version) => put('raced', version, tag)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 412)).toHaveLength(4)
    const { history } = (await (await api.call('GET', path('raced'))).json()) as { history: unknown[] }
    expect(history).toHaveLength(2)
  })

  it('is not moved by a PUT of where it points, so that it can be sent again', async () => {
    const tag = (await put('still', 1)).headers.get('etag') ?? ''
    expect((await put('still', 1, tag)).headers.get('etag')).toBe(tag)
  })

  it('is gone after DELETE; made again it has another tag', async () => {
    const tag = (await put('passing', 1)).headers.get('etag') ?? ''
    expect((await api.call('DELETE', path('passing'), undefined, { 'if-match': tag })).status).toBe(204)
    await problem(await api.call('GET', path('passing')), 404)
    await problem(await api.call('POST', '/v1/query', { question: 'Who?', model: 'default@passing' }), 404)
    await problem(await api.call('DELETE', path('passing')), 404)
    const again = await put('passing', 1)
    expect(again.status).toBe(201)
    expect(again.headers.get('etag')).not.toBe(tag)
  })

  it.each([
    ['an unknown version', 'live', { version: 9 }, 404],
    ['no version', 'live', {}, 400],
    ['a name that reads as a version', 'v3', { version: 1 }, 400],
    ['a name with a blank', 'a%20b', { version: 1 }, 400],
  ])('refuses %s', async (_what, alias, body, status) => {
    await problem(await api.call('PUT', path(alias), body, alias === 'live' ? { 'if-match': '*' } : {}), status)
  })

  it('of a model that is not there is not found', async () => {
    await problem(await api.call('PUT', '/v1/models/nobody/aliases/live', { version: 0 }), 404)
    await problem(await api.call('GET', '/v1/models/nobody/aliases'), 404)
  })
})

describe('champion', () => {
  it('follows the head, also through a rollback, and its tag with it', async () => {
    const before = await tagOf('champion')
    expect(await (await api.call('GET', path('champion'))).json()).toMatchObject({
      version: 2,
      follows_head: true,
      history: [],
    })
    expect(await askedVersion('default@champion')).toBeNull()
    await api.call('POST', '/v1/models/default/rollback', { version: 1 })
    expect(await (await api.call('GET', path('champion'))).json()).toMatchObject({ version: 1, follows_head: true })
    expect(await tagOf('champion')).not.toBe(before)
    await problem(await put('champion', 0, before), 412)
    await api.call('POST', '/v1/models/default/rollback', { version: 2 })
  })

  it('stays where it was set by hand, and follows the head again once that is taken away', async () => {
    const set = await put('champion', 1)
    expect(set.status).toBe(200)
    expect(await set.json()).toMatchObject({ version: 1, follows_head: false })
    expect(await askedVersion('default@champion')).toBe(1)
    const tag = set.headers.get('etag') ?? ''
    expect((await api.call('DELETE', path('champion'), undefined, { 'if-match': tag })).status).toBe(204)
    expect(await (await api.call('GET', path('champion'))).json()).toMatchObject({
      version: 2,
      follows_head: true,
      history: [{ version: null }, { version: 1 }],
    })
  })

  it('is listed with the others, by name', async () => {
    await put('aaa', 0)
    const { data } = (await (await api.call('GET', '/v1/models/default/aliases?limit=100')).json()) as {
      data: { name: string }[]
    }
    const names = data.map(({ name }) => name)
    expect(names).toEqual([...names].sort())
    expect(names).toEqual(expect.arrayContaining(['aaa', 'champion']))
    expect(names).not.toContain('v3')
  })
})
