import { Misconfigured, shown } from '@bailiwick/core'
import type { SessionOptions, SessionTuning } from '../session-options.js'

export interface Auth0Options extends SessionTuning {
  /** Your tenant's domain or custom domain, without `https://`: `acme.eu.auth0.com`. */
  readonly domain: string
  /** The identifier of your API in Auth0. */
  readonly audience: string | readonly string[]
  /**
   * What the names of your custom claims begin with, as your Action writes them: `https://acme.example/`. Roles and
   * the membership id are read from there; `org_id` and `permissions` are Auth0's own.
   */
  readonly namespace?: string
}

/**
 * Sessions of Auth0. Turn on "Enable RBAC" and "Add Permissions in the Access Token" for the API, and let people
 * log in to an organization, so that the token carries `permissions` and `org_id`.
 *
 * @throws {Misconfigured} when the domain is not a plain host name.
 */
export function auth0(options: Auth0Options): SessionOptions {
  const { domain, namespace = '', ...rest } = options
  const origin = `https://${domain}`
  if (!URL.canParse(origin) || new URL(origin).host !== domain) {
    throw new Misconfigured(
      `\`domain\` must be a host name such as \`acme.eu.auth0.com\`, not ${shown(domain)}`,
    )
  }
  return {
    algorithms: ['RS256', 'PS256'],
    ...rest,
    issuer: `${origin}/`,
    jwksUrl: `${origin}/.well-known/jwks.json`,
    claims: {
      role: `${namespace}role`,
      roles: `${namespace}roles`,
      membershipId: `${namespace}organization_membership_id`,
    },
  }
}
