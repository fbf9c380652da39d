import { sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'

/** Until the next delivery may be tried, 0 when one is due; undefined when none waits. One under way waits for its lease. */
export async function findSecondsUntilDue(db: Db): Promise<number | undefined> {
  const { rows } = await db.execute<{ seconds: number | null }>(sql`
    select extract(epoch from min(greatest(deliveries.next_attempt_at, webhooks.held_until, now())) - now())::float8 as seconds
    from deliveries join webhooks on webhooks.id = deliveries.webhook_id
    where deliveries.state = 'pending' and webhooks.enabled`)
  return rows[0]?.seconds ?? undefined
}
