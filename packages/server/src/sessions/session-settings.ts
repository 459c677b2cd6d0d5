import { readPublicUrl } from '../http/public-url.js'

/** How the service signs people in: for development, for tests, and where it stands in for an identity provider. */
export interface SessionOptions {
  /** Where the service is reached; `iss` is `<issuer>/user_management/<client id>`. Default: its public address. */
  readonly issuer?: string
  /** The client whom a minted session is for, where the request names none. Default `client_development`. */
  readonly clientId?: string
  /** From `iat` to `exp`. Default 300. */
  readonly accessTokenSec?: number
  /** How long a session can be refreshed. Default 30 days. */
  readonly sessionSec?: number
  /** Whether sessions are made without a sign-in. Default: only while `NODE_ENV` is not `production`. */
  readonly minting?: 'enabled' | 'disabled'
  /** Origins to which a browser may be led after a log-out, besides those of this machine. */
  readonly returnOrigins?: readonly string[]
}

/** The options, filled in. */
export interface SessionSettings extends Required<Omit<SessionOptions, 'issuer'>> {
  /** Known once the service listens. */
  readonly issuer: () => string
}

const day = 24 * 60 * 60

/**
 * Fill in what is left open.
 *
 * @param publicUrl - The address of the service.
 * @param environment - Of the process.
 * @throws {Misconfigured} for an issuer that is no address.
 */
export function sessionSettings(
  { issuer, ...options }: SessionOptions,
  publicUrl: () => string,
  environment: { readonly NODE_ENV?: string | undefined } = process.env,
): SessionSettings {
  const given = issuer === undefined ? undefined : readPublicUrl(issuer, 'issuer')
  return {
    issuer: () => given ?? publicUrl(),
    clientId: 'client_development',
    accessTokenSec: 300,
    sessionSec: 30 * day,
    minting: environment.NODE_ENV === 'production' ? 'disabled' : 'enabled',
    returnOrigins: [],
    ...options,
  }
}
