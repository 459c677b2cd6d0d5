import type { AnswersAtOnce, AuthorizationEngine } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { Authorizer } from './authorizer.js'
import type { AuthorizeOptions } from './authorizer-options.js'
import { checkAtOnce } from './check-at-once.js'
import { projectModel as model, ada as session } from './fixtures/ada.js'

const target = { type: 'project', externalId: 'web' }
const denied = { kind: 'deny', reason: 'no_grant', nearestMisses: [] } as const

const nothing: AnswersAtOnce = {
  check: () => undefined,
  allows: () => undefined,
  checkMany: () => undefined,
  hasResource: () => undefined,
  isExcludedSomewhere: () => undefined,
  moment: () => undefined,
}

/** Asked with a token that holds the permission, of an engine that knows at once what is said here. */
function answered(known: Partial<AnswersAtOnce>) {
  const engine = { model, atOnce: { ...nothing, ...known } } as unknown as AuthorizationEngine
  return checkAtOnce(engine, {
    session,
    permission: 'project:edit',
    target,
    options: {},
    agentType: undefined,
  })
}

describe('a token answers at once for a resource', () => {
  test('where the engine knows at once that it is the organization’s, and that nobody is excluded', () => {
    expect(answered({ isExcludedSomewhere: () => false, hasResource: () => true })).toBe('token')
  })

  test.each<[string, Partial<AnswersAtOnce>]>([
    ['whose it is', { isExcludedSomewhere: () => false }],
    ['whether somebody is excluded', { hasResource: () => true }],
    ['anything', {}],
  ])('and never while it is not known %s', (_, known) => {
    expect(answered(known)).toBeUndefined()
    expect(answered({ ...known, allows: () => true })).not.toBe('token')
  })

  test.each<[string, Partial<AnswersAtOnce>]>([
    ['the resource is not there', { isExcludedSomewhere: () => false, hasResource: () => false }],
    ['somebody is excluded', { isExcludedSomewhere: () => true, hasResource: () => true }],
  ])('and the engine decides where %s', (_, known) => {
    expect(answered({ ...known, allows: () => true })).toBe('engine')
    expect(answered({ ...known, allows: () => false, check: () => denied })).toBe(denied)
  })

  test('and a denial without its reason is none', () => {
    const known = { isExcludedSomewhere: () => true, allows: () => false }
    expect(answered(known)).toBeUndefined()
    expect(answered({ ...known, check: () => denied })).toBe(denied)
  })
})

describe('what an engine knows at once', () => {
  const atOnce: AnswersAtOnce = { ...nothing, isExcludedSomewhere: () => true, allows: () => true }
  const engine = { model, atOnce } as unknown as AuthorizationEngine
  const authz = new Authorizer({ engine, session: { verify: () => Promise.reject(new Error('nobody')) } })
  const asked = (options: AuthorizeOptions) => authz.checkAtOnce(session, 'project:edit', target, options)

  test.each<[string, AuthorizeOptions]>([
    ['the latest is asked for', { fresh: true }],
    ['a consistency is named', { consistency: 'latest' }],
    ['one is named that promises less', { consistency: 'bounded' }],
    ['something is to be seen', { consistency: { atLeast: 'token' as never } }],
    ['it may be called off', { signal: AbortSignal.abort() }],
  ])('is not taken where %s', (_, options) => {
    expect(asked({})).toBe('engine')
    expect(asked(options)).toBeUndefined()
  })

  test('is not taken while somebody hears of decisions', () => {
    const hearNoMore = authz.onDecision(() => {})
    expect(asked({})).toBeUndefined()
    hearNoMore()
    expect(asked({})).toBe('engine')
  })
})
