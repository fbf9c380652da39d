// The trainer as an AWS Batch job on a GPU machine. One job drains one model's queue and exits; without jobs there is no
// machine. Spot machines first, for a third of the price; where there are none, on demand. A spot machine that is taken
// away costs the step it was at: the job starts again and goes on from the queue.
import { containerParts } from './container.ts'
import { imageRef } from './image.ts'
import { createLaunchTemplate, machineProfile } from './machines.ts'
import { network, processes } from './network.ts'
import type { Statement } from './roles.ts'
import { settings } from './settings.ts'

/** One L4 (g6) or A10G (g5) with 24 GB, 4 vCPU, 16 GiB. */
const instanceTypes = ['g6.xlarge', 'g5.xlarge']
const vcpus = 4
const memoryMebibytes = 14_000
/** Far above any queue that one model should have; what is left starts another job. */
const jobSecondsMax = 6 * 3600
/** A job that no machine was found for in an hour is cancelled and submitted anew by the reconciler. */
const waitSecondsMax = 3600

const launchTemplate = createLaunchTemplate('TrainerMachine')

function createComputeEnvironment(type: 'SPOT' | 'EC2'): aws.batch.ComputeEnvironment {
  return new aws.batch.ComputeEnvironment(type === 'SPOT' ? 'SpotTrainers' : 'OnDemandTrainers', {
    type: 'MANAGED',
    state: 'ENABLED',
    computeResources: {
      type,
      allocationStrategy: type === 'SPOT' ? 'SPOT_PRICE_CAPACITY_OPTIMIZED' : 'BEST_FIT_PROGRESSIVE',
      minVcpus: 0,
      maxVcpus: settings.trainersMax * vcpus,
      instanceTypes,
      instanceRole: machineProfile.arn,
      ec2Configurations: [{ imageType: 'ECS_AL2023_NVIDIA' }],
      launchTemplate: { launchTemplateId: launchTemplate.id, version: '$Latest' },
      subnets: network.privateSubnets,
      securityGroupIds: [processes.id],
    },
  })
}

export const jobQueue = new aws.batch.JobQueue('TrainerJobs', {
  state: 'ENABLED',
  priority: 1,
  computeEnvironmentOrders: (['SPOT', 'EC2'] as const).map((type, index) => ({
    order: index + 1,
    computeEnvironment: createComputeEnvironment(type).arn,
  })),
  jobStateTimeLimitActions: [
    'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
    'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE',
    'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT',
  ].map((reason) => ({ reason, state: 'RUNNABLE', action: 'CANCEL', maxTimeSeconds: waitSecondsMax })),
})

const { executionRole, taskRole, ...container } = containerParts('Trainer')

const jobDefinition = new aws.batch.JobDefinition('TrainerJob', {
  type: 'container',
  platformCapabilities: ['EC2'],
  parameters: { model: 'default' },
  timeout: { attemptDurationSeconds: jobSecondsMax },
  retryStrategy: {
    attempts: 3,
    // Only for a machine that was taken away: what fails by itself would fail again.
    evaluateOnExits: [
      { onStatusReason: 'Host EC2*', action: 'RETRY' },
      { onReason: '*', action: 'EXIT' },
    ],
  },
  containerProperties: $util.jsonStringify({
    ...container,
    image: imageRef,
    command: ['services/trainer/main.ts', '--drain', 'Ref::model'],
    resourceRequirements: [
      { type: 'GPU', value: '1' },
      { type: 'VCPU', value: String(vcpus) },
      { type: 'MEMORY', value: String(memoryMebibytes) },
    ],
    jobRoleArn: taskRole.arn,
    executionRoleArn: executionRole.arn,
    linuxParameters: { initProcessEnabled: true, tmpfs: [{ containerPath: '/tmp', size: 1024 }] },
  }),
})

/** What starts trainers may submit this job to this queue; DescribeJobs knows no narrower resource. */
export const submitJobs: Statement[] = [
  {
    actions: ['batch:SubmitJob'],
    resources: [jobQueue.arn, jobDefinition.arn.apply((arn) => arn.replace(/:\d+$/, '')), jobDefinition.arn],
  },
]
export const describeJobs: Statement = { actions: ['batch:DescribeJobs'], resources: ['*'] }

export const submitEnvironment = {
  TRAINER_JOB_QUEUE: jobQueue.arn,
  TRAINER_JOB_DEFINITION: jobDefinition.arn,
}
