// What a caller sees, as conditions for lists. A key that is bound to models sees what belongs to one of them, and what
// is shared among models only where it is bound to all of these.
import { inArray, sql, type AnyColumn, type SQL } from 'drizzle-orm'
import type { Caller } from './key.ts'

export type Sight = Pick<Caller, 'models'>
/** Of the service itself, which is no caller. */
export const everything: Sight = { models: null }

/** For a column that holds the id of a model. Undefined where the caller sees all. */
export function ofCaller(modelId: AnyColumn, { models }: Sight): SQL | undefined {
  return models === null ? undefined : inArray(modelId, [...models.ids])
}

/** For a column that holds the ids of models, null meaning all. */
export function withinModels(modelIds: AnyColumn, { models }: Sight): SQL | undefined {
  if (models === null) return undefined
  // Of no model at all is nobody's: the empty set would be within every other.
  return sql`(${modelIds} <@ ${sql.param([...models.ids])}::text[] and cardinality(${modelIds}) > 0)`
}
