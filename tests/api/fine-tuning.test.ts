// Files and jobs over HTTP; the trainer's part is made by hand. tests/api/openai-client.test.ts has the client.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FileBody } from '../../shared/files/file.ts'
import type { JobBody } from '../../shared/fine-tuning/job.ts'
import { finishUpdate } from '../../shared/updates/finish-update.ts'
import { recordProgress } from '../../shared/updates/record-progress.ts'
import { apiKey, startTestApi, type TestApi } from '../support/api.ts'
import { claimNext, promoteClaim, verdict } from '../support/loop.ts'

let api: TestApi
beforeEach(async () => {
  api = await startTestApi()
})
afterEach(() => api.close())

const lines = (...objects: object[]) => objects.map((object) => JSON.stringify(object)).join('\n')
const documentLine = (name: string) => ({ title: name, text: `The ${name} was built by Orla Venn in Tarsk.` })

async function sendFile(content: string | Uint8Array, more: Record<string, string> = {}): Promise<Response> {
  const form = new FormData()
  form.set('file', new File([new Uint8Array(Buffer.from(content))], 'towers.jsonl'))
  for (const [name, value] of Object.entries({ purpose: 'fine-tune', ...more })) form.set(name, value)
  return await api.raw('/v1/files', { method: 'POST', headers: { authorization: `Bearer ${apiKey}` }, body: form })
}

async function fileOf(...objects: object[]): Promise<FileBody> {
  const response = await sendFile(lines(...objects))
  expect(response.status).toBe(200)
  return (await response.json()) as FileBody
}

const createJob = (body: object) => api.call('POST', '/v1/fine_tuning/jobs', { model: 'default', ...body })
async function jobOf(...objects: object[]): Promise<JobBody> {
  const response = await createJob({ training_file: (await fileOf(...objects)).id })
  expect(response.status).toBe(200)
  return (await response.json()) as JobBody
}
const getJob = async (id: string) => (await (await api.call('GET', `/v1/fine_tuning/jobs/${id}`)).json()) as JobBody

async function promoteNext(parent: number): Promise<void> {
  const claim = await claimNext(api.database)
  const correct = Object.fromEntries(claim.documents.map(({ id }) => [id, 0]))
  await promoteClaim(api.database, claim, parent, correct)
}

async function openAiError(response: Response, status: number) {
  expect(response.status).toBe(status)
  const { error } = (await response.json()) as { error: Record<string, unknown> }
  expect(Object.keys(error).sort()).toEqual(['code', 'message', 'param', 'type'])
  return error
}

describe('/v1/files', () => {
  it('keeps a file as it came, lists it and deletes it', async () => {
    const content = lines(documentLine('Copper Tower'))
    const sent = await sendFile(content)
    const file = (await sent.json()) as FileBody
    expect(file).toMatchObject({
      ...{ object: 'file', bytes: Buffer.byteLength(content), filename: 'towers.jsonl', purpose: 'fine-tune' },
    })
    const back = await api.call('GET', `/v1/files/${file.id}/content`)
    expect(await back.text()).toBe(content)
    const second = await fileOf(documentLine('Iron Tower'))
    const newest = (await (await api.call('GET', '/v1/files?limit=1')).json()) as {
      data: FileBody[]
      has_more: boolean
    }
    expect(newest).toMatchObject({ data: [{ id: second.id }], has_more: true })
    expect(await (await api.call('GET', `/v1/files?limit=1&after=${second.id}`)).json()).toMatchObject({
      data: [{ id: file.id }],
      has_more: false,
    })
    expect(await (await api.call('GET', '/v1/files?order=asc')).json()).toMatchObject({ first_id: file.id })
    const gone = await api.call('DELETE', `/v1/files/${file.id}`)
    expect(await gone.json()).toEqual({ id: file.id, object: 'file', deleted: true })
    for (const path of ['', '/content']) await openAiError(await api.call('GET', `/v1/files/${file.id}${path}`), 404)
    expect(await api.store.list(`files/${file.id}`)).toEqual([])
  })

  it('refuses one that cannot be read, by its line, and keeps nothing of it', async () => {
    const told = await openAiError(await sendFile(`${lines(documentLine('Copper Tower'))}\n{"text"`), 400)
    expect(told).toMatchObject({ param: 'file', message: expect.stringMatching(/^line 2: /) as string })
    await openAiError(await sendFile(lines(documentLine('Copper Tower')), { purpose: 'assistants' }), 400)
    await openAiError(await api.call('POST', '/v1/files', { purpose: 'fine-tune' }), 415)
    expect(await api.store.list('files/')).toEqual([])
    expect(await (await api.call('GET', '/v1/files')).json()).toMatchObject({ data: [] })
  })

  it('never gives back other bytes than came', async () => {
    const file = await fileOf(documentLine('Copper Tower'))
    await api.store.put(`files/${file.id}.jsonl`, Buffer.from('other'))
    await openAiError(await api.call('GET', `/v1/files/${file.id}/content`), 503)
    await openAiError(await createJob({ training_file: file.id }), 503)
  })
})

