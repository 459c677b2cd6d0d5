import { Misconfigured, shown } from '@bailiwick/core'

/**
 * Read the `jwksUrl` setting. Whoever can answer for this address can sign in as anybody, so it must be reached
 * over TLS, or not leave the machine.
 *
 * @throws {Misconfigured} for anything else.
 */
export function parseJwksUrl(value: unknown): URL {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined
  const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (url === undefined || !secure || url.username !== '' || url.password !== '') {
    throw new Misconfigured(
      `\`session.jwksUrl\` must be an \`https:\` address (\`http:\` for this machine only) without a password; it is ${url === undefined ? 'no address' : shown(`${url.protocol}//${url.host}`)}`,
    )
  }
  return url
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}
