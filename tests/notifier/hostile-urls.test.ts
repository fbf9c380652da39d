// Addresses that somebody would like the notifier to call for him. Canaries listen on every address of this machine, and
// each attempt of this process to connect to anything is counted besides, so that addresses elsewhere count too.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openSender, type SenderOptions } from '../../services/notifier/deliver.ts'
import type { ClaimedDelivery } from '../../shared/webhooks/claim-deliveries.ts'
import { allowPrivateSchema } from '../../shared/webhooks/public-address.ts'
import { startReceiver } from '../support/webhooks.ts'

/** Spellings of this machine: decimal, octal, hexadecimal, short, in other digits, in IPv6. All reach the canaries. */
const ownAddresses = [
  ...['127.0.0.1', '127.1', '127.0.1', '127.8.9.10', '127.255.255.254', '0.0.0.0', '0', '2130706433', '017700000001'],
  ...['0x7f000001', '0x7f.0.0.1', '0x7f.1', '0177.0.0.1', '0177.0.0.01', '127.0.0.1.', '127.0x0.0.1', '127.000.0.1'],
  ...['%31%32%37.0.0.1', '１２７.０.０.１', '127。0。0。1', '①②⑦.⓪.⓪.①', 'localhost', 'LOCALHOST'],
  ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:127.0.0.1]'],
]

/** Not this machine, or not on every machine; nobody is to be called there either. */
const otherAddresses = [
  ...['10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.254', '192.168.0.1', '100.64.0.1', '198.18.0.1'],
  ...['192.0.2.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '0.1.2.3'],
  // Metadata services: AWS (also in numbers), its container roles and name server, Alibaba, Azure, Oracle.
  ...['169.254.169.254', '2852039166', '0xA9FEA9FE', '0251.0376.0251.0376', '169.254.170.2', '169.254.169.253'],
  ...['100.100.100.200', '168.63.129.16', '192.0.0.192'],
  // IPv6: loopback, unspecified, IPv4 inside (compatible, translated, NAT64, 6to4, Teredo), local, multicast, the rest.
  ...['[::1]', '[0:0:0:0:0:0:0:1]', '[::]', '[::127.0.0.1]', '[::7f00:1]', '[::ffff:0:127.0.0.1]'],
  ...['[64:ff9b::127.0.0.1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2002:a9fe:a9fe::]'],
  ...['[2001:0:7f00:1::]', '[::ffff:169.254.169.254]', '[::ffff:10.0.0.1]', '[fe80::1]', '[fec0::1]', '[fc00::1]'],
  ...[
    '[fd00:ec2::254]',
    '[fd20:ce::254]',
    '[ff02::1]',
    '[100::1]',
    '[2001:db8::1]',
    '[3fff::1]',
    '[5f00::1]',
    '[4000::1]',
  ],
  ...['localhost.', 'sub.localhost', 'a.b.localhost.'],
]

/** Where the trick is not in the host. */
const otherForms = (port: number): string[] => [
  ...[`http://127.0.0.1:${port}/`, `http://localhost:${port}/`, `http://[::1]:${port}/`, `http://8.8.8.8:${port}/`],
  ...[
    `https:127.0.0.1:${port}`,
    `https:///127.0.0.1:${port}/`,
    `HTTPS://127.0.0.1:${port}/`,
    `https:\\\\127.0.0.1:${port}`,
  ],
  ...[`https://127.0.\t0.1:${port}/`, ` https://127.0.0.1:${port}/ `, `https://127.0.0.1:${port}\\@example.com/`],
  ...[
    `https://example.com@127.0.0.1:${port}/`,
    `https://me:you@127.0.0.1:${port}/`,
    `https://127.0.0.1:${port}#@example.com`,
  ],
  ...[
    `ftp://127.0.0.1:${port}/`,
    `ws://127.0.0.1:${port}/`,
    `gopher://127.0.0.1:${port}/`,
    `http+unix://%2Ftmp%2Fsocket/`,
  ],
  ...['file:///etc/passwd', 'data:text/plain,x', 'javascript:1', `//127.0.0.1:${port}/`, `127.0.0.1:${port}`, ''],
]

/** What an attacker's name server says about his name. */
const hostileAnswers = [
  ...[
    ['127.0.0.1'],
    ['::1'],
    ['0.0.0.0'],
    ['::'],
    ['10.0.0.5'],
    ['169.254.169.254'],
    ['168.63.129.16'],
    ['fd00:ec2::254'],
  ],
  ...[['::ffff:127.0.0.1'], ['64:ff9b::7f00:1'], ['::127.0.0.1'], ['fe80::1%lo'], ['2002:7f00:1::'], ['127.1'], []],
  // One good address does not buy the other.
  ...[
    ['8.8.8.8', '127.0.0.1'],
    ['2606:4700:4700::1111', '::1'],
  ],
]

let canaries: Server[]
let port: number
const reached: string[] = []
const attempted: string[] = []

function countAttempts(message: unknown): void {
  const { socket } = message as { socket: Socket }
  socket.on('connectionAttempt', (address: string) => attempted.push(address))
}

async function listen(host: string, onPort: number): Promise<Server> {
  const server = createServer((socket) => {
    reached.push(host)
    socket.on('error', () => undefined).destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ host, port: onPort, ipv6Only: true }, resolve)
  })
  return server
}