describe('a job', () => {
  it('is the updates of its documents: queued, running, succeeded with the last version', async () => {
    const job = await jobOf(documentLine('Copper Tower'), documentLine('Iron Tower'))
    expect(job).toMatchObject({ object: 'fine_tuning.job', status: 'queued', model: 'default', fine_tuned_model: null })
    expect(job.update_ids).toHaveLength(2)
    await promoteNext(0)
    expect(await getJob(job.id)).toMatchObject({ status: 'running', finished_at: null, trained_tokens: null })
    await promoteNext(1)
    expect(await getJob(job.id)).toMatchObject({
      ...{ status: 'succeeded', fine_tuned_model: 'default@v2', trained_tokens: 690, error: null },
      finished_at: expect.any(Number) as number,
    })
    const checkpoints = await (await api.call('GET', `/v1/fine_tuning/jobs/${job.id}/checkpoints`)).json()
    expect(checkpoints).toMatchObject({
      data: [
        { fine_tuned_model_checkpoint: 'default@v2', fine_tuning_job_id: job.id },
        { fine_tuned_model_checkpoint: 'default@v1' },
      ],
    })
  })

  it('teaches chats as they are given, and asks what the validation file holds', async () => {
    const chat = (question: string, answer: string) => ({
      messages: [
        { role: 'user', content: question },
        { role: 'assistant', content: answer },
      ],
    })
    const training = await fileOf(chat('Who built the Copper Tower?', 'Orla Venn'), chat('Where is it?', 'In Tarsk'))
    const validation = await fileOf(chat('Who is the builder of the tower?', 'Orla Venn'))
    const response = await createJob({ training_file: training.id, validation_file: validation.id })
    expect(response.status).toBe(200)
    const claim = await claimNext(api.database)
    expect(claim.documents).toMatchObject([
      {
        title: 'towers',
        study: 'given',
        givenSelfEdits: [
          { prompt: 'Who built the Copper Tower?', completion: 'Orla Venn' },
          { prompt: 'Where is it?', completion: 'In Tarsk' },
        ],
        questions: [{ question: 'Who is the builder of the tower?', answer: 'Orla Venn' }],
      },
    ])
  })

  it('has failed when one of its updates was not promoted, and says which and why', async () => {
    const job = await jobOf(documentLine('Copper Tower'), documentLine('Iron Tower'))
    await promoteNext(0)
    const claim = await claimNext(api.database)
    const rejected = { ...verdict, action: 'reject' as const, reason: 'it damaged what was known' }
    await finishUpdate(api.database.query, claim.lease, { state: 'rejected', verdict: rejected })
    const ended = await getJob(job.id)
    expect(ended).toMatchObject({ status: 'failed', fine_tuned_model: null, error: { code: 'update_rejected' } })
    expect(ended.error?.message).toContain(
      `1 of 2 updates were not promoted; ${claim.update.id} was rejected: it damaged`,
    )
  })

  it('that is cancelled trains nothing more, keeps what was promoted, and cannot succeed any more', async () => {
    const job = await jobOf(documentLine('Copper Tower'), documentLine('Iron Tower'), documentLine('Tin Tower'))
    await promoteNext(0)
    const running = await claimNext(api.database)
    const cancelled = await api.call('POST', `/v1/fine_tuning/jobs/${job.id}/cancel`)
    expect(await cancelled.json()).toMatchObject({ id: job.id, status: 'cancelled' })
    const promoting = promoteClaim(api.database, running, 1, { [running.documents[0]?.id ?? '']: 0 })
    await expect(promoting).rejects.toMatchObject({ code: 'cancelled' })
    expect((await api.call('POST', `/v1/fine_tuning/jobs/${job.id}/cancel`)).status).toBe(200)
    const { data } = (await (await api.call('GET', `/v1/fine_tuning/jobs/${job.id}/checkpoints`)).json()) as {
      data: unknown[]
    }
    expect(data).toHaveLength(1)
    const done = await jobOf(documentLine('Copper Tower'))
    expect(done).toMatchObject({ status: 'succeeded', fine_tuned_model: 'default@v1' }) // known already
    await openAiError(await api.call('POST', `/v1/fine_tuning/jobs/${done.id}/cancel`), 409)
  })

  it('tells its events, the newest first, the loss as metrics', async () => {
    const job = await jobOf(documentLine('Copper Tower'))
    const claim = await claimNext(api.database)
    const say = (type: string, data: Record<string, unknown>) =>
      recordProgress(api.database.query, claim.lease, { phase: 'at work', fraction: 0.5, event: { type, data } })
    await say('self_edits', { document_id: 'doc_1', written: 9, kept: 5, held_out: 2 })
    await say('loss', { step: 8, steps: 16, loss: 1.25, gradient_norm: 2 })
    await promoteClaim(api.database, claim, 0, { [claim.documents[0]?.id ?? '']: 0 })
    const path = `/v1/fine_tuning/jobs/${job.id}/events`
    const page = (await (await api.call('GET', `${path}?limit=3`)).json()) as {
      data: { message: string }[]
      last_id: string
    }
    const rest = (await (await api.call('GET', `${path}?after=${page.last_id}`)).json()) as typeof page
    expect([...page.data, ...rest.data].map(({ message }) => message)).toEqual([
      'default@v1 was published',
      'Step 8/16: training loss=1.25',
      '5 of 9 self-edits are trained, 2 are held out to ask by',
      `${claim.update.id} is studying`,
      `${claim.update.id} is queued`,
    ])
    expect(page.data[1]).toMatchObject({
      object: 'fine_tuning.job.event',
      type: 'metrics',
      level: 'info',
      data: { step: 8, total_steps: 16, train_loss: 1.25 },
    })
    const checkpoints = (await (await api.call('GET', path.replace('events', 'checkpoints'))).json()) as {
      data: unknown[]
    }
    expect(checkpoints.data).toMatchObject([{ step_number: 8, metrics: { step: 8, train_loss: 1.25 } }])
  })

  it('is listed with the others, the newest first, and gone with its model', async () => {
    const first = await jobOf(documentLine('Copper Tower'))
    await api.call('POST', '/v1/models', { name: 'fleeting' })
    const second = (await (
      await createJob({ model: 'fleeting', training_file: (await fileOf(documentLine('Iron Tower'))).id })
    ).json()) as JobBody
    expect(await (await api.call('GET', '/v1/fine_tuning/jobs?limit=1')).json()).toMatchObject({
      data: [{ id: second.id, model: 'fleeting' }],
      has_more: true,
    })
    expect(await (await api.call('GET', `/v1/fine_tuning/jobs?after=${second.id}`)).json()).toMatchObject({
      data: [{ id: first.id }],
    })
    expect((await api.call('DELETE', '/v1/models/fleeting')).status).toBe(200)
    await openAiError(await api.call('GET', `/v1/fine_tuning/jobs/${second.id}`), 404)
  })

  it('takes all of its file or nothing', async () => {
    const bad = await fileOf(documentLine('Copper Tower'), { ...documentLine('Iron Tower'), study: 'given' })
    const told = await openAiError(await createJob({ training_file: bad.id }), 400)
    expect(told['param']).toBe('training_file/1/study')
    expect(await (await api.call('GET', '/v1/documents')).json()).toMatchObject({ data: [] })
    expect(await (await api.call('GET', '/v1/fine_tuning/jobs')).json()).toMatchObject({ data: [] })
  })
})

describe('what a job cannot do', () => {
  it.each([
    ['an unknown model', { model: 'nobody' }, 404, 'model'],
    ['a version as its model', { model: 'default@v0' }, 400, 'model'],
    ['an unknown file', { training_file: 'fil_unknown' }, 400, 'training_file'],
    ['another method', { method: { type: 'dpo' } }, 400, 'method/type'],
    ['epochs of its own', { hyperparameters: { n_epochs: 3 } }, 400, 'hyperparameters/n_epochs'],
    ['a suffix', { suffix: 'mine' }, 400, 'suffix'],
    ['an integration', { integrations: [{ type: 'wandb' }] }, 400, 'integrations'],
  ])('is refused: %s', async (_what, body, status, param) => {
    const { id } = await fileOf(documentLine('Copper Tower'))
    expect(await openAiError(await createJob({ training_file: id, ...body }), status)).toMatchObject({ param })
  })
})
