// What a key may look like, the same for every store.
import { AppError } from '../errors.ts'

const keyCharactersMax = 512
const segment = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/

/**
 * Segments of letters, digits, `.`, `_`, `-` with `/` between them; none begins with a dot, so that no key leads out
 * of the folder or to its temporary files. Throws invalid_request.
 */
export function assertKey(key: string): void {
  if (key.length <= keyCharactersMax && key.split('/').every((part) => segment.test(part))) return
  throw new AppError('invalid_request', `${JSON.stringify(key.slice(0, 100))} is no object key.`)
}
