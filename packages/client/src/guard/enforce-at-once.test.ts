import { defineModel, parseMembershipId, parseOrganizationId, type Session } from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { Authorizer } from '../authorizer.js'
import { enforce, enforceAtOnce } from './enforce.js'
import { param } from './locator.js'
import type { RequestView } from './request-view.js'
import { all, any, permission, type Requirement, requirementOf } from './requirement.js'

const model = defineModel({
  resourceTypes: { workspace: { parents: ['organization'] }, project: { parents: ['workspace'] } },
  permissions: {
    'project:view': 'project',
    'project:edit': 'project',
    'project:delete': { on: 'project', fresh: true },
    'billing:manage': 'organization',
  },
  roles: {
    'project-editor': { on: 'project', permissions: ['project:view', 'project:edit', 'project:delete'] },
    owner: { on: 'organization', permissions: ['billing:manage'] },
  },
})
const acme = parseOrganizationId('org_acme')
const globex = parseOrganizationId('org_globex')
const slugs = [...model.permissions.keys()]

let authz: Authorizer
beforeAll(async () => {
  const engine = await openEngine({ store: memoryStore(), model })
  authz = new Authorizer({ engine, session: { verify: () => Promise.reject(new Error('nobody asks')) } })
  for (const organizationId of [acme, globex]) {
    await engine.createOrganization({ id: organizationId, name: organizationId })
    await engine.createResource({ organizationId, type: 'workspace', externalId: 'eng', name: 'eng' })
    const parent = { type: 'workspace', externalId: 'eng' }
    for (const externalId of ['web', organizationId === acme ? 'app' : 'site']) {
      await engine.createResource({ organizationId, type: 'project', externalId, name: externalId, parent })
    }
  }
  const membershipId = parseMembershipId('om_ada')
  await engine.createMembership({ organizationId: acme, userId: 'ada', id: membershipId, roles: ['owner'] })
  const resource = { type: 'project', externalId: 'web' }
  await engine.assignRole({
    organizationId: acme,
    subject: { membershipId },
    role: 'project-editor',
    resource,
  })
  await engine.createExclusion({
    organizationId: acme,
    subject: { membershipId },
    permission: 'project:edit',
    effect: 'deny',
    resource,
  })
})

const sessions = fc.record({
  organizationId: fc.constantFrom(acme, globex, undefined),
  membershipId: fc.constantFrom(parseMembershipId('om_ada'), parseMembershipId('om_nobody'), undefined),
  userId: fc.constantFrom('ada', 'lin'),
  permissions: fc.subarray(slugs),
}) as fc.Arbitrary<Partial<Session>>

const terms = fc
  .constantFrom(...slugs)
  .chain((slug) =>
    fc.constantFrom(
      permission(slug, { resource: param('id') }),
      permission(slug, { resource: param('id'), tenantScoped: true }),
      permission(slug, { resource: param('id'), conceal: true }),
      permission(slug, { resource: param('id'), fresh: true }),
      permission(slug, { scope: 'organization' }),
      permission(slug, { scope: 'organization', stepUp: { maxAgeSec: 60 } }),
    ),
  )
const requirements: fc.Arbitrary<Requirement> = fc.oneof(
  fc.constantFrom<Requirement>({ kind: 'public' }, { kind: 'authenticated' }),
  terms.map((term) => requirementOf(term)),
  fc.tuple(terms, terms).map(([one, other]) => all(one, other)),
  fc.tuple(terms, terms).map(([one, other]) => any(one, other)),
)

describe('what is decided at once', () => {
  test('is what is decided with patience, for everybody and everything', async () => {
    let atOnce = 0
    await fc.assert(
      fc.asyncProperty(
        fc.option(sessions, { nil: undefined }),
        requirements,
        fc.constantFrom('web', 'app', 'site', 'nowhere', '../web', undefined),
        async (partial, requirement, id) => {
          const session = partial && ({ actors: [], roles: [], claims: {}, ...partial } as unknown as Session)
          const params = id === undefined ? {} : { id }
          const request: RequestView = {
            params,
            query: {},
            body: undefined,
            rawHeaders: [],
            native: undefined,
          }
          const settled = (outcome: unknown) =>
            outcome instanceof Error
              ? { refused: outcome.constructor.name, message: outcome.message }
              : outcome
          let early: unknown
          try {
            early = enforceAtOnce(authz, session, requirement, request)
          } catch (error) {
            early = error
          }
          if (early === undefined) return
          atOnce += 1
          const late = await enforce(authz, session, requirement, request).catch((error: unknown) => error)
          expect(settled(early)).toEqual(settled(late))
        },
      ),
      { numRuns: 5_000 },
    )
    expect(atOnce).toBeGreaterThan(1_000)
  })
})
