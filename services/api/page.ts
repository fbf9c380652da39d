// Pages of lists that are read whole.
import { unknownCursor } from '../../shared/database/get-cursor.ts'
import { toPage, type Page, type PageQuery } from '../../shared/page.ts'

/** A page of a list that is short enough to be read whole. Throws invalid_request when `after` is not in it. */
export function cutPage<T extends { id: string }>(items: T[], { limit, after }: PageQuery): Page<T> {
  if (after === undefined) return toPage(items, limit)
  const index = items.findIndex((item) => item.id === after)
  if (index < 0) throw unknownCursor(after)
  return toPage(items.slice(index + 1), limit)
}
