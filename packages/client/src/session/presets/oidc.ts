import type { ClaimNames } from '../claim-names.js'
import type { SessionOptions, SessionTuning } from '../session-options.js'

export interface OidcOptions extends SessionTuning {
  /** `issuer` of the provider's `/.well-known/openid-configuration`, byte by byte. */
  readonly issuer: string
  /** The `aud` that the provider puts into access tokens for this API. */
  readonly audience: string | readonly string[]
  /** `jwks_uri` of the same document. */
  readonly jwksUrl: string
  /** Where organization, membership, roles and permissions stand, when not under our default names. */
  readonly claims?: Partial<ClaimNames>
}

/** Sessions of any OpenID Connect provider whose access tokens are JWTs. */
export function oidc(options: OidcOptions): SessionOptions {
  return options
}
