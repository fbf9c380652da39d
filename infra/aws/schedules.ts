// What is called by the clock: the reconciler, which also queues the evaluations that are due, and the notifier. When a
// trainer's job ends the notifier is called too, as there may be news; the reconciler is not, so that an image whose jobs
// always fail costs one machine's start for each turn of the clock and no more.
import { url } from './api.ts'
import { createFunction } from './functions.ts'
import { migration } from './migration.ts'
import { createRole } from './roles.ts'
import { settings } from './settings.ts'
import { describeJobs, jobQueue, submitEnvironment, submitJobs } from './trainer.ts'

export const reconciler = createFunction('Reconciler', {
  handler: 'services/trainer/lambda.handler',
  memoryMegabytes: 512,
  timeoutSeconds: 120,
  atOnceMax: 1,
  statements: [...submitJobs, describeJobs],
  environment: submitEnvironment,
  dependsOn: [migration],
})

export const notifier = createFunction('Notifier', {
  handler: 'services/notifier/lambda.handler',
  memoryMegabytes: 512,
  // Long enough for the second try, five minutes after the first.
  timeoutSeconds: 600,
  atOnceMax: 1,
  environment: { PUBLIC_URL: url },
  dependsOn: [migration],
})

const called = [reconciler, notifier]
const clock = createRole('Clock', 'scheduler.amazonaws.com', [
  { actions: ['lambda:InvokeFunction'], resources: called.map(({ arn }) => arn) },
])
for (const [name, { arn }] of Object.entries({ Reconcile: reconciler, Notify: notifier })) {
  new aws.scheduler.Schedule(name, {
    scheduleExpression: `rate(${settings.sweepMinutes} minutes)`,
    flexibleTimeWindow: { mode: 'OFF' },
    target: { arn, roleArn: clock.arn, retryPolicy: { maximumRetryAttempts: 1 } },
  })
}

const jobEnds = new aws.cloudwatch.EventRule('JobEnds', {
  eventPattern: $util.jsonStringify({
    source: ['aws.batch'],
    'detail-type': ['Batch Job State Change'],
    detail: { jobQueue: [jobQueue.arn], status: ['SUCCEEDED', 'FAILED'] },
  }),
})
new aws.cloudwatch.EventTarget('JobEndsNotifier', { rule: jobEnds.name, arn: notifier.arn })
new aws.lambda.Permission('JobEndsNotifierPermission', {
  function: notifier.name,
  action: 'lambda:InvokeFunction',
  principal: 'events.amazonaws.com',
  sourceArn: jobEnds.arn,
})
