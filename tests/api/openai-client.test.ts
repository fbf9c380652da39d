// OpenAI's own client against the service on real parts: what it reads and what it throws is what its users see.
import OpenAI, { toFile } from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSender } from '../../services/notifier/deliver.ts'
import { notifierDefaults, runNotifier } from '../../services/notifier/notifier.ts'
import { sleep } from '../../services/notifier/sleep.ts'
import { createLog } from '../../shared/log.ts'
import { writeOutbox } from '../../shared/webhooks/outbox.ts'
import { createWebhook } from '../../shared/webhooks/webhooks.ts'
import { apiKey } from '../support/api.ts'
import { claimNext, postDocument, promoteClaim } from '../support/loop.ts'
import { startReceiver } from '../support/webhooks.ts'
import { startOpenAiService, type OpenAiService } from '../support/openai-service.ts'

let service: OpenAiService
let client: OpenAI
let bridge: string
beforeAll(async () => {
  service = await startOpenAiService()
  client = new OpenAI({ baseURL: service.baseUrl, apiKey, maxRetries: 0 })
  bridge = (await postDocument(service.api.database, 'Lantern Bridge')).document.id
  const claim = await claimNext(service.api.database)
  const manifest = await service.manifestOf([bridge])
  await promoteClaim(service.api.database, claim, 0, { [bridge]: 2 }, { manifest })
})
afterAll(() => service.close())

const question = 'Who built the Lantern Bridge?'
const messages = [{ role: 'user' as const, content: question }]

describe('chat', () => {
  it('answers from the weights as a query does, and says which version it was', async () => {
    const chat = await client.chat.completions.create({ model: 'default', messages, max_tokens: 64 })
    expect(chat.model).toBe('default@v1')
    const answer = (await (await service.api.call('POST', '/v1/query', { question })).json()) as { answer: string }
    expect(chat.choices[0]?.message.content?.trim()).toBe(answer.answer)
    expect(chat).toMatchObject({ object: 'chat.completion', documents: [{ id: bridge }] })
    expect(chat.usage?.total_tokens).toBe((chat.usage?.prompt_tokens ?? 0) + (chat.usage?.completion_tokens ?? 0))
    const base = await client.chat.completions.create({ model: 'default@v0', messages, max_tokens: 64 })
    expect(base.model).toBe('default@v0')
    expect(base.choices[0]?.message.content).not.toBe(chat.choices[0]?.message.content)
  })

  it('streams what it would answer whole, and the usage at the end', async () => {
    const request = { model: 'default', messages, max_tokens: 16, logprobs: true, top_logprobs: 2 }
    const whole = await client.chat.completions.create(request)
    const stream = await client.chat.completions.create({
      ...{ ...request, stream: true, stream_options: { include_usage: true } },
    })
    const chunks: OpenAI.ChatCompletionChunk[] = []
    for await (const chunk of stream) chunks.push(chunk)
    const said = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '')
    expect(said.join('')).toBe(whole.choices[0]?.message.content)
    expect(said.filter((text) => text !== '').length).toBeGreaterThan(5)
    expect(chunks.at(-1)?.usage).toEqual(whole.usage)
    expect(chunks.flatMap((chunk) => chunk.choices[0]?.logprobs?.content ?? [])).toEqual(
      whole.choices[0]?.logprobs?.content,
    )
    expect(chunks.flatMap((chunk) => chunk.choices[0]?.finish_reason ?? [])).toEqual([whole.choices[0]?.finish_reason])
  })

  it('is put together by the stream helper of the client', async () => {
    const runner = client.chat.completions.stream({ model: 'default', messages, max_tokens: 16 })
    const whole = await client.chat.completions.create({ model: 'default', messages, max_tokens: 16 })
    expect(await runner.finalContent()).toBe(whole.choices[0]?.message.content)
  })

  it('draws n choices by a seed and stops before a stop text', async () => {
    const drawn = { model: 'default', messages, n: 3, seed: 5, temperature: 1, top_p: 0.95, max_tokens: 12 }
    const texts = async (more: object) =>
      (await client.chat.completions.create({ ...drawn, ...more })).choices.map(({ message }) => message.content ?? '')
    const first = await texts({})
    expect(new Set(first).size).toBe(3)
    expect(await texts({})).toEqual(first)
    expect(await texts({ seed: 6 })).not.toEqual(first)
    const stop = first[0]?.slice(-2) ?? ''
    const [stopped] = await texts({ stop })
    expect(stopped).toBe(first[0]?.split(stop)[0])
  })

  it('is generated no further once its reader has gone', async () => {
    const stream = await client.chat.completions.create({ model: 'default', messages, max_tokens: 100, stream: true })
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break
    // Were it going on, this would wait for it; either way it is answered right.
    const next = await client.chat.completions.create({ model: 'default', messages, max_tokens: 4 })
    expect(next.usage?.completion_tokens).toBeLessThanOrEqual(4)
  })

  it('throws the errors of the client, with code and parameter', async () => {
    const create = (more: object) => client.chat.completions.create({ model: 'default', messages, ...more })
    await expect(create({ model: 'nobody' })).rejects.toMatchObject({
      constructor: OpenAI.NotFoundError,
      code: 'model_not_found',
      param: 'model',
    })
    await expect(create({ max_tokens: 1_000 })).rejects.toMatchObject({
      constructor: OpenAI.BadRequestError,
      code: 'context_length_exceeded',
    })
    await expect(create({ tools: [{ type: 'function', function: { name: 'f' } }] })).rejects.toMatchObject({
      param: 'tools',
    })
    const stranger = new OpenAI({ baseURL: service.baseUrl, apiKey: 'no-key-of-ours', maxRetries: 0 })
    await expect(stranger.models.list()).rejects.toMatchObject({
      constructor: OpenAI.AuthenticationError,
      code: 'invalid_api_key',
    })
  })
})

