// The outbox and its log do not grow for ever: what is older than a month and waits for nobody is deleted.
import { sql } from 'drizzle-orm'
import type { Db } from '../database/database.ts'

/** How far back deliveries can be read and replayed. */
export const KEPT_DAYS = 30

/** In one statement so many at most, so that no other waits long for it. */
const batchMax = 1000

/** Deletes old events with their deliveries and logs. Returns how many. */
export async function forgetEvents(db: Db): Promise<number> {
  let forgotten = 0
  for (;;) {
    const { rowCount } = await db.execute(sql`
      delete from outbox_events where id in (
        select id from outbox_events old
        where created_at < now() - make_interval(days => ${KEPT_DAYS})
          and not exists (select from deliveries where event_id = old.id and state = 'pending')
        limit ${batchMax})`)
    forgotten += rowCount ?? 0
    if ((rowCount ?? 0) < batchMax) return forgotten
  }
}
