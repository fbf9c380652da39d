// The promises of a deployment, read off what it would ask AWS for. It has never been deployed.
import { beforeAll, describe, expect, test } from 'vitest'
import { isPlatformInstalled, synthesize, type Stage, type Synthesized } from '../../support/synthesize.ts'

let dev: Stage
let production: Stage
const both = (): Stage[] => [dev, production]

function all(stage: Stage, type: string): Synthesized[] {
  return stage.resources.filter((resource) => resource.type.endsWith(`:${type}`) && !resource.type.startsWith('sst:'))
}

/** The inputs of the one resource of the type, or of the one with the name. */
function one(stage: Stage, type: string, name?: string): Record<string, unknown> {
  const found = all(stage, type).filter((resource) => name === undefined || resource.name === name)
  expect(found.map((resource) => resource.name)).toHaveLength(1)
  return found[0]?.inputs ?? {}
}

interface Statement {
  Effect: string
  Action: string | string[]
  Resource: string | string[]
}

/** Of each of our own roles and policies. */
function statements(stage: Stage): { of: string; statement: Statement }[] {
  const texts = stage.resources.flatMap(({ type, name, inputs }) => {
    if (/:(Policy|RolePolicy|TopicPolicy)$/.test(type)) return [{ of: name, text: (inputs['policy'] ?? '') as string }]
    const inline = (inputs['inlinePolicies'] ?? []) as { policy: string }[]
    return type.endsWith(':Role') ? inline.map(({ policy }) => ({ of: name, text: policy })) : []
  })
  return texts
    .filter(({ text }) => text !== '')
    .flatMap(({ of, text }) =>
      (JSON.parse(text) as { Statement: Statement[] }).Statement.map((statement) => ({ of, statement })),
    )
}

interface Container {
  image: string
  command: string[]
  user: string
  readonlyRootFilesystem: boolean
  environment: { name: string; value: string }[]
  secrets: { name: string; valueFrom: string }[]
  resourceRequirements: { type: string; value: string }[]
}

const trainer = (stage: Stage) =>
  JSON.parse(String(one(stage, 'JobDefinition')['containerProperties'])) as Container & { jobRoleArn: string }
const inference = (stage: Stage): Container => {
  const [container] = JSON.parse(String(one(stage, 'TaskDefinition')['containerDefinitions'])) as Container[]
  if (container === undefined) throw new Error('no container')
  return container
}

