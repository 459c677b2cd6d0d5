import { Misconfigured, type Permission } from '@bailiwick/core'
import { parsePlace } from '../engine/places.js'
import type { InOrganization, TestEngine } from '../engine/test-engine.js'

/** What a matcher answers, in the form of vitest and of jest. */
export interface MatcherAnswer {
  readonly pass: boolean
  readonly message: () => string
}

/** The matchers as a test writes them, for `declare module` of a test runner. */
export interface AuthorizationMatchers<R = unknown> {
  /**
   * Whether somebody of the fixtures may: as a guard would decide with a token issued now. A failure says why not.
   *
   * @param place - `type:external-id`. Default: the whole organization.
   *
   * @example
   * await expect(acme).toAllow('ada', 'project:edit', 'project:web')
   */
  toAllow(person: string, permission: string, place?: string, where?: InOrganization): Promise<R>
  /** Whether somebody of the fixtures may not. A failure says what grants it. */
  toDeny(person: string, permission: string, place?: string, where?: InOrganization): Promise<R>
}

/**
 * Matchers for `expect.extend`, of vitest or jest. `import '@bailiwick/testing/vitest'` and `…/jest` do it, and tell
 * the compiler.
 */
export const authorizationMatchers = { toAllow: matcher('allow'), toDeny: matcher('deny') }

function matcher(wanted: 'allow' | 'deny') {
  return async (
    received: unknown,
    person: string,
    permission: string,
    place?: string,
    where?: InOrganization,
  ): Promise<MatcherAnswer> => {
    if (!isTestEngine(received)) {
      throw new Misconfigured(
        `\`expect(…).to${wanted === 'allow' ? 'Allow' : 'Deny'}\` takes what \`testEngine\` yields`,
      )
    }
    const session = await received.sessionFor(person, where)
    const target = place === undefined ? undefined : parsePlace(place)
    // Both layers, as a guard asks them. What cannot be decided is neither: it rejects.
    const { kind } = await received.authz.check(session, permission as Permission, target)
    const { sentences } = await received.authz.explain(session, permission as Permission, target)
    return {
      pass: kind === wanted,
      message: () => [`${person}: ${sentences[0]}`, ...sentences.slice(1)].join('\n  '),
    }
  }
}

function isTestEngine(received: unknown): received is TestEngine {
  return typeof received === 'object' && received !== null && 'authz' in received && 'sessionFor' in received
}
