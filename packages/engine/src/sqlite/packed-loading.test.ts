import { compileModel, type MembershipRef, type OrganizationId } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Environment } from '../environment/environment.js'
import { openModel } from '../environment/open-model.js'
import { buildGraph } from '../graph/build-graph.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { ulidSource } from '../new-id.js'
import { openEngine } from '../open-engine.js'
import type { LoadedShard } from '../store/store.js'
import { openForTest, storeDirectory, tamper } from './fixtures/store-directory.js'
import { sqlite } from './sqlite.js'

const model = compileModel({
  resourceTypes: {
    folder: { parents: ['organization'] },
    file: { parents: ['folder'] },
    robot: { parents: ['file'], agent: true },
  },
  permissions: { 'folder:edit': 'folder', 'file:edit': 'file' },
  roles: {
    admin: { on: 'organization', permissions: [] },
    member: { on: 'organization', permissions: [] },
    lead: { on: 'organization', permissions: [] },
    editor: { on: 'folder', permissions: ['folder:edit'] },
    writer: { on: 'file', permissions: ['file:edit'] },
  },
})
const organizationId = 'org_acme' as OrganizationId
const folder = (externalId: string) => ({ type: 'folder', externalId })
const file = (externalId: string) => ({ type: 'file', externalId })
const names = ['plain', 'a,b', 'say "a",\\', '\u00fcber \ud83d\ude00', '],["']

let path: string
beforeEach(async () => {
  path = storeDirectory().file('authz.db')
  await fill()
})

/** What is common, and beside it something of everything that is not. */
async function fill(): Promise<void> {
  const engine = await openEngine({ store: sqlite(path), model })
  await engine.createOrganization({ id: organizationId, name: 'Acme' })
  const { value: group } = await engine.createGroup({ organizationId, name: 'Builders' })
  await engine.createOrganizationRole({ organizationId, name: 'Own', slug: 'org-own' })
  for (const [n, name] of names.entries()) {
    const externalId = `f "${n}\\`
    await engine.createResource({ organizationId, ...folder(`f${n}`), name })
    await engine.createResource({
      organizationId,
      ...file(externalId),
      name,
      description: name,
      parent: folder(`f${n}`),
    })
    const bot = { type: 'robot', externalId: `bot${n}` }
    await engine.createResource({ organizationId, ...bot, name, parent: file(externalId) })
    const user: MembershipRef = { userId: `user ${n}` }
    const other: MembershipRef = { userId: `"user" \\${n}` }
    await engine.createMembership({
      organizationId,
      ...user,
      roles: [['member', 'lead', 'org-own'][n % 3] as string],
    })
    await engine.createMembership({ organizationId, ...other, roles: ['member'] })
    const [told, pending] = [`told ${n}`, `pending ${n}`]
    await engine.createMembership({ organizationId, userId: told, roles: ['member'] })
    await engine.syncDirectoryGroups(organizationId, { userId: told }, [name])
    await engine.createMembership({ organizationId, userId: pending, roles: ['member'], status: 'pending' })
    const both = ['member', 'lead']
    await engine.createMembership({ organizationId, userId: `both ${n}`, roles: both })
    await engine.createMembership({ organizationId, userId: `none ${n}`, roles: [] })
    await engine.addGroupMember(organizationId, group.id, user)
    await engine.addGroupMember(organizationId, group.id, other)
    for (const subject of [user, other, { groupId: group.id }, { agent: bot }]) {
      await engine.assignRole({ organizationId, subject, role: 'editor', resource: folder(`f${n}`) })
      await engine.assignRole({ organizationId, subject, role: 'writer', resource: file(externalId) })
    }
  }
  await engine.close()
}

async function load(): Promise<{ readonly environment: Environment; readonly loaded: LoadedShard }> {
  const store = await openForTest(sqlite(path))
  const now = () => '2026-01-05T10:00:00.000Z'
  const { environment } = await openModel({ store, now, ulid: ulidSource() }, undefined)
  const loaded = await store.load(organizationId)
  if (loaded === undefined) throw new Error('it was stored')
  return { environment, loaded }
}

/** Everything that a graph holds of what may be packed. */
function contentsOf(graph: OrganizationGraph) {
  const { resources, memberships, groups, rows } = graph
  const all = (size: number) => Array.from({ length: size }, (_, entry) => entry)
  const facts = (of: readonly { readonly id: string }[]) =>
    [...of].sort((one, other) => (one.id < other.id ? -1 : 1))
  const members = all(memberships.size)
  return {
    resources: facts(all(resources.size).map((entry) => resources.fact(entry))),
    memberships: facts(members.map((entry) => memberships.fact(entry))),
    groups: facts(
      members.map((entry) => {
        const of: string[] = []
        for (let link = memberships.firstLink(entry); link >= 0; link = groups.nextOfMembership(link))
          of.push(groups.id(groups.group(link)))
        return { id: memberships.id(entry), of }
      }),
    ),
    rows: facts(
      all(rows.size).map((row) => ({
        id: rows.id(row),
        subject: graph.subject(rows.holder(row)),
        resource: resources.id(rows.resource(row)),
        role: graph.roles.role(rows.role(row)).slug,
      })),
    ),
    found: all(resources.size).map((entry) => [
      resources.findById(resources.id(entry)) === entry,
      entry === resources.root ||
        resources.findByExternalId(resources.type(entry), resources.externalId(entry)) === entry,
    ]),
    users: members.map((entry) => [
      memberships.findById(memberships.id(entry)) === entry,
      memberships.findByUser(memberships.userId(entry)) === entry,
    ]),
    lists: [1, 2, 3].map((type) => {
      const list = resources.ofType(type)
      return all(list.length).map((place) => resources.id(list.at(place)))
    }),
  }
}

describe('an organization that is loaded from a file', () => {
  test('is the same from packed facts as from its entities, also where these are out of the common', async () => {
    const { environment, loaded } = await load()
    const { packed, others } = loaded.facts ?? expect.fail('nothing is packed')
    const contents = contentsOf(buildGraph(environment, others, packed))
    expect(contents).toEqual(contentsOf(buildGraph(environment, loaded.entities)))
    expect(contents.resources).toHaveLength(3 * names.length + 1)
    expect([...contents.found, ...contents.users].flat()).not.toContain(false)

    const counts = Object.values(packed).map((some) => some.reduce((sum, { count }) => sum + count, 0))
    for (const count of counts) expect(count).toBeGreaterThanOrEqual(names.length)
    const kinds = others.map(({ kind }) => kind)
    expect(kinds).toEqual(expect.arrayContaining(['membership', 'resource', 'assignment', 'organization']))
  })

  test.each(['membership', 'resource', 'assignment', 'group_member', 'group'])(
    'is refused when one byte of a %s is another one',
    async (kind) => {
      const last = `kind = '${kind}' AND id = (SELECT max(id) FROM entities WHERE kind = '${kind}')`
      tamper(path, `UPDATE entities SET entity = replace(entity, '01', '02') WHERE ${last}`)
      const store = await openForTest(sqlite(path))
      await expect(store.load(organizationId)).rejects.toMatchObject({ code: 'store_damaged' })
    },
  )
})