describe.skipIf(!isPlatformInstalled)('a deployment', () => {
  beforeAll(async () => {
    dev = await synthesize('dev')
    production = await synthesize('production')
  }, 300_000)

  test('of production cannot be removed, and its data outlives it; a stage for trying leaves nothing', () => {
    expect(production.app).toMatchObject({ protect: true, removal: 'retain' })
    expect(dev.app).toMatchObject({ protect: false, removal: 'remove' })
    const retained = production.resources.filter((resource) => resource.retained).map(({ name }) => name)
    expect(retained).toEqual(expect.arrayContaining(['DatabaseCluster', 'ObjectsBucket', 'NetworkVpc']))
    expect(dev.resources.filter((resource) => resource.retained)).toEqual([])
    expect(one(production, 'Cluster', 'DatabaseCluster')).toMatchObject({
      deletionProtection: true,
      skipFinalSnapshot: false,
      backupRetentionPeriod: 14,
    })
    expect(one(production, 'Bucket')).toMatchObject({ forceDestroy: false })
    expect(one(dev, 'Cluster', 'DatabaseCluster')).toMatchObject({ deletionProtection: false, skipFinalSnapshot: true })
    expect(one(dev, 'Bucket')).toMatchObject({ forceDestroy: true })
  })

  test('has a database of Postgres 17 that pauses when idle, is encrypted, and is reached by our processes alone', () => {
    for (const stage of both()) {
      const cluster = one(stage, 'Cluster', 'DatabaseCluster')
      expect(cluster).toMatchObject({
        engine: 'aurora-postgresql',
        engineVersion: '17',
        storageEncrypted: true,
        serverlessv2ScalingConfiguration: { minCapacity: 0, secondsUntilAutoPause: 300 },
        vpcSecurityGroupIds: ['DatabaseAccess'],
      })
      expect(one(stage, 'ClusterInstance')).toMatchObject({ publiclyAccessible: false })
      expect(one(stage, 'SubnetGroup')).toEqual(
        expect.objectContaining({ subnetIds: ['NetworkPrivateSubnet1', 'NetworkPrivateSubnet2'] }),
      )
      expect(one(stage, 'SecurityGroup', 'DatabaseAccess')['ingress']).toEqual([
        { protocol: 'tcp', fromPort: 5432, toPort: 5432, securityGroups: ['Processes'] },
      ])
      expect(one(stage, 'ClusterParameterGroup')['parameters']).toEqual([{ name: 'rds.force_ssl', value: '1' }])
    }
  })

  test('has a bucket that is private, encrypted, versioned, and tidies up after uploads', () => {
    for (const stage of both()) {
      expect(one(stage, 'BucketPublicAccessBlock')).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      })
      expect(one(stage, 'BucketVersioning')).toMatchObject({ versioningConfiguration: { status: 'Enabled' } })
      expect(one(stage, 'BucketServerSideEncryptionConfiguration')).toMatchObject({
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
      })
      expect(one(stage, 'BucketLifecycleConfiguration')['rules']).toEqual([
        expect.objectContaining({
          abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          noncurrentVersionExpiration: { noncurrentDays: 30 },
        }),
        expect.objectContaining({ filter: { prefix: 'uploads/' }, expiration: { days: 2 } }),
      ])
    }
  })

  test('trains on one GPU a job, on no machine without a job, spot before on demand', () => {
    for (const stage of both()) {
      const environments = all(stage, 'ComputeEnvironment')
      for (const { inputs } of environments)
        expect(inputs['computeResources']).toMatchObject({
          minVcpus: 0,
          instanceTypes: ['g6.xlarge', 'g5.xlarge'],
          subnets: ['NetworkPrivateSubnet1', 'NetworkPrivateSubnet2'],
        })
      const typeOf = (arn: string): unknown => {
        const { inputs } = environments.find(({ name }) => arn.endsWith(name)) ?? {}
        return (inputs?.['computeResources'] as { type: string }).type
      }
      const orders = one(stage, 'JobQueue')['computeEnvironmentOrders'] as {
        order: number
        computeEnvironment: string
      }[]
      expect(orders.map(({ order, computeEnvironment }) => [order, typeOf(computeEnvironment)])).toEqual([
        [1, 'SPOT'],
        [2, 'EC2'],
      ])
      expect(trainer(stage).resourceRequirements).toContainEqual({ type: 'GPU', value: '1' })
      expect(trainer(stage).command).toEqual(['services/trainer/main.ts', '--drain', 'Ref::model'])
    }
  })

  test('limits how long a job runs and waits, and starts it again only where its machine was taken away', () => {
    for (const stage of both()) {
      const definition = one(stage, 'JobDefinition')
      expect(definition['timeout']).toEqual({ attemptDurationSeconds: 21_600 })
      expect(definition['retryStrategy']).toEqual({
        attempts: 3,
        evaluateOnExits: [
          { onStatusReason: 'Host EC2*', action: 'RETRY' },
          { onReason: '*', action: 'EXIT' },
        ],
      })
      const limits = one(stage, 'JobQueue')['jobStateTimeLimitActions'] as { reason: string }[]
      expect(new Set(limits.map(({ reason }) => reason)).size).toBe(3)
      for (const limit of limits)
        expect(limit).toMatchObject({ state: 'RUNNABLE', action: 'CANCEL', maxTimeSeconds: 3600 })
    }
  })

  test('answers on one GPU each, from none to as many as the stage has, woken by questions', () => {
    for (const [stage, most] of [
      [dev, 1],
      [production, 2],
    ] as const) {
      expect(inference(stage).resourceRequirements).toEqual([{ type: 'GPU', value: '1' }])
      expect(one(stage, 'Group')).toMatchObject({ minSize: 0, maxSize: most })
      expect(one(stage, 'Service', 'Inference')).toMatchObject({ desiredCount: 0 })
      expect(one(stage, 'Target')).toMatchObject({ minCapacity: 0, maxCapacity: most })
      expect(one(stage, 'MetricAlarm', 'Asked')).toMatchObject({ threshold: 1, period: 60 })
      expect(one(stage, 'MetricAlarm', 'Quiet')).toMatchObject({ treatMissingData: 'breaching', period: 900 })
    }
  })

  test('runs its containers without root, on a read-only root, of one image named by its digest', () => {
    for (const stage of both())
      for (const container of [trainer(stage), inference(stage)])
        expect(container).toMatchObject({
          user: '10001',
          readonlyRootFilesystem: true,
          image: 'registry/images@sha256:1',
        })
  })

  test('keeps secrets in SSM, encrypted, and out of environments, code and logs', () => {
    for (const stage of both()) {
      const parameters = all(stage, 'Parameter').map(({ inputs }) => inputs)
      expect(parameters.map(({ name }) => name).sort()).toEqual([
        `/palimpsest/${stage === dev ? 'dev' : 'production'}/DATABASE_URL`,
        `/palimpsest/${stage === dev ? 'dev' : 'production'}/PALIMPSEST_API_KEY`,
      ])
      for (const { type } of parameters) expect(type).toBe('SecureString')
      const others = stage.resources.filter(({ type }) => !/:(Parameter|Secret|SecretVersion)$/.test(type))
      const text = JSON.stringify(others.filter(({ name }) => name !== 'DatabaseCluster'))
      expect(text).not.toContain('a-secret-of-the-stage')
      expect(text).not.toContain('postgres://')
      expect(trainer(stage).secrets.map(({ name }) => name)).toEqual(['DATABASE_URL'])
    }
  })

  test('gives roles no action of all kinds, and all resources only where AWS knows no narrower one', () => {
    const unnarrowable = [
      /^ec2:(Describe|Create|Delete)NetworkInterfaces?$/,
      /^ec2:Describe(Subnets|SecurityGroups|Vpcs)$/,
      /^ec2:(Una|A)ssignPrivateIpAddresses$/,
      /^ecr:GetAuthorizationToken$/,
      /^batch:DescribeJobs$/,
    ]
    for (const stage of both()) {
      const found = statements(stage).filter(({ of }) => !of.startsWith('Network') && of !== 'ObjectsPolicy')
      expect(new Set(found.map(({ of }) => of)).size).toBeGreaterThan(9)
      for (const { of, statement } of found) {
        const actions = [statement.Action].flat()
        const resources = [statement.Resource].flat()
        for (const action of actions) expect(`${of}: ${action}`).not.toContain('*')
        if (resources.includes('*'))
          for (const action of actions)
            expect(
              unnarrowable.some((one) => one.test(action)),
              `${of}: ${action}`,
            ).toBe(true)
      }
    }
  })

  test('lets a trainer read and write objects and nothing else of AWS', () => {
    const own = statements(dev).filter(({ of }) => of === 'TrainerTask')
    expect(own.flatMap(({ statement }) => statement.Action).sort()).toEqual([
      's3:AbortMultipartUpload',
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
    ])
  })

  test('lets nothing in but calls of the API, which streams its answers', () => {
    for (const stage of both()) {
      expect(one(stage, 'FunctionUrl')).toMatchObject({ authorizationType: 'NONE', invokeMode: 'RESPONSE_STREAM' })
      const groups = all(stage, 'SecurityGroup').concat(all(stage, 'SecurityGroupIngressRule'))
      expect(JSON.stringify(groups.map(({ inputs }) => [inputs['ingress'], inputs['cidrIpv4']]))).not.toContain(
        '0.0.0.0/0',
      )
      for (const { inputs } of all(stage, 'Function'))
        expect(inputs['vpcConfig']).toMatchObject({
          subnetIds: ['NetworkPrivateSubnet1', 'NetworkPrivateSubnet2'],
          securityGroupIds: ['Processes'],
        })
      for (const { inputs } of all(stage, 'LaunchTemplate'))
        expect(inputs).toMatchObject({
          metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
          blockDeviceMappings: [{ ebs: { encrypted: 'true' } }],
        })
    }
  })

  test('migrates before the new code serves, whenever the migrations change', () => {
    const names = dev.resources.map(({ name }) => name)
    for (const served of ['Api', 'Reconciler', 'Notifier'])
      expect(names.indexOf('Migration')).toBeLessThan(names.indexOf(served))
    expect(names.indexOf('Migration')).toBeGreaterThan(names.indexOf('DatabaseInstance'))
    expect(String((one(dev, 'Invocation')['triggers'] as { journal: string }).journal)).toContain('0000_init')
  })

  test('calls reconciler and notifier by the clock, and at the end of a job the notifier alone, so that failing jobs do not spin', () => {
    for (const [stage, minutes] of [
      [dev, 60],
      [production, 15],
    ] as const) {
      expect(all(stage, 'Schedule').map(({ inputs }) => inputs['scheduleExpression'])).toEqual(
        Array(2).fill(`rate(${minutes} minutes)`),
      )
      const targets = all(stage, 'EventTarget').filter(({ inputs }) => inputs['rule'] === 'JobEnds')
      expect(targets.map(({ inputs }) => String(inputs['arn']).split('-').at(-1)).sort()).toEqual(['Notifier'])
    }
  })

  test('raises alarms, tells of the budget, and starts no more trainers once it is used up', () => {
    for (const [stage, dollars] of [
      [dev, '50'],
      [production, '500'],
    ] as const) {
      const alarms = all(stage, 'MetricAlarm').filter(({ inputs }) =>
        JSON.stringify(inputs['alarmActions']).includes('Alarms'),
      )
      expect(alarms.map(({ name }) => name).sort()).toEqual([
        'ApiAtItsLimit',
        'ApiFails',
        'DatabaseAtItsLimit',
        'NotifierFails',
        'ReconcilerFails',
      ])
      expect(one(stage, 'Budget')).toMatchObject({ limitAmount: dollars, timeUnit: 'MONTHLY' })
      const action = one(stage, 'BudgetAction')
      expect(action).toMatchObject({ actionType: 'APPLY_IAM_POLICY', approvalModel: 'AUTOMATIC' })
      expect(JSON.stringify(action['definition'])).toMatch(/ApiRole.*ReconcilerRole/)
      const denied = statements(stage).find(({ of }) => of === 'NoTrainers')?.statement
      expect(denied).toMatchObject({ Effect: 'Deny', Action: ['batch:SubmitJob'] })
    }
  })
})
