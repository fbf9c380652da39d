// Pages from functions that do not give the wire's page themselves.
import { AppError } from '../../shared/errors.ts'
import { toPage, type Page, type PageQuery } from '../../shared/page.ts'

/** The query without an undefined `after`. */
export function pageOf({ limit, after }: PageQuery): { limit: number; after?: string } {
  return after === undefined ? { limit } : { limit, after }
}

export function toWirePage<T extends { id: string }>({ data, hasMore }: { data: T[]; hasMore: boolean }): Page<T> {
  return { ...toPage(data, data.length), has_more: hasMore }
}

/** A page of a list that is short enough to be read whole. Throws invalid_request when `after` is not in it. */
export function cutPage<T extends { id: string }>(items: T[], { limit, after }: PageQuery): Page<T> {
  if (after === undefined) return toPage(items, limit)
  const index = items.findIndex((item) => item.id === after)
  if (index < 0) throw new AppError('invalid_request', `after: there is no ${after} in this list`, { field: 'after' })
  return toPage(items.slice(index + 1), limit)
}
