// Lists on the wire: newest first, cut into pages by `limit` and `after` (the last id of the page before).
import { z } from 'zod'

export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().optional(),
})
export interface PageQuery {
  limit: number
  after?: string | undefined
}

export interface Page<Item> {
  object: 'list'
  data: Item[]
  has_more: boolean
  first_id: string | null
  last_id: string | null
}

export const pageSchema = <Item extends z.ZodType>(item: Item) =>
  z.object({
    object: z.literal('list'),
    data: z.array(item),
    has_more: z.boolean(),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
  })

/** `items` were read with a limit one higher than the page's: one more than fits means there is another page. */
export function toPage<Item extends { id: string }>(items: Item[], limit: number): Page<Item> {
  const data = items.slice(0, limit)
  return {
    object: 'list',
    data,
    has_more: items.length > limit,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  }
}
