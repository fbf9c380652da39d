// Lambda functions: small code in front of the database, in its network. All are out of one folder of bundles.
import { execFileSync } from 'node:child_process'
import { bucket } from './bucket.ts'
import { network, processes } from './network.ts'
import { createRole, writeLog, type Statement } from './roles.ts'
import { apiKeyParameter, databaseUrl, secretsPath } from './secrets.ts'
import { settings } from './settings.ts'

interface FunctionOptions {
  /** The file and its export, as in the repository. */
  handler: string
  memoryMegabytes: number
  timeoutSeconds: number
  statements?: Statement[]
  environment?: Record<string, $util.Input<string>>
  /** As many as AWS gives without it. */
  atOnceMax?: number
  dependsOn?: $util.Resource[]
}

const folder = `${$cli.paths.root}/dist/functions`
// A process of its own: SST moves the code of this file, and the builder looks for files beside itself.
execFileSync('node', ['infra/aws/build-functions.mjs', folder], { cwd: $cli.paths.root, stdio: 'inherit' })

/** What the images hold, too (infra/container/Dockerfile). */
export const baseModel = '/opt/palimpsest/base/SmolLM2-135M-Instruct.Q4_1.gguf'

// Lambda makes a network interface for each function in a network; AWS knows no narrower resource for it.
const reachNetwork: Statement = {
  actions: [
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeVpcs',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ],
  resources: ['*'],
}

export function createFunction(name: string, options: FunctionOptions): aws.lambda.Function {
  const logs = new aws.cloudwatch.LogGroup(`${name}Logs`, {
    name: `/aws/lambda/palimpsest-${$app.stage}-${name}`,
    retentionInDays: settings.logDays,
  })
  const readSecrets = {
    actions: ['ssm:GetParametersByPath'],
    resources: [databaseUrl.arn.apply((arn) => arn.replace(/DATABASE_URL$/, '*'))],
  }
  const statements = [writeLog(logs), reachNetwork, readSecrets, ...(options.statements ?? [])]
  return new aws.lambda.Function(
    name,
    {
      name: `palimpsest-${$app.stage}-${name}`,
      role: createRole(`${name}Role`, 'lambda.amazonaws.com', statements).arn,
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      code: new $util.asset.FileArchive(folder),
      handler: options.handler,
      memorySize: options.memoryMegabytes,
      timeout: options.timeoutSeconds,
      reservedConcurrentExecutions: options.atOnceMax ?? -1,
      vpcConfig: { subnetIds: network.privateSubnets, securityGroupIds: [processes.id] },
      loggingConfig: { logFormat: 'Text', logGroup: logs.name },
      environment: {
        variables: {
          SECRETS_PATH: secretsPath,
          S3_BUCKET: bucket.name,
          BASE_MODEL: baseModel,
          // Amazon's own authorities, among them the database's.
          NODE_EXTRA_CA_CERTS: '/var/runtime/ca-cert.pem',
          ...options.environment,
        },
      },
    },
    { dependsOn: [logs, apiKeyParameter, ...(options.dependsOn ?? [])] },
  )
}
