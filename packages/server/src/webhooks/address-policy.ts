import { BlockList, isIP } from 'node:net'
import { InputInvalid } from '@bailiwick/core'

/**
 * Where webhooks may go. `public`: over HTTPS to addresses that everybody can reach. `private`: also over HTTP, and to
 * this machine and its networks. Neither leads to link-local addresses, where clouds hand out the machine's own
 * credentials, nor to what is no address of one machine.
 */
export type WebhookTargets = 'public' | 'private'

/** Whether an address may be connected to. @param address - As `node:net` has it, without brackets. */
export function mayConnect(address: string, targets: WebhookTargets): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (isIP(address) === 0 || never.check(address, family)) return false
  return targets === 'private' || !inside.check(address, family)
}

/**
 * A URL to which webhooks may be sent, as far as it says itself. What its host resolves to is looked at each time.
 *
 * @throws {InputInvalid}
 */
export function requireTarget(url: string, targets: WebhookTargets): void {
  const { protocol, host, hostname, username, password } = new URL(url)
  const refuse = (problem: string) => {
    // Only its host: the rest may hold a secret.
    throw new InputInvalid('endpointUrl', problem, host)
  }
  if (protocol !== 'https:' && !(protocol === 'http:' && targets === 'private'))
    refuse('must begin with `https:`')
  if (username !== '' || password !== '') refuse('must not hold a user name or a password')
  const address = hostOf(hostname)
  if (isIP(address) !== 0 && !mayConnect(address, targets))
    refuse('leads to an address to which this service sends nothing')
}

/** A host without the brackets that an address of IPv6 has in a URL. */
export function hostOf(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1')
}

// `BlockList` knows addresses of IPv4 within those of IPv6 (`::ffff:10.0.0.1`) by itself.
const never = listOf(
  ['0.0.0.0', 8],
  // Link-local, and with it the metadata services of most clouds; then those of the others.
  ['169.254.0.0', 16],
  ['168.63.129.16', 32],
  ['100.100.100.200', 32],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
  ['fd00:ec2::', 32],
  // Addresses of IPv4 in disguise.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['2001::', 32],
)

const inside = listOf(
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['::1', 128],
  ['fc00::', 7],
  ['2001:db8::', 32],
)

function listOf(...subnets: readonly (readonly [address: string, prefix: number])[]): BlockList {
  const list = new BlockList()
  for (const [address, prefix] of subnets)
    list.addSubnet(address, prefix, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  return list
}
