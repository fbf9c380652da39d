// What is called by the clock and by the end of a trainer's job: the reconciler, which also queues the evaluations that
// are due, and the notifier.
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
for (const [name, target] of Object.entries({ Reconciler: reconciler, Notifier: notifier })) {
  new aws.cloudwatch.EventTarget(`JobEnds${name}`, { rule: jobEnds.name, arn: target.arn })
  new aws.lambda.Permission(`JobEnds${name}Permission`, {
    function: target.name,
    action: 'lambda:InvokeFunction',
    principal: 'events.amazonaws.com',
    sourceArn: jobEnds.arn,
  })
}
