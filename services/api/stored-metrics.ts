// The figures that stand in the database. Gauges are as they are now. Counters grow by what was added since the last
// scrape: rows are deleted too (a model with all that is its own, deliveries after a month), and a counter that falls
// would be taken for a restart and its whole value for news. So they begin at 0 with the process, as Prometheus expects.
import { Counter, Gauge, type Registry } from 'prom-client'
import { isDatabaseDown, type Database } from '../../shared/database/database.ts'
import { FINAL_STATES, UPDATE_STATES } from '../../shared/updates/update.ts'

export interface StoredMetrics {
  /** Reads them anew; with the database away they stay as they were and `palimpsest_database_up` is 0. */
  refresh(): Promise<void>
}

type Row = Record<string, string | number>

/** One row for each set of labels; the columns beside `value` are the labels. */
interface Source {
  name: string
  help: string
  type: 'gauge' | 'counter'
  labels?: readonly string[]
  sql: string
}

const unfinished = UPDATE_STATES.filter((state) => !FINAL_STATES.some((final) => final === state))

const sources: readonly Source[] = [
  {
    name: 'updates',
    help: 'Updates that are not finished, by state; `queued` is the depth of the queue.',
    type: 'gauge',
    labels: ['state'],
    sql: `select state, count(updates.id) as value from unnest('{${unfinished.join(',')}}'::text[]) as state
      left join updates using (state) group by state`,
  },
  {
    name: 'oldest_queued_update_seconds',
    help: 'Age of the update that has waited longest; 0 while none waits.',
    type: 'gauge',
    sql: `select coalesce(extract(epoch from now() - min(created_at)), 0) as value from updates where state = 'queued'`,
  },
  {
    name: 'updates_finished_total',
    help: 'Updates that ended, by kind and outcome.',
    type: 'counter',
    labels: ['kind', 'outcome'],
    sql: `select kind, state as outcome, count(*) as value from updates where finished_at is not null group by 1, 2`,
  },
  {
    name: 'update_phase_seconds_total',
    help: 'Time that ended updates spent in each phase.',
    type: 'counter',
    labels: ['phase'],
    sql: `select key as phase, sum(value::float8) / 1000 as value from updates, jsonb_each_text(timings_ms)
      where finished_at is not null group by 1`,
  },
  {
    name: 'trainer_tokens_total',
    help: 'Tokens that the trainer generated in study and trained on, over all epochs.',
    type: 'counter',
    labels: ['work'],
    sql: `select work, sum(tokens) as value from updates,
      lateral (values ('generated', generated_tokens), ('trained', trained_tokens)) as spent (work, tokens) group by 1`,
  },
  {
    name: 'retention_alerts_total',
    help: 'Alerts raised: a version or a candidate forgot what its parent knew.',
    type: 'counter',
    sql: `select count(*) as value from alerts`,
  },
  {
    name: 'retention_alerts_open',
    help: 'Alerts with documents that are not yet known again.',
    type: 'gauge',
    sql: `select count(*) as value from alerts where open_document_ids <> '{}'`,
  },
  {
    name: 'webhook_deliveries_pending',
    help: 'Deliveries that are still to be made.',
    type: 'gauge',
    sql: `select count(*) as value from deliveries where state = 'pending'`,
  },
  {
    name: 'webhook_delivery_overdue_seconds',
    help: 'For how long the longest overdue delivery to an enabled endpoint could have been tried; 0 for none.',
    type: 'gauge',
    sql: `select coalesce(extract(epoch from now() - min(greatest(next_attempt_at, held_until))), 0) as value
      from deliveries join webhooks on webhooks.id = webhook_id
      where state = 'pending' and enabled and greatest(next_attempt_at, held_until) < now()`,
  },
  {
    name: 'webhook_deliveries_finished_total',
    help: 'Deliveries that ended: delivered, or failed for good.',
    type: 'counter',
    labels: ['outcome'],
    sql: `select state as outcome, count(*) as value from deliveries where state <> 'pending' group by 1`,
  },
  {
    name: 'webhook_endpoints_disabled',
    help: 'Endpoints that were switched off after days of failure or by a 410.',
    type: 'gauge',
    sql: `select count(*) as value from webhooks where disabled_at is not null`,
  },
  { name: 'models', help: 'Models.', type: 'gauge', sql: 'select count(*) as value from models' },
  {
    name: 'documents',
    help: 'Documents that are not deleted.',
    type: 'gauge',
    sql: 'select count(*) as value from documents where deleted_at is null',
  },
]

export function createStoredMetrics(registry: Registry, { pool }: Database): StoredMetrics {
  const up = new Gauge({
    name: 'palimpsest_database_up',
    help: '1 while the database answers.',
    registers: [registry],
  })
  const metrics = sources.map((source) => ({ source, show: createMetric(registry, source) }))

  async function read(): Promise<void> {
    try {
      const results = await Promise.all(metrics.map(({ source }) => pool.query<Row>(source.sql)))
      for (const [index, { show }] of metrics.entries()) show(results[index]?.rows ?? [])
      up.set(1)
    } catch (error) {
      if (!isDatabaseDown(error)) throw error
      up.set(0)
    }
  }

  let reading: Promise<void> | undefined
  return {
    // Two scrapes at once share one reading: each would count what is new.
    refresh: () => (reading ??= read().finally(() => (reading = undefined))),
  }
}

/** What takes the rows of a scrape. */
function createMetric(registry: Registry, { name, help, type, labels = [] }: Source): (rows: Row[]) => void {
  const options = { name: `palimpsest_${name}`, help, labelNames: labels, registers: [registry] }
  const labelsOf = (row: Row) => Object.fromEntries(labels.map((label) => [label, row[label] ?? '']))
  if (type === 'gauge') {
    const gauge = new Gauge(options)
    return (rows) => rows.forEach((row) => gauge.set(labelsOf(row), Number(row['value'])))
  }
  const counter = new Counter(options)
  let seen: Map<string, number> | undefined
  return (rows) => {
    const now = new Map<string, number>()
    for (const row of rows) {
      const [key, value] = [JSON.stringify(labelsOf(row)), Number(row['value'])]
      const before = seen === undefined ? value : (seen.get(key) ?? 0)
      counter.inc(labelsOf(row), Math.max(0, value - before))
      now.set(key, value)
    }
    seen = now
  }
}
