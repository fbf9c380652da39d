// What can be said about an endpoint's address without the network. The name's addresses are checked when it is
// called: what a name resolves to today says nothing about tomorrow.
import { isIP } from 'node:net'
import { AppError } from '../errors.ts'
import { isPublicAddress } from './public-address.ts'

/**
 * The URL in normal form. `allowPrivate` (an endpoint on one's own machine or network) lets http and private
 * addresses pass. Throws invalid_request, field `url`.
 */
export function parseWebhookUrl(text: string, { allowPrivate }: { allowPrivate: boolean }): URL {
  const refuse = (message: string): AppError => new AppError('invalid_request', message, { field: 'url' })
  if (!URL.canParse(text)) throw refuse('The url of a webhook must be an absolute URL, like https://example.com/hooks.')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw refuse('The url of a webhook must begin with https://.')
  if (url.username !== '' || url.password !== '')
    throw refuse('The url of a webhook must not hold a user name or password.')
  url.hash = ''
  if (allowPrivate) return url
  if (url.protocol === 'http:') {
    throw refuse(
      'The url of a webhook must begin with https:// (ALLOW_PRIVATE_WEBHOOKS=true permits http and private addresses).',
    )
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isPublicAddress(host))
    throw refuse(`The url of a webhook must not point at the private address ${host}.`)
  if (/(^|\.)localhost\.?$/.test(host)) throw refuse('The url of a webhook must not point at localhost.')
  return url
}
