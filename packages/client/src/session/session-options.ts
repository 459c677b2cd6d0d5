/** Filled by the session room; see createSessionVerifier. */
export interface SessionOptions {
  readonly issuer: string | readonly string[]
  readonly audience: string | readonly string[]
  readonly jwksUrl?: string
}
