// An alias: a name for a version of a model that moves by hand. `champion` is always there: it follows the head until it
// is set by hand, and again once that is taken away.
import { z } from 'zod'
import { unixSeconds } from '../unix-seconds.ts'
import type { aliasMoves } from './alias-moves.table.ts'

export const CHAMPION = 'champion'

/** What looks like a version (`v3`) would be read as one. */
export const aliasNameSchema = z
  .string()
  .regex(/^(?!v\d+$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'An alias has letters, digits, ".", "_" and "-", and is no v3')

export interface Alias {
  /** The model's name. */
  model: string
  name: string
  version: number
  /** How often it was moved or taken away; 0 for a `champion` that never was. */
  revision: number
  followsHead: boolean
  /** Of the last move; null where there was none. */
  movedAt: Date | null
}

export type AliasMove = typeof aliasMoves.$inferSelect

export const aliasSchema = z.object({
  object: z.literal('alias'),
  /** As a query names it. */
  id: z.string(),
  model: z.string(),
  name: z.string(),
  version: z.number().int(),
  follows_head: z.boolean(),
  moved_at: z.number().int().nullable(),
})
export type AliasBody = z.infer<typeof aliasSchema>

/** One alias alone comes with its moves, the newest first; version null: it was taken away. */
export const aliasWithHistorySchema = aliasSchema.extend({
  history: z.array(
    z.object({
      revision: z.number().int(),
      version: z.number().int().nullable(),
      created_at: z.number().int(),
    }),
  ),
})

export function toAliasBody({ model, name, version, followsHead, movedAt }: Alias): AliasBody {
  return {
    object: 'alias',
    id: `${model}@${name}`,
    model,
    name,
    version,
    follows_head: followsHead,
    moved_at: movedAt === null ? null : unixSeconds(movedAt),
  }
}

export function toAliasWithHistory(alias: Alias, moves: readonly AliasMove[]): z.infer<typeof aliasWithHistorySchema> {
  const history = moves.map(({ revision, version, createdAt }) => ({
    revision,
    version,
    created_at: unixSeconds(createdAt),
  }))
  return { ...toAliasBody(alias), history }
}

/** Its entity tag: changes with every move and, where it follows the head, with the head. */
export function aliasTag({ revision, version }: Alias): string {
  return `"${revision}-${version}"`
}
