// Progress on its way to the database: thinned out to one a second, written one after another beside the work. An outage
// costs a few lines of progress, never the work; what else goes wrong (a lost lease) stops it at the next `settle`.
import { isDatabaseDown } from '../../shared/database/database.ts'
import type { Progress } from '../../shared/updates/record-progress.ts'

export interface ProgressWriter {
  /** Dropped when the last was less than a second ago, unless it brings an event or another state. */
  report(progress: Progress): void
  /** Waits for what was reported. Throws the first failure that was no outage. */
  settle(): Promise<void>
}

export function createProgressWriter(
  write: (progress: Progress) => Promise<void>,
  clock: { now(): number },
  everyMs = 1000,
): ProgressWriter {
  let writing = Promise.resolve()
  let failure: Error | undefined
  let reportedAt = -Infinity
  let state: Progress['state']
  return {
    report(progress) {
      const due = clock.now() - reportedAt >= everyMs || progress.state !== state
      if (!due && progress.event === undefined) return
      state = progress.state
      reportedAt = clock.now()
      writing = writing
        .then(() => write(progress))
        .catch((error: unknown) => {
          if (!isDatabaseDown(error)) failure ??= error instanceof Error ? error : new Error(String(error))
        })
    },
    async settle() {
      await writing
      if (failure !== undefined) throw failure
    },
  }
}
