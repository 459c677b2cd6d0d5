import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AcmeServer, acme, ann, startAcme } from './acme-server.js'
import { type RawAnswer, request } from './request.js'

let server: AcmeServer
/** Every list that has pages, as a path that answers 200. */
let lists: readonly string[]

const filters = ['organization_id', 'parent_resource_id', 'permission_slug', 'events']

beforeAll(async () => {
  server = await startAcme()
  await server.engine.createUser({ id: 'user_ann' })
  const group = await server.engine.createGroup({ organizationId: acme, name: 'Design' })
  const web = await server.engine.findResource(acme, { type: 'project', externalId: 'web' })
  const eng = await server.engine.findResource(acme, { type: 'workspace', externalId: 'eng' })
  const ids: Readonly<Record<string, string>> = {
    organization_id: acme,
    organization_membership_id: ann,
    group_id: group.value.id,
    resource_id: String(web?.id),
    resource_type_slug: 'project',
    external_id: 'web',
    user_id: 'user_ann',
    slug: 'admin',
    permission_slug: 'project:view',
    parent_resource_id: String(eng?.id),
    events: 'organization.created',
  }
  const document = (await request(server, { path: '/openapi.json' })).json
  lists = server.server.routes.flatMap(({ operation: { method, path } }) => {
    const parameters: readonly { name: string; in: string; required: boolean }[] =
      document.paths[path][method.toLowerCase()].parameters ?? []
    const names = parameters.map(({ name }) => name)
    if (method !== 'GET' || !names.includes('limit')) return []
    const query = parameters
      .filter((each) => each.in === 'query' && (each.required || filters.includes(each.name)))
      .map(({ name }) => `${name}=${ids[name]}`)
    if (path.endsWith('{organization_id}/role_assignments')) query.push(`organization_membership_id=${ann}`)
    return `${path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? name)}?${query.join('&')}`
  })
})
afterAll(() => server.close())

/** The lists whose answer is not the one wanted, and what it was. */
async function others(
  query: string,
  wanted: (status: number, answer: RawAnswer) => boolean,
): Promise<readonly string[]> {
  const answers = await Promise.all(
    lists.map(async (path) => ({ path, answer: await request(server, { path: `${path}&${query}` }) })),
  )
  return answers
    .filter(({ answer }) => !wanted(answer.status, answer))
    .map(({ path, answer }) => `${path}: ${answer.status} ${answer.text.slice(0, 120)}`)
}

describe('every list', () => {
  test('is there to be asked', () => {
    expect(lists.length).toBeGreaterThan(12)
  })

  test.each(['limit=1', 'limit=100', 'order=asc', 'order=desc&limit=2'])('answers `%s`', async (query) => {
    expect(await others(query, (status) => status === 200)).toEqual([])
  })

  test.each([
    'limit=0',
    'limit=-1',
    'limit=101',
    'limit=1000000000',
    'limit=abc',
    'limit=1.5',
    'limit=1&limit=2',
    'limit[]=1',
    'order=up',
  ])('refuses `%s`, or does not know it', async (query) => {
    const known = !query.includes('[')
    expect(await others(query, (status) => status === (known ? 422 : 200))).toEqual([])
  })

  test.each([
    ['an empty place', 'after='],
    ['a place with a control character', 'after=%00'],
    ['a place far too long', `after=${'x'.repeat(2_000)}`],
    ['two places at once', 'after=nonsense&before=nonsense'],
  ])('refuses %s', async (_, query) => {
    expect(await others(query, (status) => status === 422)).toEqual([])
  })

  test.each([
    ['a place that is none', 'after=nonsense'],
    ['a place with SQL in it', `after=${encodeURIComponent("' OR 1=1 --")}`],
  ])('refuses %s, or finds nothing there: it never begins again', async (_, query) => {
    const nothing = ({ status, json }: RawAnswer) => status === 422 || json?.data?.length === 0
    expect(await others(query, (_status, answer) => nothing(answer))).toEqual([])
  })
})
