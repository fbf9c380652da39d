// Ids with a prefix that tells the noun: 48 bits of time and 80 random ones in Crockford's base 32, so that ids sort
// by when they were made and never need a sequence. Order that matters is kept by `sequence` columns, not by ids.
import { randomBytes } from 'node:crypto'

const prefixes = [
  'doc',
  'upd',
  'sed',
  'prb',
  'evl',
  'alr',
  'whk',
  'evt',
  'dlv',
  'mod',
  'key',
  'aud',
  'upl',
  'fil',
  'ftj',
  'prc',
] as const
export type IdPrefix = (typeof prefixes)[number]

export function isIdPrefix(text: string): text is IdPrefix {
  return prefixes.some((prefix) => prefix === text)
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** `doc_01k3…`: the prefix and 26 characters. */
export function newId(prefix: IdPrefix, now: number = Date.now()): string {
  const bytes = Buffer.concat([Buffer.alloc(6), randomBytes(10)])
  bytes.writeUIntBE(now, 0, 6)
  let rest = BigInt(`0x${bytes.toString('hex')}`)
  let text = ''
  for (let digit = 0; digit < 26; digit++) {
    text = alphabet.charAt(Number(rest % 32n)) + text
    rest /= 32n
  }
  return `${prefix}_${text}`
}
