// Which IP addresses a webhook may be sent to: the globally routable ones, so that nobody can make the notifier knock
// at the services beside it (metadata endpoints, databases, this API). Everything that ipaddr.js gives a name other
// than `unicast` is refused: private, loopback, link-local, carrier-grade NAT, multicast, reserved, and the IPv6 forms
// that carry an IPv4 address inside (6to4, Teredo, NAT64). What an operator allows beside them is a list of ranges.
import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js'
import { z } from 'zod'

/** A network and the length of its prefix in bits. */
export type AddressRange = [IPv4 | IPv6, number]

/** Private addresses, and http to them: none, those in the ranges, or all and http to anybody. */
export type AllowPrivate = boolean | readonly AddressRange[]

/** Of IPv6 only this part is given out (RFC 4291); the rest, `::127.0.0.1` for one, ipaddr.js may call unicast. */
const globalUnicast = ipaddr.parseCIDR('2000::/3')

/** Public by its number, but on every Azure machine the host's own metadata and key service. */
const azureHost = '168.63.129.16'

/** `address` as dns or a URL's hostname gives it, IPv6 without brackets. False for what is no address. */
export function isPublicAddress(address: string): boolean {
  const parsed = parseAddress(address)
  if (parsed === undefined || parsed.range() !== 'unicast') return false
  return parsed.kind() === 'ipv6' ? parsed.match(globalUnicast) : parsed.toString() !== azureHost
}

/** Whether the operator has allowed this private address. False for what is no address. */
export function isAllowedPrivate(address: string, allowPrivate: AllowPrivate): boolean {
  if (typeof allowPrivate === 'boolean') return allowPrivate
  const parsed = parseAddress(address)
  return parsed !== undefined && allowPrivate.some((range) => range[0].kind() === parsed.kind() && parsed.match(range))
}

/** `true`, `false`, or addresses and ranges with commas between: `127.0.0.1,10.2.0.0/16,fd00::/8`. */
export const allowPrivateSchema = z.string().transform((text, context): AllowPrivate => {
  const word = z.stringbool().safeParse(text)
  if (word.success) return word.data
  const parts = text.split(',').map((part) => part.trim())
  const ranges = parts.flatMap((part) => {
    // Four numbers in full: the library takes `10` for an address too.
    if (ipaddr.IPv4.isValidCIDRFourPartDecimal(part) || ipaddr.IPv6.isValidCIDR(part)) return [ipaddr.parseCIDR(part)]
    if (!ipaddr.IPv4.isValidFourPartDecimal(part) && !ipaddr.IPv6.isValid(part)) return []
    const address = ipaddr.parse(part)
    return [[address, address.kind() === 'ipv4' ? 32 : 128] satisfies AddressRange]
  })
  if (ranges.length === parts.length) return ranges
  context.addIssue('must be true, false or addresses and ranges like 127.0.0.1,10.2.0.0/16')
  return z.NEVER
})

/** `::ffff:127.0.0.1` is the IPv4 address in it. */
function parseAddress(address: string): IPv4 | IPv6 | undefined {
  return ipaddr.isValid(address) ? ipaddr.process(address) : undefined
}
