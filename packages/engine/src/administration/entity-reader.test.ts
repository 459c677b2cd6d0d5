import type {
  AssignmentId,
  EntityId,
  GroupId,
  MembershipId,
  MembershipStatus,
  OrganizationId,
} from '@bailiwick/core'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { EmbeddedEngine } from '../embedded-engine.js'
import { acme, agent, ann, assign, bob, bot, create, openAcme, project, workspace } from '../fixtures/acme.js'
import { watchedStore } from '../fixtures/watched-store.js'
import { storeDirectory } from '../sqlite/fixtures/store-directory.js'
import { sqlite } from '../sqlite/sqlite.js'
import { memoryStore } from '../store/memory-store.js'
import type { StoreOpener } from '../store/store.js'
import { expectList } from './fixtures/expect-list.js'

const globex = 'org_globex' as OrganizationId
const nowhere = 'org_nowhere' as OrganizationId
const idOf = ({ id }: { readonly id: string }) => id
const sorted = (entities: readonly { readonly id: string }[]) => entities.map(idOf).sort()

const stores: readonly (readonly [string, () => StoreOpener])[] = [
  ['memory', () => memoryStore({ access: 'exclusive' })],
  ['shared memory', memoryStore],
  ['SQLite', () => sqlite(storeDirectory().file('authz.db'))],
]

