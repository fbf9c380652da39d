// The tables are brought up to date by each deployment that changes them, before the new code serves: what serves depends
// on it. A migration that fails ends the deployment there.
import { readFileSync } from 'node:fs'
import { database } from './database.ts'
import { createFunction } from './functions.ts'

const migrate = createFunction('Migrate', {
  handler: 'infra/aws/functions/migrate.handler',
  memoryMegabytes: 512,
  timeoutSeconds: 300,
  ...(database.nodes.instance === undefined ? {} : { dependsOn: [database.nodes.instance] }),
})

const journal = readFileSync(`${$cli.paths.root}/migrations/meta/_journal.json`, 'utf8')

export const migration = new aws.lambda.Invocation('Migration', {
  functionName: migrate.name,
  input: JSON.stringify({}),
  triggers: { journal },
})
