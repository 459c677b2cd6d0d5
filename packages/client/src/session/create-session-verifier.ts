import { Misconfigured, type Session } from '@bailiwick/core'
import { jwksFetcher } from './keys/fetch-jwks.js'
import { givenKeys } from './keys/given-keys.js'
import { parseJwksUrl } from './keys/jwks-url.js'
import type { KeySource } from './keys/key-source.js'
import { RemoteKeys } from './keys/remote-keys.js'
import { malformed } from './refusals.js'
import type { SessionOptions } from './session-options.js'
import { readJwksTimings, readSessionSettings, type SessionSettings } from './session-settings.js'
import type { SessionVerifier } from './session-verifier.js'
import { tailOf, VerifiedTokens } from './verified-tokens.js'
import { type VerifiedToken, verifyToken } from './verify-token.js'

/**
 * Make the verifier of one issuer's session tokens. Nothing is fetched until the first token comes.
 *
 * Verified tokens are remembered until `exp`, in this verifier only, so that a token costs one signature check
 * however many requests bring it; many that bring it at once share that check. What failed is not remembered.
 *
 * @throws {Misconfigured} naming the option that is missing or wrong.
 *
 * @example
 * const sessions = createSessionVerifier({ issuer, audience, jwksUrl })
 * const session = await sessions.verify(token)
 */
export function createSessionVerifier(options: SessionOptions): SessionVerifier {
  const settings = readSessionSettings(options)
  const keys = keysOf(options, settings)
  const verified = new VerifiedTokens(settings.cacheSize)
  const flights = new Map<string, Flight>()

  const isInTime = ({ verifiedAtMs, session }: VerifiedToken, nowMs: number) =>
    nowMs >= verifiedAtMs && nowMs < session.expiresAt * 1_000

  /** What is remembered is worth exactly what verifying again would yield, or it is forgotten. */
  async function recall(token: string, known: VerifiedToken): Promise<Session> {
    if (isInTime(known, settings.clock()) && (await keys.find(known.key.kid)) === known.key)
      return known.session
    verified.delete(token)
    return share(token)
  }

  /** Under way once for all who bring the token meanwhile. */
  function share(token: string): Promise<Session> {
    const tail = tailOf(token)
    const underway = flights.get(tail)
    if (underway?.token === token) return underway.session
    const flight = { token, session: verifyAndRemember(token, tail) }
    flights.set(tail, flight)
    return flight.session
  }

  async function verifyAndRemember(token: string, tail: string): Promise<Session> {
    try {
      const fresh = await verifyToken(token, settings, keys)
      verified.set(token, fresh)
      return fresh.session
    } finally {
      // Another token with the same end may have taken the place.
      if (flights.get(tail)?.token === token) flights.delete(tail)
    }
  }

  return {
    known(authorization) {
      const known = verified.broughtBy(authorization)
      if (known === undefined) return undefined
      const nowMs = settings.clock()
      const isStillGood = isInTime(known, nowMs) && keys.peek(known.key.kid, nowMs) === known.key
      return isStillGood ? known.session : undefined
    },
    async verify(token: unknown) {
      if (typeof token !== 'string') throw malformed('the token is not a string')
      const known = verified.get(token)
      return known === undefined ? share(token) : recall(token, known)
    },
  }
}

/** A token that is being verified. */
interface Flight {
  readonly token: string
  readonly session: Promise<Session>
}

function keysOf(options: SessionOptions, { clock }: SessionSettings): KeySource {
  if ((options.jwksUrl === undefined) === (options.keys === undefined)) {
    throw new Misconfigured(
      '`session` needs either `jwksUrl` or `keys`: where the public keys of the issuer are',
    )
  }
  if (options.keys !== undefined) return givenKeys(options.keys)
  const url = parseJwksUrl(options.jwksUrl)
  const timings = readJwksTimings(options.jwks)
  const fetchJwks = jwksFetcher(url, timings.timeoutMs)
  return new RemoteKeys({ ...timings, fetchJwks, clock, url: `${url.origin}${url.pathname}` })
}
