import { Misconfigured, shown } from '@bailiwick/core'
import { type Algorithm, algorithms } from './algorithms.js'
import { type AudienceRule, readAudience, readNames } from './audience.js'
import { type ClaimNames, type ClaimReader, defaultClaimNames, readByName } from './claim-names.js'
import type { JwksTimings, SessionOptions } from './session-options.js'

/** Session options that have been checked, with every default filled in. */
export interface SessionSettings {
  readonly issuers: ReadonlySet<string>
  readonly audience: AudienceRule
  readonly algorithms: ReadonlySet<string>
  readonly types: ReadonlySet<string | null>
  readonly actors: 'refuse' | 'accept'
  readonly readClaims: ClaimReader
  readonly clockToleranceSec: number
  readonly maxLifetimeSec: number
  readonly cacheSize: number
  readonly clock: () => number
}

const day = 86_400

/** @throws {Misconfigured} naming the option that is wrong, and what it must be. */
export function readSessionSettings(options: SessionOptions): SessionSettings {
  return {
    issuers: new Set(readNames('issuer', options.issuer, 'the `iss` of your tokens')),
    audience: readAudience(options.audience),
    algorithms: readAlgorithms(options.algorithms ?? ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519']),
    types: readTypes(options.types ?? ['JWT', 'at+jwt', null]),
    actors: readActorsRule(options.actors ?? 'refuse'),
    readClaims: readClaimReader(options.claims ?? {}),
    clockToleranceSec: wholeNumber('clockToleranceSec', options.clockToleranceSec ?? 5, 0, 300),
    maxLifetimeSec: wholeNumber('maxLifetimeSec', options.maxLifetimeSec ?? day, 1, 366 * day),
    cacheSize: wholeNumber('cacheSize', options.cacheSize ?? 10_000, 1, 1_000_000),
    clock: readClock(options.clock ?? Date.now),
  }
}

/** @throws {Misconfigured} naming the timing that is wrong, and its bounds. */
export function readJwksTimings(timings: JwksTimings = {}): Required<JwksTimings> {
  const maxAgeMs = wholeNumber('jwks.maxAgeMs', timings.maxAgeMs ?? 600_000, 1_000, day * 1_000)
  return {
    // Without a cooldown, every made-up `kid` is a request to the issuer: 500 tokens, 500 fetches.
    cooldownMs: wholeNumber('jwks.cooldownMs', timings.cooldownMs ?? 30_000, 1_000, day * 1_000),
    maxAgeMs,
    staleForMs: wholeNumber('jwks.staleForMs', timings.staleForMs ?? day * 1_000, maxAgeMs, day * 1_000),
    timeoutMs: wholeNumber('jwks.timeoutMs', timings.timeoutMs ?? 3_000, 50, 30_000),
  }
}

function readAlgorithms(allowed: readonly Algorithm[]): ReadonlySet<string> {
  const known = new Set<unknown>(algorithms)
  if (!Array.isArray(allowed) || allowed.length === 0) {
    throw new Misconfigured('`session.algorithms` must be a list of at least one algorithm, such as `RS256`')
  }
  for (const algorithm of allowed) {
    if (!known.has(algorithm)) {
      throw new Misconfigured(
        `\`session.algorithms\` must not hold ${shown(algorithm)}: only algorithms with a public key are safe here (${algorithms.join(', ')})`,
      )
    }
  }
  return new Set(allowed)
}

function readTypes(types: readonly (string | null)[]): ReadonlySet<string | null> {
  if (!Array.isArray(types) || types.length === 0 || !types.every((type) => type === null || isText(type))) {
    throw new Misconfigured(
      '`session.types` must be a list of `typ` headers, where `null` is a token without one',
    )
  }
  return new Set(types.map((type) => type?.toLowerCase() ?? null))
}

function readActorsRule(rule: 'refuse' | 'accept'): 'refuse' | 'accept' {
  if (rule !== 'refuse' && rule !== 'accept')
    throw new Misconfigured('`session.actors` must be `refuse` or `accept`')
  return rule
}

function readClaimReader(claims: Partial<ClaimNames> | ClaimReader): ClaimReader {
  if (typeof claims === 'function') return claims
  for (const [name, claim] of Object.entries(claims)) {
    if (!Object.hasOwn(defaultClaimNames, name) || !isText(claim)) {
      throw new Misconfigured(
        `\`session.claims\` maps ${Object.keys(defaultClaimNames).join(', ')} to the name of a claim; ${shown(name)} does not fit`,
      )
    }
  }
  return readByName({ ...defaultClaimNames, ...claims })
}

function readClock(clock: () => number): () => number {
  if (typeof clock !== 'function')
    throw new Misconfigured('`session.clock` must be a function that returns Unix ms')
  return clock
}

function wholeNumber(option: string, value: number, least: number, most: number): number {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new Misconfigured(
      `\`session.${option}\` must be a whole number from ${least} to ${most}, not ${shown(value)}`,
    )
  }
  return value
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
