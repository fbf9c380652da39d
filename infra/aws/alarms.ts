// Who is told when something is wrong: one address, set by `npx sst@4.17.1 secret set AlarmEmail you@example.com`.
import { api } from './api.ts'
import { database } from './database.ts'
import { notifier, reconciler } from './schedules.ts'
import { settings } from './settings.ts'
import { jobQueue } from './trainer.ts'

const email = new sst.Secret('AlarmEmail')
export const topic = new aws.sns.Topic('Alarms')
new aws.sns.TopicSubscription('AlarmsByEmail', { topic: topic.arn, protocol: 'email', endpoint: email.value })

type Watched = Pick<
  aws.cloudwatch.MetricAlarmArgs,
  'namespace' | 'metricName' | 'dimensions' | 'statistic' | 'threshold'
>

function createAlarm(name: string, alarmDescription: string, watched: Watched): void {
  new aws.cloudwatch.MetricAlarm(name, {
    alarmDescription,
    ...watched,
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    period: 300,
    evaluationPeriods: 1,
    treatMissingData: 'notBreaching',
    alarmActions: [topic.arn],
    okActions: [topic.arn],
  })
}

for (const [name, { name: FunctionName }] of Object.entries({ Api: api, Reconciler: reconciler, Notifier: notifier })) {
  createAlarm(`${name}Fails`, `${name} ended with an error: its log group says why`, {
    namespace: 'AWS/Lambda',
    metricName: 'Errors',
    dimensions: { FunctionName },
    statistic: 'Sum',
    threshold: 1,
  })
}
createAlarm('ApiAtItsLimit', 'calls are refused: more at once than the stage allows', {
  namespace: 'AWS/Lambda',
  metricName: 'Throttles',
  dimensions: { FunctionName: api.name },
  statistic: 'Sum',
  threshold: 1,
})
createAlarm('DatabaseAtItsLimit', 'the database is as large as the stage lets it grow', {
  namespace: 'AWS/RDS',
  metricName: 'ServerlessDatabaseCapacity',
  dimensions: { DBClusterIdentifier: database.id },
  statistic: 'Average',
  threshold: Number.parseFloat(settings.databaseAcuMax),
})

const jobFails = new aws.cloudwatch.EventRule('JobFails', {
  description: 'a trainer’s job failed, was cancelled or ran into its time limit',
  eventPattern: $util.jsonStringify({
    source: ['aws.batch'],
    'detail-type': ['Batch Job State Change'],
    detail: { jobQueue: [jobQueue.arn], status: ['FAILED'] },
  }),
})
new aws.cloudwatch.EventTarget('JobFailsAlarm', { rule: jobFails.name, arn: topic.arn })
new aws.sns.TopicPolicy('AlarmSenders', {
  arn: topic.arn,
  policy: $util.jsonStringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: ['events.amazonaws.com', 'cloudwatch.amazonaws.com', 'budgets.amazonaws.com'] },
        Action: 'sns:Publish',
        Resource: topic.arn,
        Condition: { StringEquals: { 'aws:SourceAccount': aws.getCallerIdentityOutput().accountId } },
      },
    ],
  }),
})
