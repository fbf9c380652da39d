// One try of one delivery: a signed POST, as Standard Webhooks says. The address is checked at the moment of the
// connection, on the very addresses that the socket then uses, so that a name that points elsewhere a second later
// gains nothing. Redirects are not followed, and of the answer only the beginning is read.
import { lookup as lookupByName, type LookupAddress, type LookupAllOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { Agent, request, type Dispatcher } from 'undici'
import { storableText } from '../../shared/storable-text.ts'
import type { ClaimedDelivery } from '../../shared/webhooks/claim-deliveries.ts'
import { isAllowedPrivate, isPublicAddress, type AllowPrivate } from '../../shared/webhooks/public-address.ts'
import type { Attempt } from '../../shared/webhooks/record-attempt.ts'
import { parseRetryAfter } from '../../shared/webhooks/retry-schedule.ts'
import { unixSeconds } from '../../shared/unix-seconds.ts'
import { parseWebhookUrl } from '../../shared/webhooks/webhook-url.ts'
import { findPaths } from './find-paths.ts'

export interface SenderOptions {
  /** Where http and private addresses may be called. */
  allowPrivate: AllowPrivate
  /** The API's address as others know it, without a slash at its end: links begin with it. */
  publicUrl: string
  /** For all of it: name, connection, request, answer. Standard Webhooks recommends 15 to 30. */
  timeoutSeconds: number
  now: () => Date
  /** All addresses of a name; the machine's own resolver when absent. */
  resolve?: (hostname: string, options: LookupAllOptions) => Promise<LookupAddress[]>
}

export interface Sender {
  /** Never throws: what went wrong is the outcome. */
  send(delivery: ClaimedDelivery): Promise<Attempt>
  close(): Promise<void>
}

const answerBytesMax = 4096
const errorCharactersMax = 300

export function openSender(options: SenderOptions): Sender {
  const { allowPrivate, publicUrl, timeoutSeconds, now } = options
  const resolve = options.resolve ?? resolveByName
  // A connection per try: none that an endpoint closed in the meantime, and each is checked.
  const open = (mayCall: (address: string) => boolean) =>
    new Agent({ pipelining: 0, connect: { lookup: guardedLookup(resolve, mayCall) } })
  const isAllowed = (address: string): boolean => isAllowedPrivate(address, allowPrivate)
  const agents = {
    'https:': open((address) => isAllowed(address) || isPublicAddress(address)),
    'http:': open(isAllowed),
  }
  return {
    async send(delivery) {
      try {
        // Again, as the rule may have been tightened since; and a literal address is never looked up.
        const url = parseWebhookUrl(delivery.webhook.url, { allowPrivate })
        const answer = await request(url, {
          method: 'POST',
          dispatcher: agents[url.protocol === 'http:' ? 'http:' : 'https:'],
          signal: AbortSignal.timeout(timeoutSeconds * 1000),
          ...signedMessage(delivery, publicUrl, now()),
        })
        return await judge(answer, now())
      } catch (error) {
        return { outcome: 'failed', status: null, error: describe(error, timeoutSeconds) }
      }
    },
    close: async () => void (await Promise.all(Object.values(agents).map((agent) => agent.destroy()))),
  }
}

/** The id is the event's: the same at every try, so that a receiver recognises what it has already taken. */
function signedMessage({ event, webhook }: ClaimedDelivery, publicUrl: string, now: Date) {
  const paths = findPaths(event)
  const links = paths && { link: publicUrl + paths.page, api_link: publicUrl + paths.api }
  const body = JSON.stringify({
    ...{ object: 'event', id: event.id, type: event.type },
    // Standard Webhooks wants `timestamp`; clients made for OpenAI's webhooks read `created_at`.
    ...{ timestamp: event.createdAt.toISOString(), created_at: unixSeconds(event.createdAt) },
    data: { ...event.payload, ...links },
  })
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'palimpsest-webhooks/1',
    'webhook-id': event.id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': webhook.secrets.map((secret) => new Webhook(secret).sign(event.id, now, body)).join(' '),
  }
  return { body, headers }
}

async function judge({ statusCode: status, headers, body }: Dispatcher.ResponseData, now: Date): Promise<Attempt> {
  const said = await readBeginning(body)
  if (status >= 200 && status < 300) return { outcome: 'delivered', status }
  if (status === 410) return { outcome: 'gone', status, error: 'The endpoint answered 410 Gone.' }
  const redirected = status >= 300 && status < 400 ? ' (redirects are not followed)' : ''
  const error = `The endpoint answered ${status}${redirected}${said === '' ? '' : `: ${said}`}`
  const header = headers['retry-after']
  const waits = status === 429 || status === 503
  const retryAfterSeconds = waits ? parseRetryAfter(Array.isArray(header) ? header[0] : header, now) : undefined
  return { outcome: 'failed', status, error: readable(error), retryAfterSeconds }
}

/** The status counts, whatever becomes of the body: it may be endless, or break off. */
async function readBeginning(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= answerBytesMax) break // ends the connection too
    }
  } catch {
    return ''
  }
  return Buffer.concat(chunks).subarray(0, answerBytesMax).toString('utf8')
}

/** One address that may not be called refuses the name: which of them a socket tries is not ours to say. */
function guardedLookup(
  resolve: NonNullable<SenderOptions['resolve']>,
  mayCall: (address: string) => boolean,
): LookupFunction {
  return (hostname, { all, ...options }, callback) => {
    const settle = (addresses: LookupAddress[]): void => {
      const refused = addresses.find(({ address }) => !mayCall(address))
      if (refused) {
        const kind = isPublicAddress(refused.address) ? 'address (http is not permitted there)' : 'private address'
        return callback(new Error(`${hostname} points at the ${kind} ${refused.address}`), [])
      }
      const [first] = addresses
      if (!first) return callback(new Error(`${hostname} has no address`), [])
      if (all) callback(null, addresses)
      else callback(null, first.address, first.family)
    }
    resolve(hostname, { ...options, all: true }).then(settle, (error: NodeJS.ErrnoException) => callback(error, []))
  }
}

function resolveByName(hostname: string, options: LookupAllOptions): Promise<LookupAddress[]> {
  return new Promise((done, fail) => {
    lookupByName(hostname, options, (error, addresses) => (error ? fail(error) : done(addresses)))
  })
}

function describe(error: unknown, timeoutSeconds: number): string {
  if (!(error instanceof Error)) return readable(String(error))
  if (error.name === 'TimeoutError') return `The endpoint did not answer within ${timeoutSeconds} s.`
  // A connection tried on several addresses fails with one error for each and no message of its own.
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : undefined
  const message = first instanceof Error ? first.message : error.message
  return readable(`The endpoint could not be reached: ${message}`)
}

/** One line that the database can keep. */
function readable(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  return storableText(line.length > errorCharactersMax ? `${line.slice(0, errorCharactersMax)}…` : line)
}
