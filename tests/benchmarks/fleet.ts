// `npm run bench:fleet`: many trainers on one queue. Fifty models with forty updates each, worked off by eight processes
// whose training is a wait of known length: what is left is what the queue costs. Brings a Postgres of its own.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { applyMigrations } from '../../infra/local/migrations.ts'
import { startPostgres } from '../../infra/local/postgres.ts'
import { runFleet } from '../support/fleet/run-fleet.ts'

const help = `Usage: npm run bench:fleet [-- FLAGS]

  --trainers N   processes (8)
  --models N     models (50)
  --updates N    updates of each model (40)
  --work-ms N    what the training of an update takes (500)

Ends with 1 when two ran at once on a model, an update was out of its order or not promoted, or when less than .8 of the
ideal throughput was reached.
`

const { values } = parseArgs({
  options: {
    trainers: { type: 'string', default: '8' },
    models: { type: 'string', default: '50' },
    updates: { type: 'string', default: '40' },
    'work-ms': { type: 'string', default: '500' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) console.log(help)
else process.exitCode = (await measure()) ? 0 : 1

async function measure(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-bench-fleet-'))
  await chmod(folder, 0o711) // the database's user passes through
  const server = await startPostgres({ dataFolder: join(folder, 'data'), log: () => undefined })
  try {
    await applyMigrations(server.url)
    const report = await runFleet({
      databaseUrl: server.url,
      objects: join(folder, 'objects'),
      trainers: Number(values.trainers),
      models: Number(values.models),
      updatesEach: Number(values.updates),
      workMs: Number(values['work-ms']),
      leaseSeconds: 20,
      onProgress: (finished) => process.stderr.isTTY && process.stderr.write(`\r${finished} updates finished`),
    })
    if (process.stderr.isTTY) process.stderr.write('\n')
    console.log(report)
    const { updates, promoted, overlaps, misplaced, efficiency } = report
    return promoted === updates && overlaps + misplaced === 0 && efficiency >= 0.8
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
