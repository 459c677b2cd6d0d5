const thisMachine = ['localhost', '127.0.0.1', '[::1]']

/**
 * Whether a browser may be led to an address after a log-out: one of this machine, or of an origin that the operator
 * allows. Anything else would make the service lead people wherever a link says.
 */
export function mayReturnTo(address: string, allowedOrigins: readonly string[]): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname, origin } = new URL(address)
  if (protocol !== 'http:' && protocol !== 'https:') return false
  return thisMachine.includes(hostname) || allowedOrigins.includes(origin)
}
