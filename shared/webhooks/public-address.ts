// Which IP addresses a webhook may be sent to: the globally routable ones alone, so that nobody can make the notifier
// knock at the services beside it (metadata endpoints, databases, this API). Everything that ipaddr.js gives a name
// other than `unicast` is refused: private, loopback, link-local, carrier-grade NAT, multicast, reserved, and the
// IPv6 forms that carry an IPv4 address inside (6to4, Teredo, NAT64).
import ipaddr from 'ipaddr.js'

/** `address` as dns or a URL's hostname gives it, IPv6 without brackets. False for what is no address. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  // `process` unwraps ::ffff:127.0.0.1.
  return ipaddr.process(address).range() === 'unicast'
}
