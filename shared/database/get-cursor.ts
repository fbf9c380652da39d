// Where a list goes on after the row that its caller saw last. An id that the list cannot know is the caller's slip: every
// list says so, as an empty or a first page in its place would go unseen.
import { eq } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { AppError } from '../errors.ts'
import type { Db } from './database.ts'

export function unknownCursor(after: string): AppError {
  return new AppError('invalid_request', `after: there is no ${after} in this list`, { field: 'after' })
}

/** The value of `column`, by which the list is sorted, in the row whose `id` is `after`. Throws `invalid_request`. */
export async function getCursor<Column extends PgColumn>(
  db: Db,
  { id, column }: { id: PgColumn; column: Column },
  after: string,
): Promise<Column['_']['data']> {
  const [row] = await db.select({ value: column }).from(id.table).where(eq(id, after))
  if (row === undefined) throw unknownCursor(after)
  return row.value
}
