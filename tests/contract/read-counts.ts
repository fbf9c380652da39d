// What a run came to: the service's own count of the requests it answered, by status, and the checker's of what it made
// and found.
import { readFile } from 'node:fs/promises'

interface Report {
  complete: boolean
  operations: { tested: number } | null
  test_cases: { generated: number; unique_failures: number; errored: number }
}

export interface Counts {
  /** As the service counted them: those without a key among them, and those that the checker sends beside its own. */
  answered: number
  /** By the first figure: `2xx`. */
  byClass: Record<string, number>
  calls: number
  made: number
  failures: number
}

/** `report` is what the checker wrote, `metrics` the service's /metrics. */
export async function readCounts(report: string, metrics: string): Promise<Counts> {
  const { operations, test_cases: cases } = JSON.parse(await readFile(report, 'utf8')) as Report
  const byClass: Record<string, number> = {}
  for (const [, status, count] of metrics.matchAll(/^palimpsest_http_requests_total\{.*status="(\d)\d\d"\} (\d+)$/gm)) {
    const name = `${status}xx`
    byClass[name] = (byClass[name] ?? 0) + Number(count)
  }
  return {
    answered: Object.values(byClass).reduce((sum, count) => sum + count, 0),
    byClass,
    calls: operations?.tested ?? 0,
    made: cases.generated,
    failures: cases.unique_failures + cases.errored,
  }
}
