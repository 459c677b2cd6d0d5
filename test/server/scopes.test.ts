import type { KeyScope } from '@bailiwick/wire'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { request } from './request.js'
import { type StartedServer, startServer } from './start-server.js'

const scopes: readonly KeyScope[] = ['read', 'check', 'write', 'admin']

/** What a key with this one scope may. */
const may: Readonly<Record<KeyScope, readonly KeyScope[]>> = {
  read: ['read'],
  check: ['check'],
  write: ['read', 'check', 'write'],
  admin: ['read', 'check', 'write', 'admin'],
}

let server: StartedServer
const keys = new Map<KeyScope, string>()
beforeAll(async () => {
  server = await startServer()
  for (const scope of scopes) {
    const { secret } = await server.server.keys.create({ name: scope, scopes: [scope] })
    keys.set(scope, secret)
  }
})
afterAll(() => server.close())

/** Every route, asked in a form that harms nothing. */
function probes() {
  return server.server.routes.map(({ operation }) => ({
    operation,
    path: operation.path.replace(/\{\w+\}/g, 'nothing'),
    method: operation.method,
  }))
}

describe('every route', () => {
  test('is there to be asked', () => {
    expect(probes().length).toBeGreaterThan(60)
    const names = probes().map(({ operation }) => operation.id)
    expect(new Set(names).size).toBe(names.length)
  })

  test('lets pass the keys whose scope it names, and no other', async () => {
    const wrong: string[] = []
    for (const { operation, method, path } of probes()) {
      for (const scope of scopes) {
        // A body that no route takes: what passes the key stops at the body, and changes nothing.
        const answer = await request(server, { method, path, key: keys.get(scope) as string, body: [] })
        const refused = answer.status === 403
        const allowed = operation.scope === 'public' || may[scope].includes(operation.scope)
        if (refused === allowed) wrong.push(`${method} ${path} with \`${scope}\`: ${answer.status}`)
      }
    }
    expect(wrong).toEqual([])
  })

  test.each([
    ['without a key', null],
    ['with a key that nobody has', 'sk_nobody'],
  ])('%s is answered 401 where it is not public', async (_, key) => {
    const wrong: string[] = []
    for (const { operation, method, path } of probes()) {
      const answer = await request(server, { method, path, key, body: {} })
      const isPublic = operation.scope === 'public'
      if ((answer.status === 401) === isPublic) wrong.push(`${method} ${path}: ${answer.status}`)
    }
    expect(wrong).toEqual([])
  })
})

/** What is asked for beside reading, and beside changing one organization. */
const named: Readonly<Record<'public' | 'check' | 'admin', string>> = {
  public: 'authzenConfiguration organizationAuthzenConfiguration getJwks logOut',
  check: `check checkMany explain
     findEffectivePermissions findPermissionExclusion findResourceExistence findScope getModel
     searchResources searchSubjects
     listEffectivePermissions listEffectivePermissionsByExternalId listEffectivePermissionsOnResource
     listMembershipsForResource listMembershipsForResourceByExternalId listResourcesForMembership
     authzenEvaluation authzenEvaluations
     authzenSearchAction authzenSearchResource authzenSearchSubject
     organizationAuthzenEvaluation organizationAuthzenEvaluations
     organizationAuthzenSearchAction organizationAuthzenSearchResource organizationAuthzenSearchSubject`,
  admin: `createApiKey listApiKeys revokeApiKey rotateApiKey
     createWebhookEndpoint deleteWebhookEndpoint getWebhookEndpoint listWebhookDeliveries listWebhookEndpoints
     replayWebhooks rotateWebhookSecret updateWebhookEndpoint
     createEnvironmentRole deleteEnvironmentRole updateEnvironmentRole
     addEnvironmentRolePermission removeEnvironmentRolePermission setEnvironmentRolePermissions
     createPermission deletePermission updatePermission
     addParentType createResourceType deleteResourceType updateResourceType
     updateSettings updateJwtTemplate rotateSigningKeys mintSession listAuditLogs`,
}

describe('a route names', () => {
  test.each(['public', 'check', 'admin'] as const)('`%s` where it stands in the list of those', (scope) => {
    const ids = probes().flatMap(({ operation }) => (operation.scope === scope ? [operation.id] : []))
    expect(ids.sort()).toEqual(named[scope].split(/\s+/).sort())
  })

  test('`read` where it changes nothing, and `write` where it does, in any other case', () => {
    const wrong = probes()
      .filter(({ operation: { scope } }) => scope === 'read' || scope === 'write')
      .filter(({ operation: { method, scope } }) => (method === 'GET') !== (scope === 'read'))
    expect(wrong).toEqual([])
  })
})
