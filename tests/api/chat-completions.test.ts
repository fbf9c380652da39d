// The shapes of OpenAI's calls over a scripted inference process; tests/api/openai-client.test.ts has the real one.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CompletionEvent } from '../../shared/completions/completion.ts'
import { startTestApi, type TestApi } from '../support/api.ts'
import { claimNext, postDocument, promoteClaim } from '../support/loop.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
  const { document } = await postDocument(api.database, 'Chatting tower')
  await promoteClaim(api.database, await claimNext(api.database), 0, { [document.id]: 2 })
})
afterAll(() => api.close())

const documents = [{ id: 'doc_1', title: 'A title', score: 4.2 }]
const start: CompletionEvent = { type: 'start', version: 1, base: 'abc', documents, promptTokens: 12 }
const piece = (choice: number, text: string): CompletionEvent => ({
  type: 'piece',
  choice,
  text,
  tokens: [{ text, logprob: -0.5, alternatives: [{ text: 'é', logprob: -0.25 }] }],
})
const end = (choice: number): CompletionEvent => ({ type: 'end', choice, finish: 'stop', tokens: 3 })
const script = (...events: CompletionEvent[]) => {
  api.inference.lines = events.map((event) => JSON.stringify(event))
}
beforeEach(() => {
  api.inference.refusal = undefined
  api.inference.breaksOff = false
  api.inference.completions.length = 0
  script(start, piece(0, 'Orla'), piece(0, ' Venn'), end(0))
})

const messages = [{ role: 'user', content: 'Who built it?' }]
const chat = (body: object) => api.call('POST', '/v1/chat/completions', { messages, ...body })
const text = (body: object) => api.call('POST', '/v1/completions', { prompt: 'It was built by', ...body })

/** The error of an answer in OpenAI's body, after checking that it is one with this status. */
async function openAiError(response: Response, status: number): Promise<Record<string, unknown>> {
  expect(response.status).toBe(status)
  const { error } = (await response.json()) as { error: Record<string, unknown> }
  expect(Object.keys(error).sort()).toEqual(['code', 'message', 'param', 'type'])
  return error
}

