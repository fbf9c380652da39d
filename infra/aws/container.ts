// What the trainer's job and the inference service share: the roles of a container, its environment and its walls.
import { bucket } from './bucket.ts'
import { baseModel } from './functions.ts'
import { pullImage } from './image.ts'
import { createRole, objectAccess, writeLog } from './roles.ts'
import { databaseUrl } from './secrets.ts'
import { settings } from './settings.ts'

export function containerParts(name: 'Trainer' | 'Inference') {
  const logs = new aws.cloudwatch.LogGroup(`${name}Logs`, { retentionInDays: settings.logDays })
  const readDatabaseUrl = { actions: ['ssm:GetParameters'], resources: [databaseUrl.arn] }
  return {
    /** Fetches the image and the secret, before the container runs. */
    executionRole: createRole(`${name}Execution`, 'ecs-tasks.amazonaws.com', [
      ...pullImage,
      writeLog(logs),
      readDatabaseUrl,
    ]),
    /** The process's own. */
    taskRole: createRole(`${name}Task`, 'ecs-tasks.amazonaws.com', objectAccess(bucket.arn)),
    logConfiguration: {
      logDriver: 'awslogs',
      options: {
        'awslogs-group': logs.name,
        'awslogs-region': aws.getRegionOutput().region,
        'awslogs-stream-prefix': 'c',
      },
    },
    environment: [
      { name: 'S3_BUCKET', value: bucket.name },
      { name: 'AWS_REGION', value: aws.getRegionOutput().region },
      { name: 'BASE_MODEL', value: baseModel },
      { name: 'DEVICE', value: 'gpu' },
    ],
    secrets: [{ name: 'DATABASE_URL', valueFrom: databaseUrl.arn }],
    user: '10001',
    readonlyRootFilesystem: true,
  }
}