describe.each(stores)('what is stored, over %s', (_, storeOf) => {
  let engine: EmbeddedEngine

  beforeEach(async () => {
    engine = await openAcme({ store: storeOf() })
    onTestFinished(() => engine.close())
    await engine.createOrganization({
      id: globex,
      name: 'Globex',
      externalId: 'globex',
      domains: domains('g.test'),
    })
    await engine.createMembership({ organizationId: globex, userId: 'user_ann' })
  })

  const join = async (userId: string, status: MembershipStatus = 'active') => {
    const { value } = await engine.createMembership({ organizationId: acme, userId, status })
    return value
  }

  test('memberships of an organization, of a user, with a status, or of all', async () => {
    const eve = await join('user_eve', 'pending')
    const ida = await join('user_ida', 'inactive')
    const list = (filter: Parameters<typeof engine.listMemberships>[0]) =>
      expectList((page) => engine.listMemberships(filter, page), idOf, wanted)
    const [anns] = (await engine.listMemberships({ organizationId: globex })).items
    let wanted = sorted([{ id: 'om_ann' }, { id: 'om_bob' }, eve, ida])
    await list({ organizationId: acme })
    await list({ organizationId: acme, statuses: ['active', 'inactive', 'pending'] })
    wanted = [...wanted, anns!.id].sort()
    await list({})
    wanted = sorted([eve])
    await list({ organizationId: acme, statuses: ['pending'] })
    await list({ organizationId: acme, userId: 'user_eve', statuses: ['pending', 'active'] })
    await list({ statuses: ['pending'] })
    wanted = ['om_ann', anns!.id].sort()
    await list({ userId: 'user_ann' })
    wanted = ['om_ann']
    await list({ userId: 'user_ann', organizationId: acme })
    wanted = []
    await list({ userId: 'user_eve', statuses: ['active'] })
    await list({ organizationId: acme, userId: 'user_eve', statuses: ['active'] })
    await list({ organizationId: nowhere })
    await list({ userId: 'user_nobody' })
  })

  test('a membership tells its roles by slug, from afar as from its organization', async () => {
    await engine.createOrganizationRole({ organizationId: acme, name: 'Lead', slug: 'org-lead' })
    await engine.setMembershipRoles(acme, ann, ['org-lead', 'editor'])
    const near = (await engine.listMemberships({ organizationId: acme, userId: 'user_ann' })).items
    const far = (await engine.listMemberships({ userId: 'user_ann' })).items
    expect(near).toMatchObject([{ roles: ['editor', 'org-lead'] }])
    expect(far.find(({ organizationId }) => organizationId === acme)).toEqual(near[0])
  })

  test('resources of an organization, by type, by external id, below one, or by name', async () => {
    const eng = await engine.findResource(acme, workspace('eng'))
    const made = [await engine.findResource(acme, project('web'))]
    for (let n = 0; n < 8; n++) made.push(await create(engine, project(`p${n}`), workspace('eng')))
    const projects = made.map((resource) => resource!)
    const helper = await engine.findResource(acme, bot('helper'))
    const site = await engine.findResource(acme, project('site'))
    const list = (filter: Parameters<typeof engine.listResourceEntities>[0], expected: readonly string[]) =>
      expectList((page) => engine.listResourceEntities(filter, page), idOf, expected)

    await list({ organizationId: acme, type: 'project' }, sorted([...projects, site!]))
    await list({ organizationId: acme, parent: workspace('eng') }, sorted([...projects, helper!]))
    await list({ organizationId: acme, parent: workspace('eng'), type: 'project' }, sorted(projects))
    await list({ organizationId: acme, parent: { resourceId: eng!.id }, externalId: 'p3' }, [projects[4]!.id])
    await list({ organizationId: acme, parent: workspace('ops'), externalId: 'p3' }, [])
    await list({ organizationId: acme, externalId: 'p3' }, [projects[4]!.id])
    await list({ organizationId: acme, type: 'bot', externalId: 'p3' }, [])
    await list({ organizationId: acme, search: 'P', type: 'project' }, sorted(projects.slice(1)))
    await list({ organizationId: acme, search: 'we' }, [projects[0]!.id])
    await list({ organizationId: nowhere, type: 'project' }, [])
    await list({ organizationId: nowhere }, [])

    const all = (await engine.listResourceEntities({ organizationId: acme }, { limit: 100 })).items
    expect(all).toHaveLength(14)
    expect(all.filter(({ type }) => type === 'organization')).toMatchObject([
      { externalId: acme, parentId: null },
    ])
    await list({ organizationId: acme }, sorted(all))
    await list(
      { organizationId: acme, type: 'organization' },
      sorted(all.filter(({ parentId }) => parentId === null)),
    )

    const other = await engine.createResource({
      organizationId: globex,
      type: 'workspace',
      externalId: 'eng',
      name: 'Engine room',
    })
    await list({ type: 'workspace', externalId: 'eng' }, sorted([eng!, other.value]))
    await list({ type: 'workspace', search: 'ROOM' }, [other.value.id])
    // One name, in capitals, and one external id on two types: the type alone tells them apart.
    const { value: named } = await engine.createResource({
      organizationId: acme,
      type: 'project',
      externalId: 'eng',
      name: 'GREENHOUSE',
      parent: workspace('eng'),
    })
    await list({ type: 'project', externalId: 'eng' }, [named.id])
    await list({ type: 'project', search: 'green' }, [named.id])
    await list({ organizationId: acme, search: 'green' }, [named.id])
    await list({ type: 'workspace', search: 'green' }, [])
  })

  test('children of a resource that has very many', async () => {
    const ids: string[] = []
    for (let n = 0; n < 600; n += 100) {
      const made = await Promise.all(
        Array.from({ length: 100 }, (_each, m) => create(engine, project(`p${n + m}`), workspace('ops'))),
      )
      ids.push(...made.map(idOf))
    }
    const bots = await create(engine, bot('second'), workspace('ops'))
    const site = await engine.findResource(acme, project('site'))
    const list = (type?: string) => async (after?: string) =>
      engine.listResourceEntities(
        { organizationId: acme, parent: workspace('ops'), ...(type !== undefined && { type }) },
        { limit: 100, ...(after !== undefined && { after }) },
      )
    const walk = async (page: (after?: string) => ReturnType<typeof engine.listResourceEntities>) => {
      const found: string[] = []
      for (let at = await page(); ; at = await page(at.after!)) {
        found.push(...at.items.map(idOf))
        if (at.after === null) return found
      }
    }
    expect(await walk(list('project'))).toEqual([...ids, site!.id].sort())
    expect(await walk(list())).toEqual([...ids, site!.id, bots.id].sort())
    await engine.moveResource(acme, project('p7'), workspace('eng'))
    expect(await walk(list('project'))).toHaveLength(600)
  })

  test('groups, who is in one, and in which one is', async () => {
    const groups: { readonly id: GroupId }[] = []
    for (let n = 0; n < 5; n++)
      groups.push((await engine.createGroup({ organizationId: acme, name: `G${n}` })).value)
    const eve = await join('user_eve')
    const [first, second] = groups as [{ id: GroupId }, { id: GroupId }]
    for (const { id } of groups.slice(1)) await engine.addGroupMember(acme, id, ann)
    for (const ref of [bob, { membershipId: eve.id }]) await engine.addGroupMember(acme, second.id, ref)
    await expectList((page) => engine.listGroupPage(acme, page), idOf, sorted(groups))
    await expectList(
      (page) => engine.listGroupMemberPage(acme, second.id, page),
      idOf,
      sorted([{ id: 'om_ann' }, { id: 'om_bob' }, eve]),
    )
    await expectList((page) => engine.listGroupMemberPage(acme, first.id, page), idOf, [])
    await expectList(
      (page) => engine.listGroupsOfMembership(acme, ann.membershipId, page),
      idOf,
      sorted(groups.slice(1)),
    )
    await expectList((page) => engine.listGroupsOfMembership(acme, bob.membershipId, page), idOf, [second.id])
  })

  test('what a subject is given itself, and one assignment by its id', async () => {
    const given = [
      await assign(engine, ann, 'project-editor', project('web')),
      await assign(engine, ann, 'project-editor', project('site')),
      await assign(engine, ann, 'accountant'),
    ]
    const bots = await assign(engine, agent('helper'), 'bot-keeper', bot('helper'))
    await expectList(
      (page) => engine.listAssignmentPage(acme, { kind: 'membership', id: ann.membershipId }, page),
      idOf,
      sorted(given),
    )
    const helper = await engine.findResource(acme, bot('helper'))
    await expectList(
      (page) => engine.listAssignmentPage(acme, { kind: 'agent', id: helper!.id }, page),
      idOf,
      [bots.id],
    )
    expect(await engine.findAssignment(acme, given[0]!.id)).toEqual(given[0])
    expect(await engine.findAssignment(globex, given[0]!.id)).toBeUndefined()
    await engine.removeAssignment(acme, given[0]!.id)
    expect(await engine.findAssignment(acme, given[0]!.id)).toBeUndefined()
  })

  test('organizations, by a domain in any case, or by name', async () => {
    const third = (await engine.createOrganization({ name: 'Initech', domains: domains('i.test', 'G.test') }))
      .value
    const list = (filter: Parameters<typeof engine.listOrganizations>[0], expected: readonly string[]) =>
      expectList((page) => engine.listOrganizations(filter, page), idOf, expected)
    await list({}, [acme, globex, third.id].sort())
    await list({ domains: ['g.test'] }, [globex, third.id].sort())
    await list({ domains: ['G.TEST', 'i.test'] }, [globex, third.id].sort())
    await list({ domains: ['i.test', 'x.test'] }, [third.id])
    await list({ domains: ['x.test'] }, [])
    await list({ search: 'TECH' }, [third.id])
    await list({ search: 'tech', domains: ['g.test'] }, [third.id])
    expect(await engine.findOrganizationByExternalId('globex')).toMatchObject({ id: globex })
    expect(await engine.findOrganizationByExternalId('acme')).toBeUndefined()
  })

  test('what is unknown is said so, where it is named, and a place of another kind is refused', async () => {
    const group = 'group_01HZZZZZZZZZZZZZZZZZZZZZZZ' as GroupId
    const gone = 'om_gone' as MembershipId
    const unknown: readonly (readonly [Promise<unknown>, string])[] = [
      [engine.listGroupPage(nowhere), 'organization_not_found'],
      [engine.listGroupMemberPage(acme, group), 'group_not_found'],
      [engine.listGroupsOfMembership(acme, gone), 'membership_not_found'],
      [engine.listAssignmentPage(acme, { kind: 'group', id: group }), 'group_not_found'],
      [engine.listResourceEntities({ organizationId: acme, parent: project('none') }), 'resource_not_found'],
      [engine.listResourceEntities({ organizationId: acme, type: 'projekt' }), 'resource_type_unknown'],
      [engine.listResourceEntities({ search: 'x' }), 'input_invalid'],
      [engine.listResourceEntities({ type: 'project', parent: workspace('eng') }), 'input_invalid'],
      [engine.listMemberships({ organizationId: acme }, { after: 'group_x' }), 'cursor_invalid'],
      [engine.listMemberships({ organizationId: acme }, { after: 'om_a', before: 'om_b' }), 'input_invalid'],
      [engine.listMemberships({ statuses: ['gone' as 'active'] }), 'input_invalid'],
      [engine.listMemberships({ statuses: 'active' as unknown as ['active'] }), 'input_invalid'],
      [engine.listResourceEntities({ organizationId: acme }, { before: 'project' }), 'cursor_invalid'],
      [
        engine.listResourceEntities({ organizationId: acme, type: 'project' }, { after: 'authz_resource_x' }),
        'cursor_invalid',
      ],
      [engine.listGroupPage(acme, { order: 'normal' as 'asc' }), 'input_invalid'],
      [engine.listGroupPage(acme, { limit: 101 }), 'input_invalid'],
      [engine.listGroupPage(acme, { limit: 0 }), 'input_invalid'],
      [engine.listMemberships({}, { after: "om_a' or" }), 'cursor_invalid'],
      [engine.listMemberships({}, { after: `om_${'a'.repeat(65)}` }), 'cursor_invalid'],
    ]
    for (const [asked, code] of unknown) await expect(asked).rejects.toMatchObject({ code })
  })

  test('a place past either end is no way to more', async () => {
    const [first, last] = ['om_aaa' as MembershipId, 'om_zzz' as MembershipId]
    for (const [n, membershipId] of [first, last].entries()) {
      await engine.createMembership({ organizationId: acme, userId: `user_${n}`, id: membershipId })
      await engine.deleteMembership(acme, { membershipId })
    }
    const all = ['om_ann', 'om_bob']
    for (const page of [{ after: first }, { before: last }]) {
      const { items, before, after } = await engine.listMemberships({ organizationId: acme }, page)
      expect(items.map(idOf)).toEqual(all)
      expect([before, after], JSON.stringify(page)).toEqual([null, null])
    }
  })

  test('where something lives is known, and followed when it moves', async () => {
    const { value: group } = await engine.createGroup({ organizationId: acme, name: 'G' })
    const given = await assign(engine, ann, 'accountant')
    const web = await engine.findResource(acme, project('web'))
    for (const id of [ann.membershipId, group.id, given.id, web!.id] as const) {
      expect(await engine.organizationOf(id)).toBe(acme)
      expect(await engine.organizationOf(id)).toBe(acme)
    }
    await engine.deleteMembership(acme, ann)
    expect(await engine.organizationOf(ann.membershipId)).toBeUndefined()
    await engine.createMembership({ organizationId: globex, userId: 'user_new', id: ann.membershipId })
    expect(await engine.organizationOf(ann.membershipId)).toBe(globex)
    await engine.deleteGroup(acme, group.id)
    expect(await engine.organizationOf(group.id)).toBeUndefined()
    for (const id of ['', 'om_', 'user_ann', 'role_assignment_x', null])
      expect(await engine.organizationOf(id as EntityId)).toBeUndefined()
    expect(await engine.organizationOf(given.id as AssignmentId)).toBeUndefined()
  })
})

