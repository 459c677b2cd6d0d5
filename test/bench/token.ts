import { createSessionVerifier } from '@bailiwick/client'
import { createIssuer } from '@bailiwick/testing'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { atMost, type Findings } from './goals.js'
import { loopAsync, measure, report, timesTheCost } from './measure.js'
import { measureDifference } from './pairs.js'

/** Verification of one issuer's tokens, cached and uncached, against bare `jose` with the same keys. */
export async function benchToken(effort: {
  readonly rounds: number
  readonly ms: number
}): Promise<Findings> {
  const issuer = await createIssuer({ algorithm: 'RS256' })
  const permissions = Array.from({ length: 20 }, (_, index) => `area-${index}:manage`)
  const tokens = await Promise.all(
    Array.from({ length: 400 }, (_, index) =>
      issuer.token({
        user: `user_${index}`,
        organization: 'org_01J9ZQ3V5K7M2N4P6R8S0T1V2W',
        membership: `om_${String(index).padStart(26, '0')}`,
        roles: ['member'],
        permissions,
        expiresInSec: 3_600,
      }),
    ),
  )
  const token = (index: number) => tokens[index % tokens.length] as string
  const keys = createLocalJWKSet(issuer.jwks as JSONWebKeySet)
  const expected = { issuer: issuer.issuer, audience: issuer.audience, algorithms: ['RS256'] }
  const warm = createSessionVerifier(issuer.sessionOptions)
  const cold = createSessionVerifier({ ...issuer.sessionOptions, cacheSize: 1 })
  const figures = await measure(
    [
      {
        name: 'jose jwtVerify, keys at hand',
        run: loopAsync((index) => jwtVerify(token(index), keys, expected)),
      },
      { name: 'verify, never seen before', run: loopAsync((index) => cold.verify(token(index))) },
      { name: 'verify, seen before', run: loopAsync((index) => warm.verify(token(index))) },
    ],
    effort,
  )
  report(`token: RS256, ${(tokens[0] as string).length} bytes`, figures, timesTheCost)
  const beyond = await measureDifference(
    (fresh: string) => jwtVerify(fresh, keys, expected),
    (fresh) => cold.verify(fresh),
    // In a new string, as it comes in over HTTP.
    (index) => Buffer.from(token(index)).toString('latin1'),
    effort.rounds * pairsPerRound,
  )
  const [low, median, high] = [beyond.low, beyond.median, beyond.high].map((each) => each.toFixed(1))
  console.log(
    `  never seen before, beyond jwtVerify: median of pairs ${median} µs, half of them ${low} – ${high} µs`,
  )
  return {
    figures: {},
    goals: [atMost(15, beyond.median, 'a token never seen before, beyond its signature', 'µs')],
  }
}

const pairsPerRound = 400
