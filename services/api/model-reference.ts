// `model` in a request: `default`, `default@v3`, `default@champion` or another alias. A name alone asks the head, whatever
// that is when the question is answered; the others stand for the version they name now.
import { getAlias } from '../../shared/aliases/get-alias.ts'
import type { Db } from '../../shared/database/database.ts'
import { AppError } from '../../shared/errors.ts'
import { getModel } from '../../shared/models/get-model.ts'
import type { Model } from '../../shared/models/model.ts'
import { getKeptVersion } from '../../shared/versions/get-version.ts'

/** For descriptions of parameters. */
export const modelReferenceDescription =
  '`name`, `name@alias` or `name@vN`; `name@champion` is the head unless set by hand.'

export interface ResolvedModel {
  model: Model
  /** Null is the head, whatever it is when the question is answered. */
  version: number | null
}

/** Throws invalid_request for what is no reference, not_found for a model, alias or version that does not exist. */
export async function resolveModel(db: Db, reference: string): Promise<ResolvedModel> {
  const { name, suffix } = parseReference(reference)
  const model = await getModel(db, name)
  if (suffix === undefined) return { model, version: null }
  const number = /^v(0|[1-9]\d{0,8})$/.exec(suffix)?.[1]
  if (number === undefined) {
    const { version, followsHead } = await getAlias(db, model, suffix)
    return { model, version: followsHead ? null : version }
  }
  await getKeptVersion(db, name, Number(number), 'model')
  return { model, version: Number(number) }
}

/** For calls that change a model as a whole, where a version has no meaning. Throws invalid_request. */
export function parseModelName(text: string): string {
  const { name, suffix } = parseReference(text)
  if (suffix === undefined) return name
  throw new AppError('invalid_request', `Name the model without a version here: ${name}.`, { field: 'model' })
}

function parseReference(text: string): { name: string; suffix: string | undefined } {
  const match = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63})(?:@([A-Za-z0-9._-]{1,64}))?$/.exec(text)
  const name = match?.[1]
  if (name !== undefined) return { name, suffix: match?.[2] }
  throw new AppError('invalid_request', 'A model is named like `default`, `default@v3` or `default@champion`.', {
    field: 'model',
  })
}
