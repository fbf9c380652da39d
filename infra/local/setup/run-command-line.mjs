// The three commands: setup alone, setup and service, setup and tests.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { baseModel } from './base-model.mjs'
import { dashboard } from './dashboard.mjs'
import { checkMachine } from './machine.mjs'
import { npmPackages } from './npm-packages.mjs'
import { PlainError, reportFailure } from './plain-error.mjs'
import { runTests } from './run-tests.mjs'
import { s3TestServer } from './s3-test-server.mjs'
import { parseStartOptions, startHelp } from './start-options.mjs'
import { runSteps } from './steps.mjs'
import { tensorflowDownload, tensorflowLink } from './tensorflow.mjs'

const repository = fileURLToPath(new URL('../../..', import.meta.url))

/** @param {string[]} commandLine */
export async function runCommandLine([command, ...args]) {
  try {
    if (command === 'start') await start(args)
    else if (command === 'test') await test(args)
    else if (command === 'setup') await setup([...serviceSteps(true), s3TestServer()])
    else throw new PlainError('Say "start", "test" or "setup".')
  } catch (error) {
    reportFailure(error)
  }
}

/** @param {string[]} args */
async function start(args) {
  const options = parseStartOptions(args)
  if (options.help) return console.log(startHelp)
  await setup(serviceSteps(!(options.base ?? process.env.BASE_MODEL)))
  // From here on there is tsx, and the service itself is TypeScript in this same process: one process fewer
  // between the terminal's signals and the supervisor.
  const { register } = await import('tsx/esm/api')
  register()
  const { startService } = await import('../start.ts')
  await startService(repository, options)
}

/** @param {string[]} args */
async function test(args) {
  await setup([...serviceSteps(true), s3TestServer()])
  process.exitCode = await runTests(repository, args)
}

/** @param {import('./steps.mjs').Step[]} steps */
async function setup(steps) {
  const complete = existsSync(join(repository, 'node_modules')) && (await allDone(steps))
  // The machine is examined only when something must be installed: a full disk must not keep the service from starting.
  if (!complete) await checkMachine(repository)
  await runSteps(steps)
}

/** @param {import('./steps.mjs').Step[]} steps */
async function allDone(steps) {
  for (const step of steps) if (!(await step.isDone())) return false
  return true
}

/** @param {boolean} withBaseModel */
function serviceSteps(withBaseModel) {
  return [
    npmPackages(repository),
    dashboard(),
    tensorflowDownload(),
    tensorflowLink(repository),
    ...(withBaseModel ? [baseModel()] : []),
  ]
}