describe('where something lives', () => {
  test('is not asked of the store again while its organization is in memory', async () => {
    const { open, calls } = watchedStore(memoryStore({ access: 'exclusive' }))
    const engine = await openAcme({ store: open })
    await engine.organizationOf(ann.membershipId)
    calls.clear()
    for (let n = 0; n < 10; n++) expect(await engine.organizationOf(ann.membershipId)).toBe(acme)
    expect(calls.get('find')).toBeUndefined()
  })
})

describe('what goes while it is listed', () => {
  const withAnnGone = async () => {
    let goes: (() => Promise<unknown>) | undefined
    const { open } = watchedStore(memoryStore({ access: 'exclusive' }), async (method, call) => {
      const go = method === 'find' ? goes : undefined
      goes = method === 'find' ? undefined : goes
      await go?.()
      return call()
    })
    const engine = await openAcme({ store: open })
    await engine.createOrganization({ id: globex, name: 'Globex' })
    await engine.setMembershipRoles(acme, ann, ['editor'])
    const { value: group } = await engine.createGroup({ organizationId: acme, name: 'G' })
    await engine.addGroupMember(acme, group.id, ann)
    const given = await assign(engine, ann, 'accountant')
    return {
      engine,
      group,
      given,
      /** With the first look into the store she is in another organization, under her own id. */
      whileSheGoes: async <Listed>(list: () => Promise<Listed>): Promise<Listed> => {
        goes = async () => {
          await engine.deleteMembership(acme, ann)
          await engine.createMembership({ organizationId: globex, id: ann.membershipId, userId: 'user_else' })
        }
        return list()
      },
    }
  }

  test('is left out, and what another organization has under its id is not told', async () => {
    const lists: readonly ((
      at: Awaited<ReturnType<typeof withAnnGone>>,
    ) => Promise<{ readonly items: readonly unknown[] }>)[] = [
      ({ engine }) => engine.listMemberships({ organizationId: acme, userId: 'user_ann' }),
      ({ engine, group }) => engine.listGroupMemberPage(acme, group.id),
      ({ engine }) => engine.listRolesOfMembership(acme, ann.membershipId),
      ({ engine }) => engine.listAssignmentPage(acme, { kind: 'membership', id: ann.membershipId }),
    ]
    for (const list of lists) {
      const there = await withAnnGone()
      expect((await list(there)).items).not.toEqual([])
      const going = await withAnnGone()
      expect((await going.whileSheGoes(() => list(going))).items).toEqual([])
    }
    const { engine, given, whileSheGoes } = await withAnnGone()
    expect(await whileSheGoes(() => engine.findAssignment(acme, given.id))).toBeUndefined()
    const other = await withAnnGone()
    expect(await other.whileSheGoes(() => other.engine.findMembership(acme, ann))).toBeUndefined()
  })
})

describe('a page', () => {
  test('reads what it shows and what lies beyond its ends, however large the organization is', async () => {
    const { open, calls } = watchedStore(memoryStore({ access: 'exclusive' }))
    const engine = await openAcme({ store: open })
    for (let n = 0; n < 500; n++) await create(engine, project(`p${n}`), workspace('eng'))
    const [middle] = (await engine.listResourceEntities({ organizationId: acme, externalId: 'p250' })).items
    for (const filter of [{ type: 'project' }, { parent: workspace('eng') }]) {
      for (const page of [{}, { order: 'desc' }, { after: middle!.id }, { before: middle!.id }] as const) {
        calls.clear()
        const { items } = await engine.listResourceEntities({ organizationId: acme, ...filter }, page)
        expect(items).toHaveLength(10)
        expect(calls.get('find')).toBeLessThanOrEqual(12)
        expect(calls.get('scan')).toBeUndefined()
      }
    }
  })
})

function domains(...names: readonly string[]) {
  return names.map((domain) => ({ domain, state: 'verified' as const }))
}
