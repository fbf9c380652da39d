// How far an update is, on one line that changes; in a log, one line for each state.
import type { Update } from '../../../shared/updates/update.ts'

export interface ProgressLine {
  show(update: Pick<Update, 'state' | 'progress'>): void
  /** Leaves the line empty. */
  end(): void
}

export function showProgress(label: string): ProgressLine {
  const started = performance.now()
  const terminal = process.stderr.isTTY
  let shown = ''
  return {
    show({ state, progress }) {
      const seconds = Math.round((performance.now() - started) / 1000)
      if (terminal) {
        const percent = Math.round(100 * progress.fraction)
        process.stderr.write(`\r\u001b[K${label}: ${state}, ${progress.phase}, ${percent} % (${seconds} s)`)
      } else if (state !== shown) {
        process.stderr.write(`${label}: ${state} (${seconds} s)\n`)
        shown = state
      }
    },
    end: () => void (terminal && process.stderr.write('\r\u001b[K')),
  }
}
