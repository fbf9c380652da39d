// Postgres that pauses when nobody asks: five minutes without a connection, and it costs its storage alone. Waking takes
// about fifteen seconds, which the first caller waits.
import { network, processes } from './network.ts'
import { isProduction, settings } from './settings.ts'

const access = new aws.ec2.SecurityGroup('DatabaseAccess', {
  description: 'Postgres, for our processes alone',
  vpcId: network.id,
  ingress: [{ protocol: 'tcp', fromPort: 5432, toPort: 5432, securityGroups: [processes.id] }],
})

export const database = new sst.aws.Aurora('Database', {
  engine: 'postgres',
  version: '17',
  vpc: { subnets: network.privateSubnets, securityGroups: [access.id] },
  scaling: { min: '0 ACU', max: settings.databaseAcuMax, pauseAfter: '5 minutes' },
  transform: {
    clusterParameterGroup: (args) => {
      args.parameters = [{ name: 'rds.force_ssl', value: '1' }]
    },
    cluster: (args) => {
      args.storageEncrypted = true
      args.deletionProtection = isProduction
      args.backupRetentionPeriod = settings.databaseBackupDays
      args.skipFinalSnapshot = !isProduction
      args.finalSnapshotIdentifier = `palimpsest-${$app.stage}-final`
      args.allowMajorVersionUpgrade = false
    },
    instance: (args) => {
      args.publiclyAccessible = false
    },
  },
})
