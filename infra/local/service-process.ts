// One of our services as a child process under tsx. It gets a process group of its own, so that Ctrl-C in the terminal
// reaches the supervisor alone, and a channel whose closing tells it that the supervisor is gone.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { ProcessLog } from './process-log.ts'
import type { Running } from './supervise.ts'

export interface ServiceProcess {
  /** Path of its main, from the repository's root. */
  main: string
  repository: string
  env: NodeJS.ProcessEnv
  log: ProcessLog
}

/** Time between SIGTERM and SIGKILL: a training step or an answer under way takes a few seconds. */
const graceMs = 10_000
const exitWithSupervisor = new URL('./exit-with-supervisor.mjs', import.meta.url).href

export async function startServiceProcess({ main, repository, env, log }: ServiceProcess): Promise<Running> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--import', exitWithSupervisor, main], {
    cwd: repository,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => log.write('stdout', line))
  if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => log.write('stderr', line))
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(signal === null ? `exit ${String(code)}` : `signal ${signal}`))
  })
  return {
    exited,
    async stop() {
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await exited
      clearTimeout(force)
    },
  }
}
