// The trainer's doorman on AWS, called by the clock: queues the evaluations that are due and sees to it that a trainer is
// started wherever work waits and nobody is at it. It loads no TensorFlow.
import { parseConfig } from '../../shared/config.ts'
import { openServerlessDatabase, untilDisconnected } from '../../shared/database/serverless.ts'
import { createLog } from '../../shared/log.ts'
import { readSecrets } from '../../shared/secrets/read-secrets.ts'
import { openAwsBatch } from '../../shared/trainer-jobs/aws-batch.ts'
import { reconcileJobs } from '../../shared/trainer-jobs/submit-jobs.ts'
import { queueDueEvaluation } from '../../shared/updates/queue-evaluation.ts'

const config = parseConfig({ ...process.env, ...(await readSecrets(process.env['SECRETS_PATH'])) })
const log = createLog('trainer', config.logLevel)
const database = openServerlessDatabase(config.databaseUrl, { connectionsMax: 1 })
const batch = openAwsBatch(process.env)

/** Names of the models for which a trainer was started. */
export async function handler(): Promise<{ submitted: string[] }> {
  try {
    while ((await queueDueEvaluation(database.query)) !== undefined);
    const submitted = await reconcileJobs(database.query, batch)
    log.info({ submitted }, 'reconciled')
    return { submitted }
  } finally {
    await untilDisconnected(database)
  }
}
