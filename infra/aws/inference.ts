// Inference as a service on GPU machines that scales to zero. What wakes it is the API's own log: a question in the last
// minute brings it up (some four minutes, in which the API answers 503 with Retry-After), a quarter of an hour without
// one takes it down.
import { api } from './api.ts'
import { containerParts } from './container.ts'
import { imageRef } from './image.ts'
import { inferenceName, inferencePort } from './inference-address.ts'
import { createLaunchTemplate, machineProfile } from './machines.ts'
import { network, processes } from './network.ts'
import { settings } from './settings.ts'

const quietSeconds = 900

new aws.vpc.SecurityGroupIngressRule('InferenceFromApi', {
  securityGroupId: processes.id,
  referencedSecurityGroupId: processes.id,
  ipProtocol: 'tcp',
  fromPort: inferencePort,
  toPort: inferencePort,
})

const cluster = new aws.ecs.Cluster('InferenceCluster')
const machineImage = aws.ssm.getParameterOutput({
  name: '/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id',
})
const joinCluster = $interpolate`#!/bin/bash
printf 'ECS_CLUSTER=%s\nECS_ENABLE_GPU_SUPPORT=true\n' ${cluster.name} >> /etc/ecs/ecs.config`

const launchTemplate = createLaunchTemplate('InferenceMachine', {
  imageId: machineImage.value,
  instanceType: 'g6.xlarge',
  iamInstanceProfile: { arn: machineProfile.arn },
  vpcSecurityGroupIds: [processes.id],
  userData: joinCluster.apply((script) => Buffer.from(script).toString('base64')),
})

const machines = new aws.autoscaling.Group('InferenceMachines', {
  minSize: 0,
  maxSize: settings.inferences,
  vpcZoneIdentifiers: network.privateSubnets,
  launchTemplate: { id: launchTemplate.id, version: '$Latest' },
  tags: [{ key: 'AmazonECSManaged', value: 'true', propagateAtLaunch: true }],
})

const capacity = new aws.ecs.CapacityProvider('InferenceCapacity', {
  autoScalingGroupProvider: {
    autoScalingGroupArn: machines.arn,
    managedScaling: { status: 'ENABLED', targetCapacity: 100 },
    managedDraining: 'ENABLED',
  },
})
const capacityOfCluster = new aws.ecs.ClusterCapacityProviders('InferenceCapacityOfCluster', {
  clusterName: cluster.name,
  capacityProviders: [capacity.name],
})

const { executionRole, taskRole, ...container } = containerParts('Inference')

const task = new aws.ecs.TaskDefinition('InferenceTask', {
  family: `palimpsest-${$app.stage}-inference`,
  requiresCompatibilities: ['EC2'],
  networkMode: 'awsvpc',
  cpu: '3072',
  memory: '14000',
  executionRoleArn: executionRole.arn,
  taskRoleArn: taskRole.arn,
  containerDefinitions: $util.jsonStringify([
    {
      ...container,
      name: 'inference',
      image: imageRef,
      command: ['services/inference/main.ts'],
      environment: [...container.environment, { name: 'ENGINE_URL', value: `http://0.0.0.0:${inferencePort}` }],
      portMappings: [{ containerPort: inferencePort }],
      resourceRequirements: [{ type: 'GPU', value: '1' }],
      linuxParameters: { initProcessEnabled: true, tmpfs: [{ containerPath: '/tmp', size: 1024 }] },
      healthCheck: { command: ['CMD', 'node', 'infra/container/check-health.mjs'], startPeriod: 120 },
      stopTimeout: 120,
    },
  ]),
})

const service = new aws.ecs.Service(
  'Inference',
  {
    cluster: cluster.arn,
    taskDefinition: task.arn,
    desiredCount: 0,
    capacityProviderStrategies: [{ capacityProvider: capacity.name, weight: 1 }],
    networkConfiguration: { subnets: network.privateSubnets, securityGroups: [processes.id] },
    serviceRegistries: { registryArn: inferenceName.arn },
    deploymentMinimumHealthyPercent: 0,
  },
  // How many run is the alarms' business.
  { ignoreChanges: ['desiredCount'], dependsOn: [capacityOfCluster] },
)

const scaling = new aws.appautoscaling.Target('InferenceScaling', {
  serviceNamespace: 'ecs',
  scalableDimension: 'ecs:service:DesiredCount',
  resourceId: $interpolate`service/${cluster.name}/${service.name}`,
  minCapacity: 0,
  maxCapacity: settings.inferences,
})

function scaleTo(name: string, count: number): aws.appautoscaling.Policy {
  return new aws.appautoscaling.Policy(name, {
    policyType: 'StepScaling',
    serviceNamespace: scaling.serviceNamespace,
    scalableDimension: scaling.scalableDimension,
    resourceId: scaling.resourceId,
    stepScalingPolicyConfiguration: {
      adjustmentType: 'ExactCapacity',
      stepAdjustments: [
        count === 0
          ? { scalingAdjustment: count, metricIntervalUpperBound: '0' }
          : { scalingAdjustment: count, metricIntervalLowerBound: '0' },
      ],
    },
  })
}

const questions = { namespace: `palimpsest/${$app.stage}`, name: 'Questions' }
const routes = ['/v1/query', '/v1/chat/completions', '/v1/completions']
new aws.cloudwatch.LogMetricFilter('Questions', {
  logGroupName: api.loggingConfig.apply((logging) => logging.logGroup ?? ''),
  pattern: `{ ${routes.map((route) => `$.route = "${route}"`).join(' || ')} }`,
  metricTransformation: { ...questions, value: '1' },
})
const counted = { namespace: questions.namespace, metricName: questions.name, statistic: 'Sum' }

new aws.cloudwatch.MetricAlarm('Asked', {
  ...counted,
  comparisonOperator: 'GreaterThanOrEqualToThreshold',
  threshold: 1,
  period: 60,
  evaluationPeriods: 1,
  treatMissingData: 'notBreaching',
  alarmActions: [scaleTo('InferenceUp', settings.inferences).arn],
})
new aws.cloudwatch.MetricAlarm('Quiet', {
  ...counted,
  comparisonOperator: 'LessThanThreshold',
  threshold: 1,
  period: quietSeconds,
  evaluationPeriods: 1,
  treatMissingData: 'breaching',
  alarmActions: [scaleTo('InferenceDown', 0).arn],
})
