// `npm run check:contract`: Schemathesis against the API process as it runs (real HTTP, a Postgres of its own), with inputs
// made from /openapi.json, right and wrong ones, alone and in sequences. It fails on any 5xx, any answer that the
// description does not hold, and any call that is answered without its key. Inference alone is stood in for, as a model
// would take seconds a question; `--url URL --key KEY` checks a service that runs already, model included.
import { spawn } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { contractChecker, contractCheckerFolder } from '../../infra/local/setup/contract-checker.mjs'
import { runSteps } from '../../infra/local/setup/steps.mjs'
import { startApiProcess } from './api-process.ts'
import { bindParameters } from './bind-parameters.ts'
import { readCounts } from './read-counts.ts'

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    key: { type: 'string' },
    /** Inputs for each call; 300 make more than 20,000 requests. */
    examples: { type: 'string', default: '300' },
    /** With more, Python 3.11 now and then loses itself in its own parser. */
    workers: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    /** Beside the path: only calls that match. */
    only: { type: 'string' },
  },
})

/**
 * All but four: an unknown id is a well-formed request that is refused rightly (positive_data_acceptance); object-level
 * authorisation needs several users, which tests/api/tenancy.test.ts has; a thing that was just made may be gone by
 * another worker's call (ensure_resource_availability); and a deleted document is there until its update took it out of
 * the model (use_after_free).
 */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'unsupported_method',
  'ignored_auth',
]

async function main(): Promise<number> {
  await runSteps([contractChecker()])
  const own = values.url === undefined ? await startApiProcess() : undefined
  const folder = await mkdtemp(join(tmpdir(), 'palimpsest-contract-'))
  await chmod(folder, 0o700)
  try {
    const report = join(folder, 'report.json')
    const url = own?.url ?? values.url ?? ''
    await writeFile(join(folder, 'schemathesis.toml'), own === undefined ? '' : await bindParameters(url, own.things))
    const key = own?.key ?? values.key ?? ''
    const status = await runChecker(url, key, folder, report)
    const headers = { authorization: `Bearer ${key}` }
    const metrics = await fetch(`${url}/metrics`, { headers }).then((response) => response.text())
    const counts = await readCounts(report, metrics)
    console.log(counts)
    return counts.byClass['5xx'] === undefined ? status : 1
  } finally {
    await own?.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function runChecker(url: string, key: string, folder: string, report: string): Promise<number> {
  const site = contractCheckerFolder()
  const args = [
    ...['-m', 'schemathesis.cli', 'run', `${url}/openapi.json`, '--header', `Authorization: Bearer ${key}`],
    ...['--checks', checks.join(','), '--max-examples', values.examples, '--workers', values.workers],
    ...['--seed', values.seed, '--continue-on-failure', '--request-timeout', '30', '--suppress-health-check', 'all'],
    ...['--no-color', '--report-json-path', report],
    // An event stream of an update that nobody trains stays open by design.
    ...['--exclude-path-regex', '^/v1/updates/.*/events$'],
    ...(values.only === undefined ? [] : ['--include-path-regex', values.only]),
  ]
  const env = { ...process.env, PYTHONPATH: site, HYPOTHESIS_STORAGE_DIRECTORY: join(folder, 'hypothesis') }
  const child = spawn('python3', args, { cwd: folder, env, stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

process.exitCode = await main()
