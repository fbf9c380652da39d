// What Prometheus reads at /metrics: this process and its requests, and what stands in the database (the queue, the
// alerts, the outbox), read at each scrape, so that the trainer and the notifier need no port of their own.
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'
import type { Database } from '../../shared/database/database.ts'
import { createStoredMetrics } from './stored-metrics.ts'

export interface Metrics {
  /** `route` is a pattern, never a path: there would be a series for each id. `seconds` until the answer began. */
  countRequest(request: { method: string; route: string; status: number; seconds: number }): void
  contentType: string
  /** In the text format. */
  write(): Promise<string>
}

/** From an answer out of memory to a question that waits for the model. */
const bucketsSeconds = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

export function createMetrics(database: Database): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'palimpsest_http_requests_total',
    help: 'Requests to the API by route and status.',
    labelNames: ['method', 'route', 'status'] as const,
    registers,
  })
  const durations = new Histogram({
    name: 'palimpsest_http_request_duration_seconds',
    help: 'Seconds until the answer began; of a stream, until its first byte could go out.',
    labelNames: ['method', 'route'] as const,
    buckets: bucketsSeconds,
    registers,
  })
  const stored = createStoredMetrics(registry, database)
  return {
    countRequest({ method, route, status, seconds }) {
      requests.inc({ method, route, status })
      durations.observe({ method, route }, seconds)
    },
    contentType: registry.contentType,
    async write() {
      await stored.refresh()
      return await registry.metrics()
    },
  }
}