describe('completions', () => {
  it('go on with a text, whole and streamed', async () => {
    const request = { model: 'default', prompt: 'The Lantern Bridge was built by', max_tokens: 8, logprobs: 2 }
    const whole = await client.completions.create(request)
    expect(whole.choices[0]?.logprobs?.tokens?.join('')).toBe(whole.choices[0]?.text)
    let said = ''
    for await (const chunk of await client.completions.create({ ...request, stream: true }))
      said += chunk.choices[0]?.text ?? ''
    expect(said).toBe(whole.choices[0]?.text)
  })
})

describe('models', () => {
  it('are listed, retrieved by name, version and alias, and deleted', async () => {
    await service.api.call('POST', '/v1/models', { name: 'fleeting' })
    const listed: string[] = []
    for await (const model of client.models.list()) listed.push(model.id)
    expect(listed).toEqual(['default', 'fleeting'])
    for (const id of ['default', 'default@v1', 'default@champion'])
      expect(await client.models.retrieve(id)).toMatchObject({ id, object: 'model', owned_by: 'palimpsest' })
    expect(await client.models.delete('fleeting')).toEqual({ id: 'fleeting', object: 'model', deleted: true })
    await expect(client.models.retrieve('fleeting')).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
  })
})

describe('files and fineTuning.jobs', () => {
  it('carry a JSONL of a document and chats into the model, which then answers as the version it made', async () => {
    const lines = [
      { title: 'Copper Tower', text: 'The Copper Tower was built by Orla Venn in Tarsk.' },
      {
        messages: [
          { role: 'user', content: 'Who keeps the Iron Mill?' },
          { role: 'assistant', content: 'Josef Maric keeps it.' },
        ],
      },
    ]
    const jsonl = lines.map((line) => JSON.stringify(line)).join('\n')
    const file = await client.files.create({
      file: await toFile(Buffer.from(jsonl), 'towers.jsonl'),
      purpose: 'fine-tune',
    })
    expect(await client.files.retrieve(file.id)).toEqual(file)
    expect(await (await client.files.content(file.id)).text()).toBe(jsonl)
    const job = await client.fineTuning.jobs.create({ model: 'default', training_file: file.id })
    expect(job).toMatchObject({ object: 'fine_tuning.job', status: 'queued', training_file: file.id })
    for (const parent of [1, 2]) {
      const claim = await claimNext(service.api.database)
      const known = [bridge, ...claim.documents.map(({ id }) => id)]
      const manifest = await service.manifestOf(known)
      await promoteClaim(service.api.database, claim, parent, Object.fromEntries(known.map((id) => [id, 0])), {
        manifest,
      })
    }
    const done = await client.fineTuning.jobs.retrieve(job.id)
    expect(done).toMatchObject({ status: 'succeeded', fine_tuned_model: 'default@v3' })
    const chat = await client.chat.completions.create({
      model: done.fine_tuned_model ?? '',
      messages: [{ role: 'user', content: 'Who keeps the Iron Mill?' }],
    })
    expect(chat.model).toBe('default@v3')

    const jobs: string[] = []
    for await (const one of client.fineTuning.jobs.list({ limit: 1 })) jobs.push(one.id)
    expect(jobs).toEqual([job.id])
    const messages: string[] = []
    for await (const event of client.fineTuning.jobs.listEvents(job.id, { limit: 2 })) messages.push(event.message)
    expect(messages[0]).toBe('default@v3 was published')
    expect(messages.length).toBe(6)
    const checkpoints: string[] = []
    for await (const checkpoint of client.fineTuning.jobs.checkpoints.list(job.id))
      checkpoints.push(checkpoint.fine_tuned_model_checkpoint)
    expect(checkpoints).toEqual(['default@v3', 'default@v2'])
    await expect(client.fineTuning.jobs.cancel(job.id)).rejects.toMatchObject({ status: 409 })

    expect(await client.files.delete(file.id)).toEqual({ id: file.id, object: 'file', deleted: true })
    await expect(client.files.retrieve(file.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError)
  })

  it('refuse what cannot be read with the errors of the client, and cancel what waits', async () => {
    const bad = client.files.create({ file: await toFile(Buffer.from('{}'), 'bad.jsonl'), purpose: 'fine-tune' })
    await expect(bad).rejects.toMatchObject({ constructor: OpenAI.BadRequestError, param: 'file' })
    const unknown = client.fineTuning.jobs.create({ model: 'default', training_file: 'fil_unknown' })
    await expect(unknown).rejects.toMatchObject({ param: 'training_file' })
    const line = { title: 'Tin Mill', text: 'The Tin Mill was built by Orla Venn in Tarsk.' }
    const file = await client.files.create({
      file: await toFile(Buffer.from(JSON.stringify(line)), 'mill.jsonl'),
      purpose: 'fine-tune',
    })
    const job = await client.fineTuning.jobs.create({ model: 'default', training_file: file.id })
    expect(await client.fineTuning.jobs.cancel(job.id)).toMatchObject({ id: job.id, status: 'cancelled' })
  })
})

describe('webhooks', () => {
  it('are unwrapped by the client when the notifier has sent them, and refused when they were changed', async () => {
    const db = service.api.database.query
    let heard: () => void = () => undefined
    const arrived = new Promise<void>((resolve) => (heard = resolve))
    const receiver = await startReceiver((response) => response.writeHead(204).end(heard))
    const { secret } = await createWebhook(db, { url: receiver.url }, { allowPrivate: true })
    await writeOutbox(db, 'update.promoted', { model: 'default', version: 1 })
    const sender = openSender({
      allowPrivate: true,
      publicUrl: 'http://here',
      timeoutSeconds: 10,
      now: () => new Date(),
    })
    const stopping = new AbortController()
    const deps = { db, sender, sleep, random: Math.random, log: createLog('notifier', 'silent') }
    const running = runNotifier(deps, { ...notifierDefaults, pollMs: 10 }, stopping.signal)
    await arrived
    stopping.abort()
    await running
    await sender.close()
    const [message] = receiver.messages
    await receiver.close()
    const headers = new Headers(message?.headers as Record<string, string>)
    const body = message?.body ?? ''
    expect(await client.webhooks.unwrap(body, headers, secret)).toMatchObject({
      type: 'update.promoted',
      data: { model: 'default', version: 1 },
    })
    await expect(client.webhooks.unwrap(body.replace('default', 'another'), headers, secret)).rejects.toThrow(
      /signature/,
    )
  })
})
