import { Misconfigured, shown } from '@bailiwick/core'
import { ownClaim } from './claim-names.js'
import { untrusted } from './refusals.js'

/**
 * How a token shows that it is for this application and not for another one of the same issuer. Settings written
 * by hand always mean `aud`; the other ways are for issuers that are known to publish one key set per application,
 * or to bind tokens by another claim, so only presets make them.
 */
export class AudienceRule {
  readonly #required: readonly string[]
  readonly #whenPresent: readonly string[]
  readonly #names: ReadonlySet<string>

  private constructor(required: readonly string[], whenPresent: readonly string[], names: readonly string[]) {
    this.#required = required
    this.#whenPresent = whenPresent
    this.#names = new Set(names)
  }

  /** `claim` must be there and name one of `names`. */
  static required(claim: 'aud' | 'azp', names: readonly string[]): AudienceRule {
    return new AudienceRule([claim], [], names)
  }

  /** Each of `claims` may be absent; where it is there, it must name one of `names`. */
  static whenPresent(claims: readonly string[], names: readonly string[]): AudienceRule {
    return new AudienceRule([], claims, names)
  }

  /** @throws {SessionInvalid} `session_untrusted` when the token is for somebody else, or says too little. */
  require(claims: Readonly<Record<string, unknown>>): void {
    for (const claim of this.#required) {
      const value = ownClaim(claims, claim)
      if (value === undefined)
        throw untrusted(
          `the token has no \`${claim}\` claim, so it may be for anybody: ask the issuer for one that has`,
        )
      this.#requireNamed(claim, value)
    }
    for (const claim of this.#whenPresent) {
      const value = ownClaim(claims, claim)
      if (value !== undefined) this.#requireNamed(claim, value)
    }
  }

  #requireNamed(claim: string, value: unknown): void {
    // RFC 7519 section 4.1.3: `aud` is one string or an array of strings. No other claim may be an array.
    const named = claim === 'aud' && Array.isArray(value) ? value : [value]
    if (!named.some((name) => typeof name === 'string' && this.#names.has(name))) {
      throw untrusted(
        `the token is for another application: \`${claim}\` is ${shown(named[0])}, which the session options do not name`,
      )
    }
  }
}

/**
 * Read the `audience` setting.
 *
 * @throws {Misconfigured} when it is missing or empty: without it, any token of the issuer would do.
 */
export function readAudience(value: unknown): AudienceRule {
  if (value instanceof AudienceRule) return value
  return AudienceRule.required(
    'aud',
    readNames('audience', value, 'the `aud` that your issuer gives to this application'),
  )
}

/** One name, or a list of at least one. */
export function readNames(option: string, value: unknown, meaning: string): readonly string[] {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (names.length === 0 || !names.every((name) => typeof name === 'string' && name !== '')) {
    throw new Misconfigured(`\`session.${option}\` must be ${meaning}: a string, or a list of at least one`)
  }
  return names as readonly string[]
}
