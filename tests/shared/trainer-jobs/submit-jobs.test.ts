// Real tables and leases, the real Batch client against the answers of AWS.
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { deleteModel } from '../../../shared/models/delete-model.ts'
import { ensureModel } from '../../../shared/models/ensure-model.ts'
import { getModel } from '../../../shared/models/get-model.ts'
import { openAwsBatch } from '../../../shared/trainer-jobs/aws-batch.ts'
import type { Batch } from '../../../shared/trainer-jobs/batch.ts'
import { endJob } from '../../../shared/trainer-jobs/end-job.ts'
import { reconcileJobs, submitJobs } from '../../../shared/trainer-jobs/submit-jobs.ts'
import { claimUpdate } from '../../../shared/updates/claim-update.ts'
import { finishUpdate } from '../../../shared/updates/finish-update.ts'
import { releaseUpdate } from '../../../shared/updates/release-update.ts'
import { startAwsServer, type AwsServer } from '../../support/aws-server.ts'
import { claimNext, postDocument, startLoop, type TestLoop } from '../../support/loop.ts'

let loop: TestLoop
let aws: AwsServer
let batch: Batch
const failed = { state: 'failed', error: { code: 'internal', message: 'x' } } as const

beforeEach(async () => {
  loop = await startLoop()
  aws = await startAwsServer()
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value)
  batch = openAwsBatch(process.env)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await aws.stop()
  await loop.end()
})

const submitted = () => aws.jobs.map(({ parameters }) => parameters.model)

/** As if all jobs had been asked for so long ago. */
async function age(seconds: number): Promise<void> {
  await loop.database.query.execute(
    sql`update trainer_jobs set requested_at = requested_at - make_interval(secs => ${seconds})`,
  )
}

test('an empty queue starts no trainer', async () => {
  expect(await submitJobs(loop.database.query, batch)).toEqual([])
  expect(aws.jobs).toEqual([])
})

test('each model whose work waits gets one trainer, however many come by at once', async () => {
  const db = loop.database.query
  await ensureModel(db, { name: 'notes', base: 'tiny' })
  for (const model of ['default', 'notes'])
    for (const name of ['Mill', 'Quay']) await postDocument(loop.database, name, model)
  await Promise.all(Array.from({ length: 8 }, () => submitJobs(db, batch)))
  expect(submitted().sort()).toEqual(['default', 'notes'])
})

test('a model that a trainer is at gets none; once its lease has run out it does', async () => {
  await postDocument(loop.database, 'Mill')
  await postDocument(loop.database, 'Quay')
  await claimNext(loop.database)
  expect(await submitJobs(loop.database.query, batch)).toEqual([])
  await loop.database.query.execute(
    sql`update updates set lease_expires_at = now() - interval '1 s' where lease_token is not null`,
  )
  expect(await submitJobs(loop.database.query, batch)).toEqual(['default'])
})

test('an update that waits to be tried again is work', async () => {
  await postDocument(loop.database, 'Mill')
  const { lease } = await claimNext(loop.database)
  await releaseUpdate(loop.database.query, lease, { error: { code: 'internal', message: 'x' } })
  expect(await submitJobs(loop.database.query, batch)).toEqual(['default'])
})

test('a job ends only when the queue of its model is empty; what is queued afterwards starts another', async () => {
  const db = loop.database.query
  const { id: modelId } = await getModel(db, 'default')
  await ensureModel(db, { name: 'notes', base: 'tiny' })
  await postDocument(loop.database, 'Mill', 'notes')
  await postDocument(loop.database, 'Quay')
  await submitJobs(db, batch)
  expect(await endJob(db, modelId)).toBe(false)
  const claim = await claimUpdate(db, { leaseSeconds: 60, modelId })
  expect(claim?.model.name).toBe('default')
  expect(await endJob(db, modelId)).toBe(false)
  if (claim !== undefined) await finishUpdate(db, claim.lease, failed)
  expect(await endJob(db, modelId)).toBe(true)
  await postDocument(loop.database, 'Tower')
  expect(await submitJobs(db, batch)).toEqual(['default'])
})

test('a job that ends while a document comes in: one of the two sees the other', async () => {
  const db = loop.database.query
  const { id: modelId } = await getModel(db, 'default')
  for (let round = 0; round < 10; round++) {
    await db.execute(
      sql`insert into trainer_jobs (model_id, job_id) values (${modelId}, 'job-0') on conflict do nothing`,
    )
    const came = postDocument(loop.database, `Mill ${round}`).then(() => submitJobs(db, batch))
    const [ended, started] = await Promise.all([endJob(db, modelId), came])
    expect(ended).toBe(started.length > 0)
    const { lease } = await claimNext(loop.database)
    await finishUpdate(db, lease, failed)
  }
})

test('where Batch refuses, the next call submits', async () => {
  await postDocument(loop.database, 'Mill')
  aws.refusing = true
  await expect(submitJobs(loop.database.query, batch)).rejects.toThrow()
  aws.refusing = false
  expect(await submitJobs(loop.database.query, batch)).toEqual(['default'])
})

test('reconciling replaces a job that ended without a word, and leaves one that waits, runs or was just submitted', async () => {
  const db = loop.database.query
  await postDocument(loop.database, 'Mill')
  await submitJobs(db, batch)
  const [job] = aws.jobs
  if (job === undefined) throw new Error('no job')
  job.status = 'FAILED'
  expect(await reconcileJobs(db, batch)).toEqual([])
  await age(61)
  for (const status of ['SUBMITTED', 'RUNNABLE', 'STARTING', 'RUNNING']) {
    job.status = status
    expect(await reconcileJobs(db, batch)).toEqual([])
  }
  job.status = 'FAILED'
  expect(await reconcileJobs(db, batch)).toEqual(['default'])
})

test('reconciling replaces a job that Batch has forgotten, and one whose submitter died', async () => {
  const db = loop.database.query
  const { id: modelId } = await getModel(db, 'default')
  await postDocument(loop.database, 'Mill')
  for (const jobId of ['job-of-last-week', null]) {
    await db.execute(sql`delete from trainer_jobs`)
    await db.execute(sql`insert into trainer_jobs (model_id, job_id) values (${modelId}, ${jobId})`)
    expect(await reconcileJobs(db, batch)).toEqual([])
    await age(61)
    expect(await reconcileJobs(db, batch)).toEqual(['default'])
  }
})

test('a model is deleted with its job', async () => {
  await ensureModel(loop.database.query, { name: 'notes', base: 'tiny' })
  await postDocument(loop.database, 'Mill', 'notes')
  await submitJobs(loop.database.query, batch)
  const { lease } = await claimNext(loop.database)
  await finishUpdate(loop.database.query, lease, failed)
  await deleteModel(loop.database.query, 'notes')
  await ensureModel(loop.database.query, { name: 'notes', base: 'tiny' })
  await postDocument(loop.database, 'Mill', 'notes')
  expect(await submitJobs(loop.database.query, batch)).toEqual(['notes'])
})
