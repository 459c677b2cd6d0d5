import { Misconfigured } from '@bailiwick/core'

/** Where a service is: what stands before the path of each request. */
export interface ServiceUrl {
  readonly origin: string
  /** What stands before every path; often nothing. */
  readonly prefix: string
}

/**
 * Read where a service is: `https://authz.internal:4100`, with a path where the API does not begin at the root.
 *
 * @throws {Misconfigured} naming the option `url`, and never its value, which may hold a password.
 */
export function readServiceUrl(value: string | URL): ServiceUrl {
  const url = URL.canParse(String(value)) ? new URL(value) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || hasMore(url)) {
    throw new Misconfigured('`url` must be an http or https URL without a name, a password or a query')
  }
  return { origin: url.origin, prefix: url.pathname.replace(/\/+$/, '') }
}

function hasMore({ username, password, search }: URL): boolean {
  return username !== '' || password !== '' || search !== ''
}
