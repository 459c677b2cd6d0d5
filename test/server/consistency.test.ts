import { afterAll, beforeAll, expect, test } from 'vitest'
import { request } from './request.js'
import { type StartedServer, startServer } from './start-server.js'

let server: StartedServer
let token: string
beforeAll(async () => {
  server = await startServer()
  const made = await request(server, { method: 'POST', path: '/organizations', body: organization })
  token = String(made.headers['bailiwick-consistency-token'])
})
afterAll(() => server.close())

const organization = { id: 'org_acme', name: 'Acme' }

const at = (path: string, consistency: string) =>
  request(server, { path, headers: { 'bailiwick-consistency': consistency } })

/** The token with one of its parts changed. */
function changed(part: 'store' | 'revision', value: string | number): string {
  const [store, shard, revision] = JSON.parse(Buffer.from(token, 'base64url').toString())
  const fields = part === 'store' ? [value, shard, revision] : [store, shard, value]
  return Buffer.from(JSON.stringify(fields)).toString('base64url')
}

const reads = [
  '/organizations',
  '/organizations/org_acme',
  '/organizations/org_acme/groups',
  '/user_management/users',
  '/user_management/organization_memberships?organization_id=org_acme',
  '/authorization/permissions',
  '/authorization/roles',
  '/authorization/model',
  '/authorization/settings',
  '/authorization/resource_types',
  '/authorization/organizations/org_acme/roles',
  '/authorization/organizations/org_acme/exclusions',
  '/authorization/organizations/org_acme/resources/organization/org_acme',
  '/authorization/resources?organization_id=org_acme',
  '/events',
]

// Each waits a second for a token that never comes: they wait together.
test.concurrent.each(reads)('%s is answered as new as a token says, or not at all', async (path) => {
  expect(await at(path, 'latest')).toMatchObject({ status: 200 })
  expect(await at(path, token)).toMatchObject({ status: 200 })
  expect(await at(path, changed('revision', 99))).toMatchObject({
    status: 503,
    json: { reason: 'consistency_unreachable' },
  })
  expect(await at(path, changed('store', 'another'))).toMatchObject({
    status: 400,
    json: { reason: 'consistency_token_foreign' },
  })
  expect(await at(path, 'nonsense')).toMatchObject({
    status: 400,
    json: { reason: 'consistency_token_malformed' },
  })
})

test('every write answers with a token', async () => {
  const writes: readonly (readonly [string, string, object])[] = [
    ['POST', '/authorization/resource_types', { slug: 'project', name: 'Project' }],
    ['POST', '/authorization/permissions', { slug: 'project:edit', name: 'Edit' }],
    ['POST', '/authorization/roles', { slug: 'editor', name: 'Editor' }],
    ['PATCH', '/authorization/settings', { default_role_slug: 'editor' }],
    ['PUT', '/organizations/org_acme', { name: 'Acme Inc.' }],
    ['POST', '/organizations/org_acme/groups', { name: 'Staff' }],
    ['POST', '/user_management/users', { id: 'user_ann', email: 'ann@acme.test' }],
    ['PUT', '/user_management/users/user_ann', { first_name: 'Ann' }],
    [
      'POST',
      '/user_management/organization_memberships',
      { user_id: 'user_ann', organization_id: 'org_acme' },
    ],
    ['POST', '/api_keys', { name: 'ci', scopes: ['check'] }],
    ['PUT', '/user_management/jwt_template', { content: '{"a": 1}' }],
    ['POST', '/sso/jwks/client_development/rotate', {}],
    ['POST', '/webhook_endpoints', { endpoint_url: 'https://hooks.example.com', events: ['group.created'] }],
    ['DELETE', '/user_management/users/user_ann', {}],
    ['DELETE', '/organizations/org_acme', {}],
  ]
  const without: string[] = []
  for (const [method, path, body] of writes) {
    const { status, headers } = await request(server, { method, path, body })
    if (status >= 300 || headers['bailiwick-consistency-token'] === undefined)
      without.push(`${method} ${path}: ${status}`)
  }
  expect(without).toEqual([])
})