describe('POST /v1/chat/completions', () => {
  it('answers in the shape of OpenAI, with the version and its documents', async () => {
    const response = await chat({ logprobs: true, top_logprobs: 1 })
    expect(response.status).toBe(200)
    const token = (word: string) => ({
      token: word,
      logprob: -0.5,
      bytes: [...Buffer.from(word)],
      top_logprobs: [{ token: 'é', logprob: -0.25, bytes: [195, 169] }],
    })
    expect(await response.json()).toEqual({
      id: expect.stringMatching(/^chatcmpl-/) as string,
      object: 'chat.completion',
      created: Math.floor(Date.UTC(2030, 0, 1) / 1000),
      model: 'default@v1',
      system_fingerprint: 'fp_abc',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Orla Venn', refusal: null },
          logprobs: { content: [token('Orla'), token(' Venn')], refusal: null },
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
      documents,
    })
  })

  it('hands on what was asked, the defaults filled in', async () => {
    await chat({})
    const plain = { choices: 1, tokensMax: null, temperature: 0, topP: 1, seed: null, stop: [], alternatives: null }
    expect(api.inference.completions[0]).toEqual({ model: 'default', version: null, inputs: [{ messages }], ...plain })
    await chat({
      model: 'default@v0',
      messages: [
        { role: 'developer', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Who ' },
            { type: 'text', text: 'built it?' },
          ],
        },
        { role: 'assistant', content: 'Orla.', refusal: null },
        { role: 'user', content: 'And where?' },
      ],
      ...{ n: 2, max_tokens: 5, max_completion_tokens: 9, temperature: 0.7, top_p: 0.9, seed: -7, stop: '.' },
      ...{ logprobs: true, frequency_penalty: 0, tools: [], response_format: { type: 'text' }, user: 'me' },
    })
    expect(api.inference.completions[1]).toEqual({
      ...{ model: 'default', version: 0, choices: 2, tokensMax: 9, temperature: 0.7, topP: 0.9, seed: 7, stop: ['.'] },
      alternatives: 0,
      inputs: [
        {
          messages: [
            { role: 'system', content: 'Be brief.' },
            { role: 'user', content: 'Who built it?' },
            { role: 'assistant', content: 'Orla.' },
            { role: 'user', content: 'And where?' },
          ],
        },
      ],
    })
  })

  it('streams chunks that end with [DONE], the usage in the last where it is asked for', async () => {
    script(start, piece(1, 'Orla'), piece(0, 'Venn'), end(1), end(0))
    const response = await chat({ stream: true, n: 2, stream_options: { include_usage: true } })
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const lines = (await response.text()).trim().split('\n\n')
    expect(lines.at(-1)).toBe('data: [DONE]')
    const chunks = lines.slice(0, -1).map((line) => JSON.parse(line.replace(/^data: /, '')) as Record<string, unknown>)
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1)
    expect(chunks.every(({ object }) => object === 'chat.completion.chunk')).toBe(true)
    const bare = { logprobs: null, finish_reason: null }
    expect(chunks.map(({ choices }) => choices)).toEqual([
      [{ index: 0, delta: { role: 'assistant', content: '' }, ...bare }],
      [{ index: 1, delta: { role: 'assistant', content: '' }, ...bare }],
      [{ index: 1, delta: { content: 'Orla' }, ...bare }],
      [{ index: 0, delta: { content: 'Venn' }, ...bare }],
      [{ index: 1, delta: {}, logprobs: null, finish_reason: 'stop' }],
      [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }],
      [],
    ])
    expect(chunks.map(({ usage }) => usage)).toEqual([
      ...new Array<null>(6).fill(null),
      { prompt_tokens: 12, completion_tokens: 6, total_tokens: 18 },
    ])
    expect(chunks.map((chunk) => chunk['documents'])).toEqual([documents, ...new Array<undefined>(6).fill(undefined)])
  })

  it.each([
    ['no messages', { messages: [] }, 'messages'],
    ['no turn of the user', { messages: [{ role: 'system', content: 'Hi.' }] }, 'messages'],
    [
      'an image',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
      'messages/0/content',
    ],
    ['a tool', { tools: [{ type: 'function' }] }, 'tools'],
    ['the turn of a tool', { messages: [{ role: 'tool', content: '{}' }] }, 'messages/0/role'],
    ['JSON mode', { response_format: { type: 'json_object' } }, 'response_format/type'],
    ['a penalty', { frequency_penalty: 1 }, 'frequency_penalty'],
    ['a biased token', { logit_bias: { 5: 1 } }, 'logit_bias/5'],
    ['too many choices', { n: 33 }, 'n'],
    ['too long an answer', { max_tokens: 100_000 }, 'max_tokens'],
    ['heat', { temperature: 3 }, 'temperature'],
    ['alternatives without logprobs', { top_logprobs: 3 }, 'top_logprobs'],
    ['a parameter that nobody knows', { best_guess: true }, 'best_guess'],
    ['over a hundred thousand characters', { messages: [{ role: 'user', content: 'x'.repeat(100_001) }] }, 'messages'],
  ])('refuses %s at its place, without asking inference', async (_what, body, param) => {
    expect(await openAiError(await chat(body), 400)).toMatchObject({ type: 'invalid_request_error', param })
    expect(api.inference.completions).toEqual([])
  })

  it.each([
    ['an unknown model', 'nobody', 'model_not_found', 404],
    ['an unknown version', 'default@v9', 'model_not_found', 404],
    ['an unknown alias', 'default@nothing', 'model_not_found', 404],
    ['no name of a model', 'a model', 'invalid_request', 400],
  ])('says that there is %s', async (_what, model, code, status) => {
    expect(await openAiError(await chat({ model }), status)).toMatchObject({ code })
    expect(await openAiError(await text({ model }), status)).toMatchObject({ code })
  })

  it('passes on what inference refuses before it begins, also of a stream, as an HTTP error', async () => {
    const refuse = (status: number, body: object) => (api.inference.refusal = { status, body: JSON.stringify(body) })
    for (const stream of [false, true]) {
      refuse(400, { code: 'context_length_exceeded', detail: 'Too long.', field: 'messages' })
      const long = await openAiError(await chat({ stream }), 400)
      expect(long).toMatchObject({ code: 'context_length_exceeded', param: 'messages', message: 'Too long.' })
      refuse(503, { code: 'unavailable', detail: 'Loading.' })
      const loading = await chat({ stream })
      expect(loading.headers.get('retry-after')).toBe('2')
      expect(await openAiError(loading, 503)).toMatchObject({ type: 'server_error' })
    }
  })

  it('never passes off a part as the whole', async () => {
    script(start, piece(0, 'Orla'))
    api.inference.breaksOff = true
    expect(await openAiError(await chat({}), 503)).toMatchObject({ code: 'unavailable' })
    const streamed = await (await chat({ stream: true })).text()
    expect(streamed).toContain('"error":{"message":"The inference process broke off')
    expect(streamed).not.toContain('[DONE]')
    api.inference.breaksOff = false
    for (const last of ['{"type":"error","code":"internal","detail":"out of memory"}', 'no JSON', '']) {
      api.inference.lines = [JSON.stringify(start), JSON.stringify(piece(0, 'Orla')), last]
      expect(await openAiError(await chat({}), 503)).toMatchObject({ code: 'unavailable' })
    }
    script(start, piece(0, 'Orla')) // ends without the end of the choice
    expect(await openAiError(await chat({}), 503)).toMatchObject({ code: 'unavailable' })
    script(piece(0, 'Orla'), end(0)) // begins without a version
    expect(await openAiError(await chat({}), 503)).toMatchObject({ code: 'unavailable' })
  })
})

