// `npm run check:webhooks`: 1,000 alerts to a receiver that fails three times in ten, by a notifier that is killed 20
// times. All must arrive, each signed. Needs nothing but what `npm run setup` installs; brings a Postgres of its own.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { applyMigrations } from '../../infra/local/migrations.ts'
import { startPostgres } from '../../infra/local/postgres.ts'
import { runAlertStorm, type StormReport } from '../support/alert-storm.ts'

const help = `Usage: npm run check:webhooks [-- FLAGS]

  --alerts N       alerts raised (1000)
  --kills N        times that the notifier is killed while a message is under way (20)
  --fail-share N   share of tries that the receiver fails, 0 to 1 (.3)
`

const { values } = parseArgs({
  options: {
    alerts: { type: 'string', default: '1000' },
    kills: { type: 'string', default: '20' },
    'fail-share': { type: 'string', default: '.3' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) console.log(help)
else process.exitCode = (await check()) ? 0 : 1

async function check(): Promise<boolean> {
  const startedAt = performance.now()
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-check-webhooks-'))
  await chmod(folder, 0o711) // the database's user passes through
  const server = await startPostgres({ dataFolder: join(folder, 'data'), durable: false, log: () => undefined })
  try {
    await applyMigrations(server.url)
    const [alerts, kills, failShare] = [Number(values.alerts), Number(values.kills), Number(values['fail-share'])]
    const report = await runAlertStorm({ databaseUrl: server.url, alerts, kills, failShare, onProgress: show })
    if (process.stderr.isTTY) process.stderr.write('\n')
    console.log({ ...report, seconds: Math.round((performance.now() - startedAt) / 1000) })
    return report.accepted === alerts && report.undelivered === 0 && report.unverified === 0
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function show({ accepted, alerts, kills, tries }: StormReport): void {
  const line = `${accepted}/${alerts} alerts taken, ${tries} tries, ${kills} kills`
  process.stderr.write(process.stderr.isTTY ? `\r${line}` : `${line}\n`)
}
