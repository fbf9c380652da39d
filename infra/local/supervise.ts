// Keeps one process running: when it ends by itself it is started again, after a wait that doubles with every failure
// in a row, and that is said. It knows nothing of how a process is started, so Postgres and our services are kept the
// same way, and a test may hand in anything that ends.

export interface Running {
  /** Settles with how it ended, for people: "exit 1", "signal SIGKILL". */
  exited: Promise<string>
  /** Asks it to end and resolves when it has; by force if it does not listen. */
  stop(): Promise<void>
}

export interface Supervised {
  /** Ends in a row without a steady run between them. */
  failures(): number
  /** Stops it for good. */
  stop(): Promise<void>
}

export interface SupervisorDeps {
  clock: { now(): number; sleep(milliseconds: number, signal: AbortSignal): Promise<void> }
  say: (line: string) => void
}

/** Half a second at first, so that a one-off costs little; half a minute at most, so that a repaired cause is found soon. */
const backoffFirstMs = 500
const backoffMaxMs = 30_000
/** A process that ran this long is taken to have started well, and its next end counts as the first. */
const steadyMs = 60_000

/** Wait before the next start after this many failures in a row (1 for the first). */
export function backoffMs(failures: number): number {
  return Math.min(backoffFirstMs * 2 ** (failures - 1), backoffMaxMs)
}

/** Starts it now unless it runs already, and whenever it ends, until `stop`. */
export function supervise(
  name: string,
  start: () => Promise<Running>,
  { clock, say }: SupervisorDeps,
  alreadyRunning?: Running,
): Supervised {
  const stopping = new AbortController()
  let current = alreadyRunning
  let failures = 0

  async function runOnce(): Promise<string> {
    try {
      current ??= await start()
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    if (stopping.signal.aborted) await current.stop()
    return current.exited
  }

  async function keepRunning(): Promise<void> {
    while (!stopping.signal.aborted) {
      const started = clock.now()
      const how = await runOnce()
      current = undefined
      if (stopping.signal.aborted) return
      failures = clock.now() - started >= steadyMs ? 1 : failures + 1
      const wait = backoffMs(failures)
      say(`${name} ended by itself (${how}); starting it again in ${wait / 1000} s`)
      await clock.sleep(wait, stopping.signal)
    }
  }

  const kept = keepRunning()
  return {
    failures: () => failures,
    async stop() {
      stopping.abort()
      await current?.stop()
      await kept
    },
  }
}
