// The API as a Lambda function behind a function URL. Answers are streamed, as event streams and chats must be. A
// request that may have queued work ends with starting a trainer: the function is frozen once it has answered.
import { Hono } from 'hono'
import { streamHandle } from 'hono/aws-lambda'
import { parseConfig } from '../../shared/config.ts'
import { openServerlessDatabase, untilDisconnected } from '../../shared/database/serverless.ts'
import { AppError } from '../../shared/errors.ts'
import { createLog } from '../../shared/log.ts'
import { readSecrets } from '../../shared/secrets/read-secrets.ts'
import { openAwsBatch } from '../../shared/trainer-jobs/aws-batch.ts'
import { submitJobs } from '../../shared/trainer-jobs/submit-jobs.ts'
import { openApp } from './open-app.ts'

const config = parseConfig({ ...process.env, ...(await readSecrets(process.env['SECRETS_PATH'])) })
const log = createLog('api', config.logLevel)
// One request at a time in each instance of the function; its parts ask side by side.
const database = openServerlessDatabase(config.databaseUrl, {
  connectionsMax: 2,
  onIdleError: (error) => log.warn({ err: error }, 'an idle connection to the database broke'),
})
const { apiKey } = config
if (apiKey === undefined) throw new AppError('invalid_request', 'There is no key: set PALIMPSEST_API_KEY.')
const app = openApp(config, { database, apiKey, log, shutdown: new AbortController().signal })
const batch = openAwsBatch(process.env)

const submitting = new Hono()
submitting.all('*', async (c) => {
  const response = await app.fetch(c.req.raw, c.env)
  if (c.req.method !== 'GET' && response.ok) {
    // What is not submitted now is at the next reconciliation.
    await submitJobs(database.query, batch).catch((error: unknown) =>
      log.error({ err: error }, 'no trainer could be started'),
    )
  }
  return response
})

type StreamHandler = ReturnType<typeof streamHandle>
/** Lambda's own. */
declare const awslambda: { streamifyResponse(handler: StreamHandler): StreamHandler }

const answer = streamHandle(submitting)
export const handler = awslambda.streamifyResponse(async (...call) => {
  await answer(...call)
  await untilDisconnected(database)
})
