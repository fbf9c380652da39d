// The scene is played in a second; here it is spread over the weeks in which it would have happened. The order stays.
import type { Database } from '../../../shared/database/database.ts'

const hoursApart = 31

/** Everything so far, as if each update had come `hoursApart` after the one before it, the last an hour ago. */
export async function backdate({ pool }: Database): Promise<void> {
  const offset = `(make_interval(hours => ${hoursApart}) * ((select max(sequence) from updates) - u.sequence) + interval '1 hour')`
  await pool.query(`update documents d set created_at = d.created_at - ${offset}
    from (select min(sequence) as sequence, unnest(document_ids) as document_id from updates group by 2) u
    where u.document_id = d.id`)
  for (const [table, column] of [
    ['versions', 'update_id'],
    ['evaluations', 'update_id'],
    ['alerts', 'update_id'],
    ['update_events', 'update_id'],
  ] as const) {
    await pool.query(
      `update ${table} t set created_at = t.created_at - ${offset} from updates u where u.id = t.${column}`,
    )
  }
  await pool.query(`update updates u set created_at = created_at - ${offset},
    started_at = started_at - ${offset}, finished_at = finished_at - ${offset}`)
  await pool.query(`update versions set created_at = created_at - interval '30 days' where number = 0`)
  await pool.query(`update deliveries set state = 'delivered', attempts = 1, next_attempt_at = null, last_status = 204,
    delivered_at = created_at + interval '2 seconds'`)
}
