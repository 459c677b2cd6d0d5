import { InputInvalid, limits, parseExternalId, parseUserId, shown } from '@bailiwick/core'
import { ownClaim } from './claim-names.js'
import { agentRefused, malformed } from './refusals.js'
import type { SessionSettings } from './session-settings.js'

type Claims = Readonly<Record<string, unknown>>

/** Whom a token speaks of: the user, and those who act for her, the one acting now first. */
export interface Parties {
  readonly userId: string
  readonly actors: readonly string[]
}

/**
 * Read the user of a token and the chain of those who act for her. Two forms say the same:
 *
 * - RFC 8693: `sub` is the user, `act` the party acting now, an `act` within it the one that acted before.
 * - WorkOS: `sub` is the agent (`sub_profile: "ai_agent"`), `act` whom it acts for, and the last of those the user.
 *
 * RFC 8693 calls the earlier parties informational. Here each of them must be allowed as well, so that a chain is
 * never worth more than its weakest part.
 *
 * @throws {SessionInvalid} `session_agent_refused` where no actors are accepted, for an agent that acts for nobody,
 *   and for a party that is no agent of this issuer; `session_malformed` for a chain of another shape or beyond 10.
 * @see RFC 8693 section 4.1
 */
export function readParties(claims: Claims, settings: SessionSettings): Parties {
  const profile = readProfile(claims)
  const acts = Object.hasOwn(claims, 'act')
  if (!acts && profile === 'user') return { userId: readId('sub', claims, parseUserId), actors: [] }
  if (settings.actors === 'refuse') throw agentRefused()
  if (!acts)
    throw agentRefused('the token is used by an agent that acts for nobody: it names no user (`act`)')
  const chain = readChain(claims)
  for (const party of chain) requireIssuer(party, settings)
  return profile === 'user' ? fromUser(claims, chain) : fromAgent(claims, chain)
}

/** RFC 8693: the user first, then her actors, nearest first. */
function fromUser(claims: Claims, chain: readonly Claims[]): Parties {
  // Somebody who acts in a user's place is no agent: an impersonator of the support staff, for one.
  if (chain.some((party) => Object.hasOwn(party, 'sub_profile') && readProfile(party) === 'user'))
    throw agentRefused('the token is used by one user in the place of another, which is not accepted')
  return {
    userId: readId('sub', claims, parseUserId),
    actors: chain.map((party) => readId('act.sub', party, parseExternalId)),
  }
}

/** WorkOS: the agent that acts now first, then those it acts for, the user last. */
function fromAgent(claims: Claims, chain: readonly Claims[]): Parties {
  const user = chain.at(-1) as Claims
  const between = chain.slice(0, -1)
  // Every party says what it is here: a chain that ends in no user, or meets one on the way, has none to ask for.
  if (ownClaim(user, 'sub_profile') !== 'user' || between.some((party) => readProfile(party) === 'user'))
    throw malformed('the chain of `act` below an agent must end in its one user (`sub_profile: "user"`)')
  return {
    userId: readId('act.sub', user, parseUserId),
    actors: [
      readId('sub', claims, parseExternalId),
      ...between.map((party) => readId('act.sub', party, parseExternalId)),
    ],
  }
}

function readChain(claims: Claims): readonly Claims[] {
  const chain: Claims[] = []
  for (let party = claims; Object.hasOwn(party, 'act'); ) {
    const act = ownClaim(party, 'act')
    if (typeof act !== 'object' || act === null || Array.isArray(act))
      throw malformed(`\`act\` must name the acting party by \`sub\`, not be ${shown(act)}`)
    if (chain.length === limits.delegationChain)
      throw malformed(`\`act\` names more than ${limits.delegationChain} parties`)
    party = act as Claims
    chain.push(party)
  }
  return chain
}

function readProfile(claims: Claims): 'user' | 'ai_agent' {
  const profile = Object.hasOwn(claims, 'sub_profile') ? claims.sub_profile : 'user'
  if (profile === 'user' || profile === 'ai_agent') return profile
  throw agentRefused(`the profile ${shown(profile)} (\`sub_profile\`) is not one of a user or an agent`)
}

/** A `sub` is unique with its issuer only: another's must not be taken for one of ours. */
function requireIssuer(party: Claims, { issuers }: SessionSettings): void {
  if (!Object.hasOwn(party, 'iss')) return
  if (typeof party.iss !== 'string' || !issuers.has(party.iss))
    throw agentRefused(`the acting party is one of the issuer ${shown(party.iss)}`)
}

function readId(name: string, claims: Claims, parse: (value: unknown, field: string) => string): string {
  try {
    return parse(ownClaim(claims, 'sub'), name)
  } catch (error) {
    if (error instanceof InputInvalid) throw malformed(`a claim does not fit: ${error.message}`)
    throw error
  }
}
