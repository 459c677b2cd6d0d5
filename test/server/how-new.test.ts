import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type AcmeServer, acme, ann, startAcme } from './acme-server.js'
import { request } from './request.js'

let server: AcmeServer
let web: string
beforeAll(async () => {
  // A membership that was met a moment ago: what is asked about it could be answered without waiting.
  server = await startAcme()
  web = (await server.engine.findResource(acme, { type: 'project', externalId: 'web' }))?.id as string
  await server.engine.organizationOf(ann)
})
afterAll(() => server.close())
afterEach(() => vi.restoreAllMocks())

/** What an engine decides, each as new as its options say. */
const deciding = [
  'check',
  'checkMany',
  'explain',
  'listResources',
  'listSubjects',
  'scope',
  'effectivePermissions',
  'hasResource',
  'isExcludedSomewhere',
] as const

const asked = { resource_external_id: 'web', resource_type_slug: 'project' }
const edits = { permission_slug: 'project:edit' }
const asks = { organization_id: acme, organization_membership_id: ann }
const subject = { type: 'user', id: 'user_ann' }
const action = { name: 'project:edit' }
const resource = { type: 'project', id: 'web' }

const authzen = (point: string): readonly (readonly [string, string, object])[] => [
  ['POST', `${point}/access/v1/evaluation`, { subject, action, resource }],
  ['POST', `${point}/access/v1/evaluations`, { subject, action, evaluations: [{ resource }] }],
  ['POST', `${point}/access/v1/search/subject`, { subject: { type: 'user' }, action, resource }],
  ['POST', `${point}/access/v1/search/resource`, { subject, action, resource: { type: 'project' } }],
  ['POST', `${point}/access/v1/search/action`, { subject, resource }],
]

const questions: readonly (readonly [method: string, path: string, body?: object])[] = [
  ['POST', `/authorization/organization_memberships/${ann}/check`, { ...edits, ...asked }],
  ['POST', '/authorization/checks', { checks: [{ ...asks, ...edits, ...asked }] }],
  [
    'POST',
    '/authorization/checks',
    { answers: 'rows', checks: [[acme, ann, 'project:edit', 'web', 'project']] },
  ],
  ['POST', '/authorization/explain', { ...asks, ...edits, ...asked }],
  ['POST', '/authorization/resource_search', { ...asks, ...edits, resource_type_slug: 'project' }],
  ['POST', '/authorization/subject_search', { organization_id: acme, ...edits, ...asked }],
  ['POST', '/authorization/scopes', { ...asks, ...edits, resource_type_slug: 'project' }],
  ['POST', '/authorization/effective_permissions', { ...asks, ...asked }],
  [
    'GET',
    `/authorization/organizations/${acme}/resource_existence?resource_external_id=web&resource_type_slug=project`,
  ],
  ['GET', `/authorization/organizations/${acme}/excluded_permissions/project:edit`],
  [
    'GET',
    `/authorization/organization_memberships/${ann}/resources?permission_slug=project:edit&parent_resource_external_id=eng&parent_resource_type_slug=workspace`,
  ],
  ['GET', '/authorization/resources/{web}/organization_memberships?permission_slug=project:edit'],
  [
    'GET',
    `/authorization/organizations/${acme}/resources/project/web/organization_memberships?permission_slug=project:edit`,
  ],
  ['GET', `/authorization/organization_memberships/${ann}/resources/{web}/permissions`],
  ['GET', `/authorization/resources/{web}/organization_memberships/${ann}/permissions`],
  ['GET', `/authorization/organization_memberships/${ann}/resources/project/web/permissions`],
  ...authzen('').map(
    ([method, path, body]) => [method, path, { ...body, context: { organization_id: acme } }] as const,
  ),
  ...authzen(`/organizations/${acme}`),
]

const named = questions.map(([method, path, body]) => ({ method, path, body }))
test.each(named)('$method $path is decided by what is as new as its header says', async (question) => {
  const { method, path, body } = question
  const calls = deciding.map((name) => vi.spyOn(server.engine, name).mock.calls as unknown[][])
  const answer = await request(server, {
    method,
    path: path.replace('{web}', web),
    headers: { 'bailiwick-consistency': 'bounded' },
    ...(body && { body }),
  })
  expect(answer.status).toBe(200)
  const options = calls.flat().map((call) => (call.at(-1) as { readonly consistency?: unknown }).consistency)
  expect(new Set(options)).toEqual(new Set(['bounded']))
})

test.each([
  ['latest', 'latest'],
  ['bounded', 'bounded'],
  [undefined, undefined],
])('a header `%s` is that to the engine', async (header, consistency) => {
  const explain = vi.spyOn(server.engine, 'explain')
  const headers: Readonly<Record<string, string>> =
    header === undefined ? {} : { 'bailiwick-consistency': header }
  const body = { ...asks, ...edits, ...asked }
  await request(server, { method: 'POST', path: '/authorization/explain', headers, body })
  expect(explain.mock.calls.map(([, options]) => options?.consistency)).toEqual([consistency])
})

test('a header that says nothing is refused', async () => {
  const headers = { 'bailiwick-consistency': '' }
  expect(await request(server, { path: '/authorization/model', headers })).toMatchObject({ status: 400 })
})

test('those are all that a key with the scope `check` may ask, the model left aside', () => {
  const paths = questions.map(([method, path]) => `${method} ${path.split('?')[0]}`)
  const unasked = server.server.routes.filter(({ operation: { id, method, path, scope } }) => {
    const form = new RegExp(`^${method} ${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`)
    return scope === 'check' && id !== 'getModel' && !paths.some((each) => form.test(each))
  })
  expect(unasked).toEqual([])
})
