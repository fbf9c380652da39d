import { expect, test } from 'vitest'
import { isPublicAddress } from '../../../shared/webhooks/public-address.ts'
import { parseWebhookUrl } from '../../../shared/webhooks/webhook-url.ts'

test.each([
  '127.0.0.1',
  '127.8.8.8',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254', // the metadata service of a cloud machine
  '100.64.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '192.0.2.1',
  '198.18.0.1',
  '::',
  '::1',
  'fe80::1',
  'fd00:ec2::254',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:0:1::1',
  'not an address',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each(['8.8.8.8', '93.184.215.14', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})

test.each([
  ['nonsense', 'absolute URL'],
  ['/hooks', 'absolute URL'],
  ['ftp://example.com/', 'https://'],
  ['file:///etc/passwd', 'https://'],
  ['http://example.com/', 'https://'],
  ['https://user:secret@example.com/', 'user name or password'],
  ['https://127.0.0.1/', 'private address 127.0.0.1'],
  ['https://2130706433/', 'private address 127.0.0.1'], // the same, as one number
  ['https://0x7f.1/', 'private address 127.0.0.1'],
  ['https://[::1]/', 'private address ::1'],
  ['https://[::ffff:10.0.0.1]/', 'private address'],
  ['https://localhost:8443/', 'localhost'],
  ['https://db.localhost./', 'localhost'],
])('%s is refused: %s', (url, reason) => {
  expect(() => parseWebhookUrl(url, { allowPrivate: false })).toThrow(reason)
  expect(() => parseWebhookUrl(url, { allowPrivate: false })).toThrow(
    expect.objectContaining({ code: 'invalid_request', field: 'url' }),
  )
})

test('an endpoint on the own machine is taken where that is allowed, a wrong scheme or a password is not', () => {
  const allowed = { allowPrivate: true }
  expect(parseWebhookUrl('http://localhost:9000/hooks', allowed).href).toBe('http://localhost:9000/hooks')
  expect(parseWebhookUrl('http://10.0.0.7/#part', allowed).href).toBe('http://10.0.0.7/')
  expect(() => parseWebhookUrl('file:///etc/passwd', allowed)).toThrow('https://')
  expect(() => parseWebhookUrl('http://me:you@localhost/', allowed)).toThrow('user name')
})
