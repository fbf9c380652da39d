// Reading aliases. `champion` is there even where it has no move; then it points to the head.
import { and, desc, eq } from 'drizzle-orm'
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import type { Model } from '../models/model.ts'
import { CHAMPION, type Alias, type AliasMove } from './alias.ts'
import { aliasMoves } from './alias-moves.table.ts'

const historyMax = 100

/** Undefined for one that was never set, or was taken away. */
export async function findAlias(db: Db, model: Model, name: string): Promise<Alias | undefined> {
  const [last] = await listAliasMoves(db, model, name, 1)
  return toAlias(model, name, last)
}

/** Throws `not_found`. */
export async function getAlias(db: Db, model: Model, name: string): Promise<Alias> {
  const alias = await findAlias(db, model, name)
  if (alias !== undefined) return alias
  throw new AppError(
    'not_found',
    `Model ${model.name} has no alias ${name}. Versions are written like ${model.name}@v3.`,
    {
      field: 'model',
    },
  )
}

/** By name. */
export async function listAliases(db: Db, model: Model): Promise<Alias[]> {
  const last = await db
    .selectDistinctOn([aliasMoves.alias])
    .from(aliasMoves)
    .where(eq(aliasMoves.modelId, model.id))
    .orderBy(aliasMoves.alias, desc(aliasMoves.revision))
  const names = new Set([...last.map(({ alias }) => alias), CHAMPION])
  return [...names].sort().flatMap(
    (name) =>
      toAlias(
        model,
        name,
        last.find(({ alias }) => alias === name),
      ) ?? [],
  )
}

/** The newest first, at most a hundred. */
export async function listAliasMoves(db: Db, model: Model, name: string, limit = historyMax): Promise<AliasMove[]> {
  return await db
    .select()
    .from(aliasMoves)
    .where(and(eq(aliasMoves.modelId, model.id), eq(aliasMoves.alias, name)))
    .orderBy(desc(aliasMoves.revision))
    .limit(limit)
}

function toAlias(model: Model, name: string, last: AliasMove | undefined): Alias | undefined {
  const at = { model: model.name, name, revision: last?.revision ?? 0, movedAt: last?.createdAt ?? null }
  const version = last?.version ?? null
  if (version !== null) return { ...at, version, followsHead: false }
  return name === CHAMPION ? { ...at, version: model.headVersion, followsHead: true } : undefined
}
