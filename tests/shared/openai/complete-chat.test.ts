import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { completeChat, type ChatPatience, type ChatRequest } from '../../../shared/openai/complete-chat.ts'
import { startChatServer, type ChatServer } from '../../support/chat-server.ts'

let server: ChatServer
/** Milliseconds that were waited between tries; nothing sleeps. */
let waits: number[]
beforeEach(async () => {
  server = await startChatServer()
  waits = []
})
afterEach(() => server.stop())

const apiKey = 'sk-secret-0123456789'
const patience: ChatPatience = {
  wait: async (milliseconds) => void waits.push(milliseconds),
}

function request(more: Partial<ChatRequest> = {}): ChatRequest {
  const messages = [{ role: 'user' as const, content: 'Say yes.' }]
  return { url: `${server.url}/v1`, model: 'judge-1', apiKey, messages, maxTokens: 5, temperature: 0, ...more }
}

async function failureOf(promise: Promise<unknown>): Promise<Error & { code: string }> {
  return promise.then(
    () => expect.fail('it should have failed'),
    (error: unknown) => error as Error & { code: string },
  )
}

describe('a chat model outside', () => {
  test('is asked in the format of OpenAI, with the key in the header, and its first choice is the answer', async () => {
    server.replies.push({ content: 'yes', finish: 'length' })
    expect(await completeChat(request())).toEqual({ text: 'yes', finish: 'length' })
    expect(server.asked).toEqual([
      {
        path: '/v1/chat/completions',
        authorization: `Bearer ${apiKey}`,
        body: {
          ...{ model: 'judge-1', messages: [{ role: 'user', content: 'Say yes.' }] },
          ...{ max_tokens: 5, temperature: 0, stream: false },
        },
      },
    ])
  })

  test.each(['/v1/', '/v1/chat/completions', '/v1/chat/completions/'])('is found under %s', async (path) => {
    await completeChat(request({ url: `${server.url}${path}`, apiKey: undefined }))
    expect(server.asked[0]?.path.replace(/\/$/, '')).toBe('/v1/chat/completions')
    expect(server.asked[0]?.authorization).toBeUndefined()
  })

  test('that says nothing has said the empty text', async () => {
    server.replies.push({ body: JSON.stringify({ choices: [{ message: { content: null }, finish_reason: 'stop' }] }) })
    expect(await completeChat(request())).toEqual({ text: '', finish: 'stop' })
  })

  test('that takes the limit under its new name, and no temperature, is asked so', async () => {
    const refuse = (param: string) => ({
      status: 400,
      body: JSON.stringify({ error: { message: 'unsupported', param } }),
    })
    server.replies.push(refuse('max_tokens'), refuse('temperature'), { content: 'yes' })
    expect((await completeChat(request(), patience)).text).toBe('yes')
    expect(server.asked[2]?.body).toMatchObject({ max_completion_tokens: 5 })
    expect(Object.keys(server.asked[2]?.body ?? {})).not.toEqual(expect.arrayContaining(['max_tokens']))
    expect(Object.keys(server.asked[2]?.body ?? {})).not.toEqual(expect.arrayContaining(['temperature']))
    server.replies.push(refuse('max_tokens'), refuse('max_tokens'))
    expect(await failureOf(completeChat(request(), patience))).toMatchObject({ code: 'endpoint_refused' })
  })
})

