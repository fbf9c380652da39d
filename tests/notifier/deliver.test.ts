// One try against real HTTP servers, friendly and hostile.
import { afterEach, expect, test } from 'vitest'
import type { ClaimedDelivery } from '../../shared/webhooks/claim-deliveries.ts'
import { openSender, type Sender, type SenderOptions } from '../../services/notifier/deliver.ts'
import { startReceiver, verify, type Receiver } from '../support/webhooks.ts'

const publicUrl = 'https://palimpsest.example'
const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
const oldSecret = `whsec_${Buffer.alloc(32, 6).toString('base64')}`
const otherSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

// The library types its matchers as `any`.
const containing = (text: string): unknown => expect.stringContaining(text)
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern)

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})

function open(options: Partial<SenderOptions> = {}): Sender {
  const sender = openSender({ allowPrivate: true, publicUrl, timeoutSeconds: 10, now: () => new Date(), ...options })
  opened.push(sender)
  return sender
}

async function receive(answer?: Parameters<typeof startReceiver>[0]): Promise<Receiver> {
  const receiver = await startReceiver(answer)
  opened.push(receiver)
  return receiver
}

function deliveryTo(url: string): ClaimedDelivery {
  return {
    id: 'dlv_1',
    attempt: 1,
    replayedAfter: 0,
    webhook: { id: 'whk_1', url, secrets: [secret] },
    event: {
      id: 'evt_1',
      type: 'retention.regressed',
      createdAt: new Date('2026-02-03T04:05:06.789Z'),
      payload: { object: 'alert', id: 'alr_1', evidence: [{ question: 'Größe? “5 µm” 🙂' }] },
    },
  }
}

test('the message is what the standard says, and its library accepts it with the right secret only', async () => {
  const receiver = await receive()
  const delivery = deliveryTo(receiver.url)
  expect(await open().send(delivery)).toEqual({ outcome: 'delivered', status: 204 })
  const [message] = receiver.messages
  if (!message) throw new Error('nothing arrived')
  expect(verify(secret, message)).toEqual({
    object: 'event',
    id: 'evt_1',
    type: 'retention.regressed',
    timestamp: '2026-02-03T04:05:06.789Z',
    created_at: 1770091506,
    data: {
      ...delivery.event.payload,
      link: 'https://palimpsest.example/#/alerts/alr_1',
      api_link: 'https://palimpsest.example/v1/alerts/alr_1',
    },
  })
  expect(message.headers).toMatchObject({ 'webhook-id': 'evt_1', 'content-type': 'application/json' })
  expect(() => verify(otherSecret, message)).toThrow('No matching signature')
  expect(() => verify(secret, { ...message, body: message.body.replace('alr_1', 'alr_2') })).toThrow('No matching')
  const moved = { ...message, headers: { ...message.headers, 'webhook-id': 'evt_2' } }
  expect(() => verify(secret, moved)).toThrow('No matching')
})

test('an old message does not pass as a new one', async () => {
  const receiver = await receive()
  const sixMinutesAgo = () => new Date(Date.now() - 360_000)
  await open({ now: sixMinutesAgo }).send(deliveryTo(receiver.url))
  expect(receiver.messages.map((message) => () => verify(secret, message))[0]).toThrow('too old')
})

test('in the day after a rotation a receiver with either secret accepts the message', async () => {
  const receiver = await receive()
  const delivery = deliveryTo(receiver.url)
  delivery.webhook.secrets = [secret, oldSecret]
  await open().send(delivery)
  const [message] = receiver.messages
  if (!message) throw new Error('nothing arrived')
  expect(verify(secret, message)).toEqual(verify(oldSecret, message))
  expect(() => verify(otherSecret, message)).toThrow('No matching')
})

test.each([301, 302, 303, 307, 308])('a redirect by %i is a failure: nobody is sent elsewhere', async (status) => {
  const victim = await receive()
  const hostile = await receive((response) => response.writeHead(status, { location: victim.url }).end())
  expect(await open().send(deliveryTo(hostile.url))).toMatchObject({
    outcome: 'failed',
    status,
    error: containing('redirects are not followed'),
  })
  expect(victim.messages).toEqual([])
})

test('410 means gone, 429 and 503 may say how long to wait, 500 may not', async () => {
  const answer = async (status: number, headers: Record<string, string> = {}) => {
    const receiver = await receive((response) => response.writeHead(status, headers).end('told you'))
    return open().send(deliveryTo(receiver.url))
  }
  expect(await answer(410)).toMatchObject({ outcome: 'gone', status: 410 })
  expect(await answer(429, { 'retry-after': '120' })).toEqual({
    outcome: 'failed',
    status: 429,
    error: 'The endpoint answered 429: told you',
    retryAfterSeconds: 120,
  })
  expect(await answer(503, { 'retry-after': '7' })).toMatchObject({ retryAfterSeconds: 7 })
  expect(await answer(500, { 'retry-after': '7' })).toMatchObject({ outcome: 'failed', retryAfterSeconds: undefined })
  expect(await answer(404)).toMatchObject({ outcome: 'failed', status: 404 })
})

