import type { Algorithm } from './algorithms.js'
import type { AudienceRule } from './audience.js'
import type { ClaimNames, ClaimReader } from './claim-names.js'

/** A JSON Web Key set (RFC 7517 section 5), as an issuer publishes it. */
export interface JsonWebKeySet {
  readonly keys: readonly Readonly<Record<string, unknown>>[]
}

/** How long fetched keys are believed. All in milliseconds. */
export interface JwksTimings {
  /**
   * An unknown `kid` makes us look for new keys at most once in this time, however many such tokens come. Publish
   * a new key this long before you sign with it. At least 1 000; default 30 000.
   */
  readonly cooldownMs?: number
  /** A key that the issuer has withdrawn is refused after this time at the latest. Default 600 000 (10 min). */
  readonly maxAgeMs?: number
  /**
   * While the issuer does not answer, the last good keys serve until they are this old; then every token is
   * `KeysUnavailable`. At least `maxAgeMs`, at most and by default 86 400 000 (24 h).
   */
  readonly staleForMs?: number
  /** A fetch that takes longer, body included, has failed. 50 to 30 000; default 3 000. */
  readonly timeoutMs?: number
}

/** What every issuer may be given; the presets take these too. */
export interface SessionTuning {
  /** Signature algorithms allowed, asymmetric ones only. Default RS256, PS256, ES256, EdDSA and Ed25519. */
  readonly algorithms?: readonly Algorithm[]
  /** Seconds of skew allowed on `exp`, `nbf` and `iat`. 0 to 300; default 5. */
  readonly clockToleranceSec?: number
  /** A token that lives longer, from `iat` to `exp`, is refused. Seconds; default 86 400 (a day). */
  readonly maxLifetimeSec?: number
  /** Accepted `typ` headers, in any case; `null` is a token without one. Default `JWT`, `at+jwt` and `null`. */
  readonly types?: readonly (string | null)[]
  /**
   * Whether a token that an agent uses for a user (claim `act`) becomes a session with `actors`, or is refused.
   * `createAuthorizer({ agents })` sets it. Whoever accepts must decide by all of them. Default `refuse`.
   */
  readonly actors?: 'refuse' | 'accept'
  /** Timings of `jwksUrl`. */
  readonly jwks?: JwksTimings
  /** How many verified tokens are remembered until they expire. Default 10 000. */
  readonly cacheSize?: number
  /** The time as Unix milliseconds, for tests. Default `Date.now`. */
  readonly clock?: () => number
}

/** Who issues the sessions of an application, and what they must look like. */
export type SessionOptions = SessionTuning & {
  /** `iss`, compared byte by byte; a list where the issuer has several names. */
  readonly issuer: string | readonly string[]
  /**
   * Who the token must be for: `aud` must name one of these. Required, because a token of another application of
   * the same issuer is as well signed as ours. Only presets bind a token in another way.
   */
  readonly audience: string | readonly string[] | AudienceRule
  /** The claims that authorization reads. */
  readonly claims?: Partial<ClaimNames> | ClaimReader
} & (
    | {
        /** Where the issuer publishes its keys. `https:`, or `http:` on this machine. Redirects are not followed. */
        readonly jwksUrl: string
        readonly keys?: never
      }
    | {
        /** The issuer's public keys themselves; then nothing is fetched. Each needs a `kid`. */
        readonly keys: JsonWebKeySet
        readonly jwksUrl?: never
      }
  )