beforeAll(async () => {
  const first = await listen('0.0.0.0', 0)
  port = (first.address() as AddressInfo).port
  // A machine without IPv6 has nothing to guard there.
  const second = await listen('::', port).catch(() => undefined)
  canaries = second === undefined ? [first] : [first, second]
  subscribe('net.client.socket', countAttempts)
})
afterAll(() => {
  unsubscribe('net.client.socket', countAttempts)
  canaries.forEach((server) => server.close())
})
beforeEach(() => {
  reached.length = 0
  attempted.length = 0
})

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function send(url: string, options: Partial<SenderOptions> = {}) {
  const settings = { allowPrivate: false, publicUrl: 'http://here', timeoutSeconds: 5, now: () => new Date() }
  const sender = openSender({ ...settings, ...options })
  closing.push(() => sender.close())
  const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
  const delivery: ClaimedDelivery = {
    ...{ id: 'dlv_1', attempt: 1, replayedAfter: 0 },
    webhook: { id: 'whk_1', url, secrets: [secret] },
    event: { id: 'evt_1', type: 'update.promoted', createdAt: new Date(), payload: {} },
  }
  return sender.send(delivery)
}

const resolveTo =
  (addresses: string[]): NonNullable<SenderOptions['resolve']> =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

test('the canaries hear those who are let through: each spelling of this machine leads to them', async () => {
  for (const host of ownAddresses) {
    reached.length = 0
    await send(`http://${host}:${port}/`, { allowPrivate: true })
    expect(reached.length, host).toBeGreaterThan(0)
  }
  expect(attempted.length).toBeGreaterThanOrEqual(ownAddresses.length)
})

test('nobody is called at an address that is not public, however it is written', async () => {
  const urls = [
    ...[...ownAddresses, ...otherAddresses].flatMap((host) => [`https://${host}:${port}/`, `http://${host}:${port}/`]),
    ...otherForms(port),
  ]
  expect(new Set(urls).size).toBeGreaterThan(100)
  for (const url of urls) expect(await send(url), url).toMatchObject({ outcome: 'failed', status: null })
  expect({ reached, attempted }).toEqual({ reached: [], attempted: [] })
})

test('nobody is called at an address that is not public, whatever a name server says', async () => {
  for (const addresses of hostileAnswers) {
    const result = await send(`https://hooks.example:${port}/`, { resolve: resolveTo(addresses) })
    expect(result, String(addresses)).toMatchObject({ outcome: 'failed', status: null })
  }
  // http is for addresses that were allowed by name, which a public one is not.
  await send(`http://hooks.example:${port}/`, { resolve: resolveTo(['8.8.8.8']), allowPrivate: rangesOf('127.0.0.9') })
  expect({ reached, attempted }).toEqual({ reached: [], attempted: [] })
})

function rangesOf(text: string) {
  return allowPrivateSchema.parse(text)
}

test('a range that is allowed is called, its neighbours are not: by number, by name, by redirect', async () => {
  const allowed = await startReceiver((response, { path }) => {
    if (path === '/taken') response.writeHead(204).end()
    else response.writeHead(307, { location: `http://127.0.0.3:${port}/` }).end()
  })
  closing.push(() => allowed.close())
  const ownPort = new URL(allowed.url).port
  const allowPrivate = rangesOf('127.0.0.1, fd00::/8')
  expect(await send(`http://127.0.0.1:${ownPort}/taken`, { allowPrivate })).toMatchObject({ outcome: 'delivered' })
  const byName = { allowPrivate, resolve: resolveTo(['127.0.0.1']) }
  expect(await send(`http://hooks.example:${ownPort}/taken`, byName)).toMatchObject({ outcome: 'delivered' })
  expect(await send(`http://127.0.0.1:${ownPort}/moved`, { allowPrivate })).toMatchObject({ status: 307 })
  expect(new Set(attempted)).toEqual(new Set(['127.0.0.1']))

  attempted.length = 0
  for (const host of ['127.0.0.3', '10.0.0.1', '[::1]', '[fc00::1]', '[::ffff:127.0.0.3]', '8.8.8.8'])
    expect(await send(`http://${host}:${port}/`, { allowPrivate }), host).toMatchObject({ status: null })
  for (const addresses of [['127.0.0.3'], ['127.0.0.1', '127.0.0.3'], ['::1']])
    await send(`http://hooks.example:${port}/`, { allowPrivate, resolve: resolveTo(addresses) })
  expect({ reached, attempted }).toEqual({ reached: [], attempted: [] })
})

test('a name that changes its mind between two questions leads where it was checked', async () => {
  const allowed = await startReceiver()
  closing.push(() => allowed.close())
  let asked = 0
  const rebinding = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '127.0.0.3', family: 4 }]
  const url = `http://rebinding.example:${new URL(allowed.url).port}/`
  const allowPrivate = rangesOf('127.0.0.1/32')
  expect(await send(url, { allowPrivate, resolve: rebinding })).toMatchObject({ outcome: 'delivered' })
  expect(attempted).toEqual(['127.0.0.1'])
  // A second try asks again, and is refused.
  expect(await send(url, { allowPrivate, resolve: rebinding })).toMatchObject({ outcome: 'failed', status: null })
  expect(attempted).toEqual(['127.0.0.1'])
})

test.each(['perhaps', '127.0.0.1;10.0.0.0/8', '10', '0x7f.1', '127.0.0.1/33', 'localhost', '127.0.0.1,'])(
  '%s is no list of ranges',
  (text) => {
    expect(allowPrivateSchema.safeParse(text).success).toBe(false)
  },
)
