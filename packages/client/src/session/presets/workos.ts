import { Misconfigured, shown } from '@bailiwick/core'
import { AudienceRule, readNames } from '../audience.js'
import type { SessionOptions, SessionTuning } from '../session-options.js'

export interface WorkosOptions extends SessionTuning {
  /** `client_…`, from the WorkOS dashboard. */
  readonly clientId: string
  /** Where WorkOS, or whatever stands in for it, answers. Default `https://api.workos.com`. */
  readonly apiUrl?: string
  /** `iss` where it is neither of the forms of `apiUrl`: a custom authentication domain, with its final slash. */
  readonly issuer?: string | readonly string[]
}

/**
 * Sessions of WorkOS AuthKit.
 *
 * Organization-level roles and permissions come with every token of an organization. The membership id comes once
 * the JWT template says `{ "organization_membership_id": "{{ organization_membership.id }}" }`; without it the
 * engine finds the membership by user and organization.
 *
 * @throws {Misconfigured} when there is no client id, or the address is none.
 */
export function workos(options: WorkosOptions): SessionOptions {
  const { clientId, apiUrl = 'https://api.workos.com', issuer, ...rest } = options
  readNames('clientId', clientId, 'your WorkOS client id, `client_…`')
  if (!URL.canParse(apiUrl)) throw new Misconfigured(`\`apiUrl\` must be an address, not ${shown(apiUrl)}`)
  const { origin } = new URL(apiUrl)
  return {
    algorithms: ['RS256'],
    ...rest,
    // The documentation names the first form; production tokens carry the second.
    issuer: issuer ?? [`${origin}/`, `${origin}/user_management/${clientId}`],
    // Tokens may come without `aud`. The keys at this address sign for this client alone, so that the signature
    // already says whom a token is for; what it says in claims must not contradict that.
    audience: AudienceRule.whenPresent(['aud', 'client_id'], [clientId]),
    jwksUrl: `${origin}/sso/jwks/${encodeURIComponent(clientId)}`,
  }
}
