import {
  AccessDenied,
  defineModel,
  NotFound,
  parseMembershipId,
  parseOrganizationId,
  type Session,
} from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { Authorizer } from '../authorizer.js'
import type { EnforcedPermission } from '../decisions/enforced-permission.js'
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
const ada = parseMembershipId('om_ada')
const slugs = [...model.permissions.keys()]

let authz: Authorizer
let ids: readonly string[]
beforeAll(async () => {
  const engine = await openEngine({ store: memoryStore({ access: 'exclusive' }), model })
  authz = new Authorizer({ engine, session: { verify: () => Promise.reject(new Error('nobody asks')) } })
  for (const organizationId of [globex, acme]) {
    await engine.createOrganization({ id: organizationId, name: organizationId })
    const eng = { organizationId, type: 'workspace', externalId: 'eng', name: 'eng' }
    const { value: workspace } = await engine.createResource(eng)
    const parent = { type: 'workspace', externalId: 'eng' }
    for (const externalId of ['web', organizationId === acme ? 'app' : 'site']) {
      const project = { organizationId, type: 'project', externalId, name: externalId, parent }
      ids = [workspace.id, (await engine.createResource(project)).value.id]
    }
  }
  await engine.createMembership({ organizationId: acme, userId: 'ada', id: ada, roles: ['owner'] })
  const resource = { type: 'project', externalId: 'web' }
  await engine.assignRole({
    organizationId: acme,
    subject: { membershipId: ada },
    role: 'project-editor',
    resource,
  })
  await engine.createExclusion({
    organizationId: acme,
    subject: { membershipId: ada },
    permission: 'project:edit',
    effect: 'deny',
    resource,
  })
})

const sessions = fc.record({
  organizationId: fc.constantFrom(acme, acme, acme, acme, globex, undefined),
  membershipId: fc.constantFrom(ada, ada, ada, parseMembershipId('om_nobody'), undefined),
  userId: fc.constantFrom('ada', 'lin'),
  permissions: fc.oneof(fc.constant([]), fc.subarray(slugs)),
}) as fc.Arbitrary<Partial<Session>>

const terms = fc
  .constantFrom(...slugs)
  .chain((slug) =>
    fc.constantFrom(
      permission(slug, { resource: param('id') }),
      permission(slug, { resource: param('id'), tenantScoped: true }),
      permission(slug, { resource: param('id'), conceal: true }),
      permission(slug, { resource: param('id'), fresh: true }),
      permission(slug, { resource: param('id', { as: 'id' }) }),
      permission(slug, { resource: param('id', { type: 'workspace' }) }),
      permission(slug, { resource: param('id', { organization: param('org') }) }),
      permission(slug, { resource: () => ({ type: 'project', externalId: 'web' }) }),
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
    const atOnce = { byEngine: 0, byToken: 0, refused: 0, anyAllowed: 0, anyRefused: 0 }
    await fc.assert(
      fc.asyncProperty(
        fc.option(sessions, { nil: undefined }),
        requirements,
        fc.constantFrom(
          'web',
          'web',
          'web',
          'app',
          'site',
          'eng',
          'nowhere',
          '../web',
          'our workspace',
          'our project',
          undefined,
        ),
        async (partial, requirement, named) => {
          const id = named?.startsWith('our ') ? ids[named === 'our project' ? 1 : 0] : named
          const session = partial && ({ actors: [], roles: [], claims: {}, ...partial } as unknown as Session)
          const params = { org: acme, ...(id !== undefined && { id }) }
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
          if (requirement.kind === 'any') atOnce[Array.isArray(early) ? 'anyAllowed' : 'anyRefused']++
          if (early instanceof AccessDenied || early instanceof NotFound) atOnce.refused++
          const [enforced] = Array.isArray(early) ? (early as readonly EnforcedPermission[]) : []
          if (enforced?.decidedBy === 'engine') atOnce.byEngine++
          if (enforced?.decidedBy === 'token') atOnce.byToken++
          const late = await enforce(authz, session, requirement, request).catch((error: unknown) => error)
          expect(settled(early)).toEqual(settled(late))
        },
      ),
      { numRuns: 10_000 },
    )
    expect(Math.min(...Object.values(atOnce)), JSON.stringify(atOnce)).toBeGreaterThan(30)
  })
})
