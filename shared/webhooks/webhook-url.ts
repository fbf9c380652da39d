// What can be said about an endpoint's address without the network. The name's addresses are checked when it is
// called: what a name resolves to today says nothing about tomorrow.
import { isIP } from 'node:net'
import { AppError } from '../errors.ts'
import { isAllowedPrivate, isPublicAddress, type AllowPrivate } from './public-address.ts'

/**
 * The URL in normal form: the parser has already made `0x7f.1` and `2130706433` into `127.0.0.1`. `allowPrivate` lets
 * private addresses pass, and http: to addresses in a list of ranges, else to all. Throws invalid_request, field `url`.
 */
export function parseWebhookUrl(text: string, { allowPrivate }: { allowPrivate: AllowPrivate }): URL {
  const refuse = (message: string): AppError => new AppError('invalid_request', message, { field: 'url' })
  if (!URL.canParse(text)) throw refuse('The url of a webhook must be an absolute URL, like https://example.com/hooks.')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refuse('The url of a webhook must begin with https://.')
  if (url.username !== '' || url.password !== '')
    throw refuse('The url of a webhook must not hold a user name or password.')
  url.hash = ''
  if (allowPrivate === true) return url
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const literal = isIP(host) !== 0
  if (literal && isAllowedPrivate(host, allowPrivate)) return url
  if (url.protocol === 'http:' && (allowPrivate === false || literal)) {
    throw refuse(
      'The url of a webhook must begin with https:// (ALLOW_PRIVATE_WEBHOOKS permits http to the addresses it names).',
    )
  }
  if (literal && !isPublicAddress(host))
    throw refuse(`The url of a webhook must not point at the private address ${host}.`)
  if (allowPrivate === false && /(^|\.)localhost\.?$/.test(host))
    throw refuse('The url of a webhook must not point at localhost.')
  return url
}
