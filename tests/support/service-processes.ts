// The service's own processes, without a supervisor, over a database that the caller brings.
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../../infra/local/port.ts'
import { startServiceProcess } from '../../infra/local/service-process.ts'
import type { Running } from '../../infra/local/supervise.ts'

export interface ServiceProcesses {
  url: string
  stop(): Promise<void>
}

const repository = resolve(import.meta.dirname, '../..')
const mains = { inference: 'services/inference/main.ts', api: 'services/api/server.ts' }

/**
 * Resolves when the API answers, with inference when questions are answered too. `env` is all they see, beside PATH and
 * their addresses. Throws when one of them ends before.
 */
export async function startServiceProcesses(
  names: readonly (keyof typeof mains)[],
  env: NodeJS.ProcessEnv,
): Promise<ServiceProcesses> {
  const [port, inferencePort] = [await findFreePort(), await findFreePort()]
  const own = {
    ...{ PATH: process.env['PATH'], TF_CPP_MIN_LOG_LEVEL: '1', LOG_LEVEL: 'error', RATE_LIMIT_PER_MINUTE: '0' },
    ...{ PORT: String(port), ENGINE_URL: `http://127.0.0.1:${inferencePort}`, ...env },
  }
  const log = { write: (_: string, line: string) => void process.stderr.write(`${line}\n`), lastLines: () => [] }
  const running: Running[] = []
  const stop = async () => void (await Promise.all(running.map((each) => each.stop())))
  try {
    for (const name of names) running.push(await startServiceProcess({ main: mains[name], repository, env: own, log }))
    const url = `http://127.0.0.1:${port}`
    const ended = Promise.race(running.map(({ exited }) => exited)).then((how) => Promise.reject(new Error(how)))
    const path = names.includes('inference') ? '/health' : '/openapi.json'
    const isReady = () =>
      fetch(url + path).then(
        ({ ok }) => ok,
        () => false,
      )
    while (!(await Promise.race([isReady(), ended]))) await sleep(100)
    ended.catch(() => undefined) // from now on it is the caller's who misses an answer
    return { url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
