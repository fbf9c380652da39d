// `If-Match`, read as RFC 9110 says: `*`, or a list of entity tags.
import { AppError } from '../../shared/errors.ts'

/** Undefined without the header. Throws invalid_request for what is no list of tags. */
export function parseIfMatch(header: string | undefined): string[] | '*' | undefined {
  const text = header?.trim()
  if (text === undefined || text === '*') return text
  const tags = text.split(',').map((tag) => tag.trim())
  // A weak tag never matches here; it stays in the list as it is.
  if (tags.every((tag) => /^(W\/)?"[\x21\x23-\x7e]*"$/.test(tag))) return tags
  throw new AppError('invalid_request', 'If-Match must be * or entity tags in double quotes, as ETag gives them.')
}
