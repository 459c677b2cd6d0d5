import { Misconfigured, type Session } from '@bailiwick/core'
import { jwksFetcher } from './keys/fetch-jwks.js'
import { givenKeys } from './keys/given-keys.js'
import { parseJwksUrl } from './keys/jwks-url.js'
import type { KeySource } from './keys/key-source.js'
import { RemoteKeys } from './keys/remote-keys.js'
import type { SessionOptions } from './session-options.js'
import { readJwksTimings, readSessionSettings, type SessionSettings } from './session-settings.js'
import type { SessionVerifier } from './session-verifier.js'
import { VerifiedTokens } from './verified-tokens.js'
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
  const flights = new Map<string, Promise<Session>>()

  const isInTime = ({ verifiedAtMs, session }: VerifiedToken, nowMs: number) =>
    nowMs >= verifiedAtMs && nowMs < session.expiresAt * 1_000

  /** What is remembered is worth exactly what verifying again would yield, or it is forgotten. */
  async function recall(token: string): Promise<Session | undefined> {
    const known = verified.get(token)
    if (known === undefined) return undefined
    if (isInTime(known, settings.clock()) && (await keys.find(known.key.kid)) === known.key)
      return known.session
    verified.delete(token)
    return undefined
  }

  async function verifyAndRemember(token: string): Promise<Session> {
    const fresh = await verifyToken(token, settings, keys)
    verified.set(token, fresh)
    return fresh.session
  }

  return {
    known(token) {
      const known = verified.get(token)
      if (known === undefined) return undefined
      const nowMs = settings.clock()
      const isStillGood = isInTime(known, nowMs) && keys.peek(known.key.kid, nowMs) === known.key
      return isStillGood ? known.session : undefined
    },
    async verify(token) {
      const recalled = await recall(token)
      if (recalled !== undefined) return recalled
      const underway = flights.get(token)
      if (underway !== undefined) return underway
      const flight = verifyAndRemember(token).finally(() => flights.delete(token))
      flights.set(token, flight)
      return flight
    },
  }
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
