// `model` in a request: `default`, `default@v3`, `default@champion`. Aliases of one's own come later; `champion`
// follows the head.
import { AppError } from '../../shared/errors.ts'

export interface ModelReference {
  name: string
  /** Null is the head, whatever it is when the question is answered. */
  version: number | null
}

/** Throws invalid_request for what is no reference, not_found for an alias that does not exist. */
export function parseModelReference(text: string): ModelReference {
  const match = /^([A-Za-z0-9][A-Za-z0-9._-]{0,63})(?:@([A-Za-z0-9._-]{1,64}))?$/.exec(text)
  const name = match?.[1]
  if (name === undefined) {
    throw new AppError('invalid_request', 'A model is named like `default`, `default@v3` or `default@champion`.', {
      field: 'model',
    })
  }
  const suffix = match?.[2]
  if (suffix === undefined || suffix === 'champion') return { name, version: null }
  const version = /^v(0|[1-9]\d{0,8})$/.exec(suffix)?.[1]
  if (version !== undefined) return { name, version: Number(version) }
  throw new AppError('not_found', `Model ${name} has no alias ${suffix}. Versions are written like ${name}@v3.`, {
    field: 'model',
  })
}

/** For calls that change a model as a whole, where a version has no meaning. */
export function parseModelName(text: string): string {
  const reference = parseModelReference(text)
  if (!text.includes('@')) return reference.name
  throw new AppError('invalid_request', `Name the model without a version here: ${reference.name}.`, { field: 'model' })
}
