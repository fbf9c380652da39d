// The allowance of a caller, in Postgres, so that it holds for all processes of the API together: so many requests a
// minute, which come back one by one (the generic cell rate algorithm, kept as one moment per caller).
import { sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { rateLimits } from './rate-limits.table.ts'

export const windowSeconds = 60

export interface Allowance {
  allowed: boolean
  /** Requests that may follow at once. */
  remaining: number
  /** Until all of them may again. */
  resetSeconds: number
  /** Until the next one may; 0 when it was allowed. */
  retryAfterSeconds: number
}

/** Takes one request of `perMinute` from the caller's allowance, where there is one left. */
export async function takeRequest(db: Db, caller: string, perMinute: number): Promise<Allowance> {
  const stepSeconds = windowSeconds / perMinute
  const step = sql`make_interval(secs => ${stepSeconds})`
  const from = sql`greatest(${rateLimits.fullAt}, clock_timestamp())`
  // One statement, so that of many at once no more get through than there are requests left. The commit is not waited
  // for on the disk: what a crash forgets is a minute's count.
  const taken = await db.execute<{ seconds: number }>(sql`
    insert into ${rateLimits} (caller, full_at)
    select ${caller}, clock_timestamp() + ${step} from (select set_config('synchronous_commit', 'off', true)) relaxed
    on conflict (caller) do update set full_at = ${from} + ${step}
    where ${from} + ${step} <= clock_timestamp() + make_interval(secs => ${windowSeconds})
    returning extract(epoch from full_at - clock_timestamp())::float8 as seconds`)
  const used = taken.rows[0]?.seconds
  if (used !== undefined) return allowanceOf(true, Math.max(0, used), stepSeconds)
  const full = await db.execute<{ seconds: number }>(sql`
    select extract(epoch from full_at - clock_timestamp())::float8 as seconds from ${rateLimits} where caller = ${caller}`)
  return allowanceOf(false, Math.max(0, full.rows[0]?.seconds ?? 0), stepSeconds)
}

function allowanceOf(allowed: boolean, untilFull: number, stepSeconds: number): Allowance {
  const left = (windowSeconds - untilFull) / stepSeconds
  return {
    allowed,
    remaining: allowed ? Math.max(0, Math.floor(left + 1e-6)) : 0,
    resetSeconds: Math.ceil(untilFull),
    retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil(untilFull + stepSeconds - windowSeconds)),
  }
}