test('an endpoint that takes the message and never answers is given up after the time allowed', async () => {
  const silent = await receive(() => undefined)
  expect(await open({ timeoutSeconds: 0.2 }).send(deliveryTo(silent.url))).toEqual({
    outcome: 'failed',
    status: null,
    error: 'The endpoint did not answer within 0.2 s.',
  })
})

test('an endless answer is cut off, and a 200 counts whatever follows it', async () => {
  let closed = 0
  const endless = await receive((response, { path }) => {
    response.writeHead(path === '/hooks/ok' ? 200 : 500)
    const timer = setInterval(() => response.write('x'.repeat(10_000)), 1)
    response.on('close', () => {
      clearInterval(timer)
      closed++
    })
  })
  const sender = open()
  const result = await sender.send(deliveryTo(endless.url))
  expect(result).toMatchObject({ outcome: 'failed', status: 500 })
  expect('error' in result ? result.error.length : 0).toBeLessThan(400)
  expect(await sender.send(deliveryTo(`${endless.url}/ok`))).toEqual({ outcome: 'delivered', status: 200 })
  await expect.poll(() => closed).toBe(2)
})

test('a body that drips on does not keep the try beyond its time, and the status stands', async () => {
  const dripping = await receive((response) => {
    response.writeHead(200)
    const timer = setInterval(() => response.write('.'), 20)
    response.on('close', () => clearInterval(timer))
  })
  expect(await open({ timeoutSeconds: 0.3 }).send(deliveryTo(dripping.url))).toEqual({
    outcome: 'delivered',
    status: 200,
  })
})

test('what an endpoint says is kept as one line that the database can store', async () => {
  const rude = await receive((response) => response.writeHead(500).end(`a\0b\n\n\u001b[31mc${'é'.repeat(1000)}`))
  const result = await open().send(deliveryTo(rude.url))
  expect(result).toMatchObject({ error: matching(/^The endpoint answered 500: a b \[31mcé+…$/) })
})

test('an endpoint that is not there is a failure with its reason', async () => {
  const receiver = await startReceiver()
  await receiver.close()
  expect(await open().send(deliveryTo(receiver.url))).toMatchObject({
    outcome: 'failed',
    status: null,
    error: containing('ECONNREFUSED'),
  })
  const unknown = await open().send(deliveryTo('https://does-not-exist.invalid/'))
  expect(unknown).toMatchObject({ outcome: 'failed', status: null })
})

/** A name server of the attacker's: public when asked first, private afterwards, or both at once. */
function hostileResolver(...answers: string[][]): NonNullable<SenderOptions['resolve']> {
  let asked = 0
  return async () => {
    const addresses = answers[Math.min(asked++, answers.length - 1)] ?? []
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  }
}

test.each([
  ['itself', ['127.0.0.1']],
  ['the metadata service', ['169.254.169.254']],
  ['a public address beside a private one', ['8.8.8.8', '127.0.0.1']],
  ['an address in IPv6 clothes', ['::ffff:127.0.0.1']],
])('a name that points at %s is refused at the connection, without a byte sent', async (_what, addresses) => {
  const victim = await receive()
  const port = new URL(victim.url).port
  const sender = open({ allowPrivate: false, resolve: hostileResolver(addresses) })
  const result = await sender.send(deliveryTo(`https://rebound.example:${port}/`))
  expect(result).toMatchObject({ outcome: 'failed', status: null, error: containing('private address') })
  expect(victim.messages).toEqual([])
})

test('the address that was checked is the one connected to: the name is not asked again', async () => {
  const receiver = await receive()
  // A second question would be answered by an address where nobody listens.
  const sender = open({ resolve: hostileResolver(['127.0.0.1'], ['127.0.0.2']) })
  const url = receiver.url.replace('127.0.0.1', 'hooks.example')
  expect(await sender.send(deliveryTo(url))).toEqual({ outcome: 'delivered', status: 204 })
  expect(receiver.messages).toHaveLength(1)
})

test('an endpoint stored while private addresses were allowed is not called once they are not', async () => {
  const receiver = await receive()
  const result = await open({ allowPrivate: false }).send(deliveryTo(receiver.url))
  expect(result).toMatchObject({ outcome: 'failed', error: containing('ALLOW_PRIVATE_WEBHOOKS') })
  const literal = await open({ allowPrivate: false }).send(deliveryTo(receiver.url.replace('http:', 'https:')))
  expect(literal).toMatchObject({ outcome: 'failed', error: containing('private address 127.0.0.1') })
  expect(receiver.messages).toEqual([])
})
