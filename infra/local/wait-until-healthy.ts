// Waits for GET /health to answer 200. It gives up early when a service keeps ending, with that service's last words,
// as no time would help then.
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { ProcessLog } from './process-log.ts'
import { PlainError } from './setup/plain-error.mjs'
import type { Supervised } from './supervise.ts'

export interface WatchedService {
  name: string
  supervised: Supervised
  log: ProcessLog
}

const failuresMax = 4
const waitSeconds = 300
/** A start that takes longer says what it waits for. */
const quietSeconds = 4

/** Resolves when the service is ready or the signal is given; throws a PlainError when it will not become so. */
export async function waitUntilHealthy(
  url: string,
  services: WatchedService[],
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const started = Date.now()
  let said = ''
  while (!signal.aborted) {
    const answer = await askHealth(url)
    if (answer.ready) return
    if (answer.parts !== said && Date.now() - started > quietSeconds * 1000) {
      said = answer.parts
      say(`Still starting: ${said}`)
    }
    const failing = services.find(({ supervised }) => supervised.failures() >= failuresMax)
    if (failing) throw new PlainError(describeFailing(failing))
    if (Date.now() - started > waitSeconds * 1000) {
      throw new PlainError(`The service is not ready after ${waitSeconds} s (${answer.detail}). The logs say more.`)
    }
    await sleep(150, undefined, { signal }).catch(() => undefined)
  }
}

const notReadySchema = z.object({ detail: z.string(), missing: z.array(z.object({ part: z.string() })) })

async function askHealth(url: string): Promise<{ ready: true } | { ready: false; parts: string; detail: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
    if (response.status === 200) return { ready: true }
    const { data } = notReadySchema.safeParse(await response.json())
    const detail = data?.detail ?? `status ${response.status}`
    return { ready: false, parts: data?.missing.map(({ part }) => part).join(', ') ?? detail, detail }
  } catch {
    return { ready: false, parts: 'api', detail: 'the API does not answer' }
  }
}

function describeFailing({ name, log }: WatchedService): string {
  const words = log
    .lastLines()
    .slice(-4)
    .map((line) => `    ${line}`)
  return `The ${name} process does not stay up, so the start was given up. Its last words:\n${words.join('\n')}`
}