describe('what can pass is tried again', () => {
  test('after growing waits, and no more often than allowed', async () => {
    server.replies.push({ status: 500 }, { status: 502 }, { status: 503 }, { content: 'yes' })
    expect((await completeChat(request(), patience)).text).toBe('yes')
    expect(waits).toHaveLength(3)
    expect(waits).toEqual(waits.toSorted((a, b) => a - b))
    for (let index = 0; index < 4; index++) server.replies.push({ status: 500, body: 'out of memory' })
    const error = await failureOf(completeChat(request(), patience))
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/500: out of memory/) as string })
    expect(server.asked).toHaveLength(8)
  })

  test('after as long as the server asks for', async () => {
    server.replies.push({ status: 429, headers: { 'retry-after': '7' } }, { content: 'yes' })
    await completeChat(request(), patience)
    expect(waits).toEqual([7000])
  })

  test('but not when it asks for more than one can wait', async () => {
    server.replies.push({ status: 429, headers: { 'retry-after': '3600' } })
    expect(await failureOf(completeChat(request(), patience))).toMatchObject({ code: 'unavailable' })
    expect(server.asked).toHaveLength(1)
  })

  test('when the connection breaks, before the answer or within it', async () => {
    server.replies.push({ breaks: 'before' }, { breaks: 'within' }, { content: 'yes' })
    expect((await completeChat(request(), patience)).text).toBe('yes')
  })

  test('when nothing comes in time', async () => {
    server.replies.push({ breaks: 'never answers' }, { content: 'yes' })
    expect((await completeChat(request(), { ...patience, timeoutSeconds: 0.2 })).text).toBe('yes')
    server.replies.push({ breaks: 'never answers' })
    const error = await failureOf(completeChat(request(), { ...patience, timeoutSeconds: 0.2, attemptsMax: 1 }))
    expect(error.message).toMatch(/did not answer within 0.2 s/)
  })

  test('when nobody listens', async () => {
    await server.stop()
    const error = await failureOf(completeChat(request(), patience))
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/cannot be reached/) as string })
    expect(waits).toHaveLength(3)
  })
})

describe('what asking again cannot mend is said at once', () => {
  test.each([
    ['a wrong key', { status: 401, body: '{"error":{"message":"no such key"}}' }, /401: no such key/],
    ['an unknown model', { status: 404, body: 'nothing here' }, /404: nothing here/],
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/v1' } }, /redirects/],
    ['a page', { status: 200, body: '<html>Welcome</html>' }, /no chat completion: <html>/],
    ['no choice', { status: 200, body: '{"choices":[]}' }, /no chat completion/],
    ['an answer of numbers', { status: 200, body: '{"choices":[{"message":{"content":5}}]}' }, /no chat completion/],
    ['an answer without end', { status: 200, body: 'x'.repeat(3_000_000) }, /more than 1048576 bytes/],
  ])('%s', async (_what, reply, says) => {
    server.replies.push(reply)
    const error = await failureOf(completeChat(request(), patience))
    expect(error).toMatchObject({ code: 'endpoint_refused', message: expect.stringMatching(says) as string })
    expect(server.asked).toHaveLength(1)
  })

  test.each(['ftp://host/v1', 'nonsense', 'http://user:password@host/v1'])('the address %s', async (url) => {
    const error = await failureOf(completeChat(request({ url }), patience))
    expect(error.code).toBe('endpoint_refused')
    expect(error.message).not.toContain('password@')
  })
})

describe('the key', () => {
  test('is in no error, even when the server repeats it', async () => {
    server.replies.push({ status: 401, body: `{"error":{"message":"Incorrect API key: ${apiKey}"}}` })
    const error = await failureOf(completeChat(request({ url: `${server.url}/v1?key=hidden` }), patience))
    expect(`${error.message} ${String(error.stack)} ${String(error.cause)}`).not.toMatch(/sk-secret|hidden/)
  })

  test('that no header can carry is refused without being quoted', async () => {
    const error = await failureOf(completeChat(request({ apiKey: 'sk-secret\nX-Other: 1' }), patience))
    expect(`${error.message} ${String(error.cause)}`).not.toContain('sk-secret')
    expect(server.asked).toEqual([])
  })
})

test('who no longer wants the answer gets their own reason, and the connection is closed', async () => {
  server.replies.push({ breaks: 'never answers' })
  const gone = new AbortController()
  const waiting = failureOf(completeChat(request({ signal: gone.signal }), patience))
  await once(server.events, 'asked')
  gone.abort(new Error('the lease was lost'))
  expect((await waiting).message).toBe('the lease was lost')
  expect(server.asked).toHaveLength(1)
})
