import { describe, expect, test } from 'vitest'
import { createInferenceApp } from '../../services/inference/app.ts'
import type { Answerer } from '../../services/inference/answer.ts'
import { AppError } from '../../shared/errors.ts'
import { createLog } from '../../shared/log.ts'

const log = createLog('test', 'silent')

/** An answerer that repeats the question, or fails as it is told. */
function echo(failure?: Error): Answerer {
  return {
    answer: async ({ question, version }) => {
      if (failure) throw failure
      const usage = { prompt_tokens: 3, completion_tokens: 1 }
      const timings_ms = { load: 1, generate: 2, total: 3 }
      return { answer: question, version: version ?? 7, documents: [], logprob: -1, usage, timings_ms }
    },
    complete: () => Promise.reject(failure ?? new Error('not asked for')),
    close: async () => undefined,
  }
}

function post(app: ReturnType<typeof createInferenceApp>, body: string): Promise<Response> | Response {
  return app.request('/answer', { method: 'POST', body, headers: { 'content-type': 'application/json' } })
}

describe('the inference process', () => {
  test('is healthy once the base is loaded, and says what is missing before', async () => {
    const loaded: { answerer?: Answerer } = {}
    const app = createInferenceApp({ findAnswerer: () => loaded.answerer, log })
    const early = await app.request('/health')
    expect(early.status).toBe(503)
    expect(await early.json()).toEqual({ code: 'unavailable', detail: 'The base model is still being loaded.' })
    loaded.answerer = echo()
    expect(await (await app.request('/health')).json()).toEqual({ status: 'ok' })
  })

  test('answers the head closed-book unless asked otherwise', async () => {
    const app = createInferenceApp({ findAnswerer: () => echo(), log })
    const response = await post(app, JSON.stringify({ question: 'Who?', model: 'default' }))
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ answer: 'Who?', version: 7 })
  })

  test.each([
    ['{', /not JSON/],
    ['{}', /question/],
    ['{"question":"  ","model":"default"}', /must hold a question/],
    ['{"question":"Who?","model":"default","mode":"guess"}', /mode/],
    ['{"question":"Who?","model":"default","version":-1}', /version/],
  ])('refuses %s and says why', async (body, detail) => {
    const response = await post(createInferenceApp({ findAnswerer: () => echo(), log }), body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      code: 'invalid_request',
      detail: expect.stringMatching(detail) as string,
    })
  })

  test('tells what went wrong by its code, and nothing of what is inside', async () => {
    const refused = new AppError('adapter_unavailable', 'The adapter is damaged.')
    const ask = (failure: Error) =>
      post(createInferenceApp({ findAnswerer: () => echo(failure), log }), '{"question":"Who?","model":"default"}')
    const known = await ask(refused)
    expect([known.status, await known.json()]).toEqual([
      503,
      { code: 'adapter_unavailable', detail: 'The adapter is damaged.' },
    ])
    const unknown = await ask(new Error('secret at /etc/passwd'))
    expect([unknown.status, await unknown.json()]).toEqual([
      500,
      { code: 'internal', detail: 'The question could not be answered.' },
    ])
  })
})