describe('POST /v1/completions', () => {
  it('answers in the shape of OpenAI, with the offsets of its tokens', async () => {
    const response = await text({ logprobs: 1 })
    expect(await response.json()).toMatchObject({
      object: 'text_completion',
      model: 'default@v1',
      choices: [
        {
          index: 0,
          text: 'Orla Venn',
          logprobs: {
            tokens: ['Orla', ' Venn'],
            token_logprobs: [-0.5, -0.5],
            top_logprobs: [
              { é: -0.25, Orla: -0.5 },
              { é: -0.25, ' Venn': -0.5 },
            ],
            text_offset: [0, 4],
          },
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
    })
    const streamed = await (await text({ logprobs: 0, stream: true })).text()
    expect(streamed).toContain('"text_offset":[4]')
    expect(streamed.trim().endsWith('data: [DONE]')).toBe(true)
  })

  it.each([
    ['a text', 'a b', [{ prompt: 'a b' }]],
    ['texts', ['a', 'b'], [{ prompt: 'a' }, { prompt: 'b' }]],
    ['token ids', [5, 6], [{ prompt: [5, 6] }]],
    ['several of token ids', [[5], [6, 7]], [{ prompt: [5] }, { prompt: [6, 7] }]],
  ])('takes %s', async (_what, prompt, inputs) => {
    script(start, end(0), end(1))
    expect((await text({ prompt })).status).toBe(200)
    expect(api.inference.completions[0]?.inputs).toEqual(inputs)
  })

  it.each([
    ['no prompt', { prompt: '' }, 'prompt'],
    ['a mixture', { prompt: ['a', 5] }, 'prompt'],
    ['an echo', { echo: true }, 'echo'],
    ['a suffix', { suffix: 'end' }, 'suffix'],
    ['the best of several', { best_of: 3 }, 'best_of'],
    ['more choices than there may be', { prompt: ['a', 'b'], n: 17 }, 'n'],
  ])('refuses %s', async (_what, body, param) => {
    expect(await openAiError(await text(body), 400)).toMatchObject({ param })
    expect(api.inference.completions).toEqual([])
  })
})
