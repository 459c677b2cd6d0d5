import {
  type AuthorizationEngine,
  type CheckOptions,
  defineModel,
  type Permission,
  parseOrganizationId,
  parseUserId,
} from '@bailiwick/core'
import { expect, test } from 'vitest'
import { Authorizer } from './authorizer.js'

const { signal } = new AbortController()
const session = {
  userId: parseUserId('user_ada'),
  organizationId: parseOrganizationId('org_acme'),
  membershipId: undefined,
  actors: [],
  roles: [],
  permissions: ['project:edit'],
  sessionId: undefined,
  issuedAt: 0,
  expiresAt: 300,
  claims: {},
}
const web = { type: 'project', externalId: 'web' }
const verifier = { verify: () => Promise.reject(new Error('nobody')) }

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:edit': 'project' },
  roles: {},
})

test('a question that may be called off tells the engine so, whatever it is asked on the way', async () => {
  const told: [string, CheckOptions | undefined][] = []
  const engine = {
    model,
    isExcludedSomewhere: async (_id: string, _slug: string, how?: CheckOptions) =>
      told.push(['exclusion', how]) === 0,
    hasResource: async (_id: string, _ref: object, how?: CheckOptions) => told.push(['resource', how]) === 0,
    check: async (_question: object, how?: CheckOptions) => {
      told.push(['check', how])
      return { kind: 'deny', reason: 'no_grant', nearestMisses: [] }
    },
  } as unknown as AuthorizationEngine
  const authz = new Authorizer({ engine, session: verifier })
  await authz.check(session, 'project:edit', web, { signal })
  const how = { signal }
  expect(told).toEqual([
    ['exclusion', how],
    ['resource', how],
    ['check', how],
  ])
})

test.each([
  [{}, 'token'],
  [{ signal }, undefined],
  [{ consistency: 'bounded' }, undefined],
  [{ fresh: true }, undefined],
] as const)('asked with %j, it answers at once with %s', (options, by) => {
  const atOnce = { isExcludedSomewhere: () => false, hasResource: () => true, allows: () => true }
  const engine = { model, atOnce } as unknown as AuthorizationEngine
  const authz = new Authorizer({ engine, session: verifier })
  expect(authz.checkAtOnce(session, 'project:edit' as Permission, web, options)).toBe(by)
})
