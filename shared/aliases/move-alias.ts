// Moves an alias by compare-and-set: who moves one that was set by hand says which state was seen, and is refused when it
// is another by now. The model's lock makes the comparison and the move one step.
import type { Db } from '../database/database.ts'
import { AppError } from '../errors.ts'
import { lockModelNamed } from '../models/lock-model.ts'
import type { Model } from '../models/model.ts'
import { getKeptVersion } from '../versions/get-version.ts'
import { aliasMoves } from './alias-moves.table.ts'
import { aliasTag, type Alias } from './alias.ts'
import { findAlias, getAlias, listAliasMoves } from './get-alias.ts'

/** Entity tags of which one must be the alias's own; `*`: it must be there; undefined: nothing was seen. */
export type SeenTags = readonly string[] | '*' | undefined

export interface MoveAliasInput {
  model: string
  name: string
  version: number
  seen: SeenTags
}

/**
 * The alias afterwards, and whether it was made by this. To where it points already it is not moved. Throws `not_found` for
 * the model or the version, `precondition_required` where an alias that was set by hand is moved unseen,
 * `precondition_failed` where it is not as it was seen.
 */
export async function moveAlias(db: Db, input: MoveAliasInput): Promise<{ alias: Alias; created: boolean }> {
  return await db.transaction(async (tx) => {
    const model = await lockModelNamed(tx, input.model)
    const before = await findAlias(tx, model, input.name)
    checkSeen(before, input)
    await getKeptVersion(tx, model.name, input.version)
    if (before?.followsHead !== false || before.version !== input.version)
      await addMove(tx, model, input.name, input.version)
    return { alias: await getAlias(tx, model, input.name), created: before === undefined }
  })
}

/** Takes an alias away; `champion` follows the head again. Throws as `moveAlias` does, and `not_found` for the alias. */
export async function removeAlias(db: Db, input: Omit<MoveAliasInput, 'version'>): Promise<void> {
  await db.transaction(async (tx) => {
    const model = await lockModelNamed(tx, input.model)
    const before = await getAlias(tx, model, input.name)
    checkSeen(before, input)
    if (!before.followsHead) await addMove(tx, model, input.name, null)
  })
}

function checkSeen(alias: Alias | undefined, { model, name, seen }: Omit<MoveAliasInput, 'version'>): void {
  if (seen === undefined) {
    if (alias === undefined || alias.followsHead) return
    throw new AppError(
      'precondition_required',
      `Alias ${name} of ${model} is set to version ${alias.version}: send its ETag in If-Match to move it, or * to move it anyway.`,
    )
  }
  if (alias !== undefined && (seen === '*' || seen.includes(aliasTag(alias)))) return
  const now =
    alias === undefined ? 'is not set' : `points to version ${alias.version} by now, its ETag is ${aliasTag(alias)}`
  throw new AppError('precondition_failed', `Alias ${name} of ${model} ${now}.`)
}

async function addMove(tx: Db, model: Model, alias: string, version: number | null): Promise<void> {
  const [last] = await listAliasMoves(tx, model, alias, 1)
  await tx.insert(aliasMoves).values({ modelId: model.id, alias, revision: (last?.revision ?? 0) + 1, version })
}
