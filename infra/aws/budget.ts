// The guard over the bill: told at four fifths of the month's budget, and at all of it no more trainers are started.
// Documents are still taken, questions still answered; the queue waits until somebody lifts the guard in the console.
import { api } from './api.ts'
import { topic } from './alarms.ts'
import { createRole } from './roles.ts'
import { reconciler } from './schedules.ts'
import { settings } from './settings.ts'
import { jobQueue } from './trainer.ts'

const budget = new aws.budgets.Budget('Budget', {
  budgetType: 'COST',
  limitAmount: String(settings.budgetUsd),
  limitUnit: 'USD',
  timeUnit: 'MONTHLY',
  notifications: (['ACTUAL', 'FORECASTED'] as const).map((notificationType) => ({
    notificationType,
    comparisonOperator: 'GREATER_THAN',
    threshold: notificationType === 'ACTUAL' ? 80 : 100,
    thresholdType: 'PERCENTAGE',
    subscriberSnsTopicArns: [topic.arn],
  })),
})

const noTrainers = new aws.iam.Policy('NoTrainers', {
  policy: $util.jsonStringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: ['batch:SubmitJob'], Resource: [jobQueue.arn] }],
  }),
})
const submitters = [api, reconciler].map(({ role }) => role.apply((arn) => arn.split('/').at(-1) ?? arn))
const guard = createRole('BudgetGuard', 'budgets.amazonaws.com', [
  { actions: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'], resources: [api.role, reconciler.role] },
])

new aws.budgets.BudgetAction('StopTrainers', {
  budgetName: budget.name,
  actionType: 'APPLY_IAM_POLICY',
  approvalModel: 'AUTOMATIC',
  notificationType: 'ACTUAL',
  executionRoleArn: guard.arn,
  actionThreshold: { actionThresholdType: 'PERCENTAGE', actionThresholdValue: 100 },
  definition: { iamActionDefinition: { policyArn: noTrainers.arn, roles: submitters } },
  subscribers: [{ subscriptionType: 'SNS', address: topic.arn }],
})
