import {
  type AssignmentRecord,
  type Commit,
  type MembershipId,
  type NewResource,
  type OrganizationId,
  StoreUnavailable,
} from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { acme, ann, assign, bob, create, may, model, openAcme, project, workspace } from '../fixtures/acme.js'
import { watchedStore } from '../fixtures/watched-store.js'
import { openEngine } from '../open-engine.js'
import { memoryStore } from '../store/memory-store.js'

const exclusive = () => memoryStore({ access: 'exclusive' })

describe('writers that come together', () => {
  test('share an append: 64 of them take two', async () => {
    const { open, calls } = watchedStore(exclusive())
    const engine = await openAcme({ store: open })
    calls.clear()
    const tokens = await Promise.all(
      Array.from({ length: 64 }, (_, n) =>
        engine.createResource({
          organizationId: acme,
          type: 'project',
          externalId: `p${n}`,
          name: 'P',
          parent: workspace('eng'),
        }),
      ),
    )
    expect(calls.get('append')).toBe(2)
    expect(new Set(tokens.map(({ token }) => token)).size).toBe(64)
    expect(await engine.hasResource(acme, project('p63'))).toBe(true)
  })

  test('that change entities share the read as well: each is read once, in one round', async () => {
    const rounds: string[] = []
    const { open, calls } = watchedStore(exclusive(), (method, call) => {
      rounds.push(method)
      return call()
    })
    const engine = await openAcme({ store: open })
    for (let n = 0; n < 32; n++) await create(engine, project(`p${n}`), workspace('eng'))
    calls.clear()
    rounds.length = 0
    await Promise.all([
      engine.createGroup({ organizationId: acme, name: 'first in line' }),
      ...Array.from({ length: 32 }, (_, n) =>
        engine.renameResource(acme, project(`p${n}`), { name: `Project ${n}` }),
      ),
      engine.renameResource(acme, project('p0'), { description: 'renamed and described' }),
    ])
    expect(calls.get('append')).toBe(2)
    expect(rounds).toEqual(['append', ...Array<string>(33).fill('find'), 'append'])
    expect(await engine.findResource(acme, project('p0'))).toMatchObject({
      name: 'Project 0',
      description: 'renamed and described',
    })
  })

  test('keep their order, also where one must be read for', async () => {
    const engine = await openAcme({ store: exclusive() })
    await create(engine, project('brief'), workspace('eng'))
    const outcomes = await Promise.allSettled([
      engine.createGroup({ organizationId: acme, name: 'first in line' }),
      engine.renameResource(acme, project('brief'), { name: 'Brief' }),
      engine.deleteResource(acme, project('brief')),
      engine.renameResource(acme, project('brief'), { name: 'Late' }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected'])
  })

  test('keep their order also where one comes while another is read for', async () => {
    let deleting: Promise<unknown> | undefined
    const { open } = watchedStore(exclusive(), async (method, call) => {
      if (method === 'find') deleting ??= engine.deleteResource(acme, project('web'))
      return call()
    })
    const engine = await openAcme({ store: open })
    const { value } = await engine.renameResource(acme, project('web'), { name: 'Web' })
    expect(value.name).toBe('Web')
    await deleting
    expect(await engine.hasResource(acme, project('web'))).toBe(false)
  })

  test('may each ask for a read, however often that was needed before', async () => {
    const engine = await openAcme({ store: exclusive() })
    for (let n = 0; n < 12; n++) await engine.renameResource(acme, project('web'), { name: `Web ${n}` })
    expect(await engine.findResource(acme, project('web'))).toMatchObject({ name: 'Web 11' })
  })

  test('each see what the others before them have changed in the same entity', async () => {
    const engine = await openAcme({ store: exclusive() })
    await Promise.all([
      engine.createGroup({ organizationId: acme, name: 'first in line' }),
      engine.setMembershipRoles(acme, ann, ['editor']),
      engine.syncDirectoryGroups(acme, ann, ['Staff']),
      engine.setMembershipStatus(acme, ann, 'inactive'),
      engine.applyDirectoryGroupEvent(acme, ann, { kind: 'added', directoryGroup: 'Books' }),
    ])
    expect(await engine.findMembership(acme, ann)).toMatchObject({
      status: 'inactive',
      roles: ['editor'],
      directoryGroups: { sso: ['Staff'], directory: ['Books'] },
    })
  })

  test('are not harmed by one whose input makes no sense', async () => {
    const engine = await openAcme({ store: exclusive() })
    const outcomes = await Promise.allSettled([
      engine.createGroup({ organizationId: acme, name: 'first in line' }),
      assign(engine, null as never, 'accountant'),
      assign(engine, ann, 'accountant'),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
  })
})

describe('readers', () => {
  test('see a change when it is durable, and not before', async () => {
    let letGo = () => {}
    let reached = () => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    const appending = new Promise<void>((resolve) => {
      reached = resolve
    })
    let hold = false
    const { open } = watchedStore(exclusive(), async (method, call) => {
      if (method === 'append' && hold) {
        reached()
        await held
      }
      return call()
    })
    const engine = await openAcme({ store: open })
    await assign(engine, bob, 'accountant')
    hold = true
    const writes = [
      engine.setMembershipRoles(acme, ann, ['editor']),
      engine.setMembershipStatus(acme, bob, 'inactive'),
      engine.deleteResource(acme, workspace('eng'), { cascade: true }),
    ]
    await appending
    expect(await may(engine, ann, 'project:edit')).toBe('no_grant')
    expect(await may(engine, bob, 'billing:manage')).toBe('allow')
    expect(await engine.hasResource(acme, project('web'))).toBe(true)
    letGo()
    await Promise.all(writes)
    expect(await may(engine, ann, 'project:edit')).toBe('allow')
    expect(await may(engine, bob, 'billing:manage')).toBe('membership_inactive')
    expect(await engine.hasResource(acme, project('web'))).toBe(false)
  })
})

describe('a write whose answer is lost', () => {
  test('is not undone by the next one that changes the same entity', async () => {
    let lost = false
    const { open } = watchedStore(exclusive(), async (method, call) => {
      const answer = await call()
      if (method === 'append' && lost) throw new StoreUnavailable('connection lost')
      return answer
    })
    const engine = await openAcme({ store: open })
    lost = true
    await expect(engine.setMembershipRoles(acme, ann, ['editor'])).rejects.toMatchObject({
      code: 'store_unavailable',
    })
    lost = false
    const { value } = await engine.setMembershipStatus(acme, ann, 'active')
    expect(value.roles).toEqual(['editor'])
    expect(await may(engine, ann, 'project:edit')).toBe('allow')
  })
})

describe('a store that lacks what it has acknowledged', () => {
  test('yields an error, and no change built on nothing', async () => {
    const { open } = watchedStore(exclusive(), async (method, call) =>
      method === 'find' ? undefined : call(),
    )
    const engine = await openAcme({ store: open })
    await expect(engine.setMembershipStatus(acme, ann, 'inactive')).rejects.toMatchObject({
      code: 'store_unavailable',
    })
    await assign(engine, ann, 'accountant')
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
  })

  test('or has it in another organization, as well', async () => {
    const { open } = watchedStore(exclusive(), async (method, call) =>
      method === 'find' ? { ...((await call()) as object), shard: 'org_globex' } : call(),
    )
    const engine = await openAcme({ store: open })
    await expect(engine.setMembershipStatus(acme, ann, 'inactive')).rejects.toMatchObject({
      code: 'store_unavailable',
    })
  })
})

describe('commits that do not fit', () => {
  /** A reader who knows Acme, and is told of it what this makes of the commits since. */
  async function reading(tell: (commits: readonly Commit[]) => readonly Commit[]) {
    const store = memoryStore()
    const writer = await openAcme({ store })
    let isTold = false
    const { open } = watchedStore(store, async (method, call) =>
      method === 'commitsSince' && isTold ? tell((await call()) as readonly Commit[]) : call(),
    )
    const reader = await openEngine({ store: open, model })
    expect(await may(reader, ann, 'billing:manage')).toBe('no_grant')
    isTold = true
    const heal = () => {
      isTold = false
    }
    return { writer, reader, heal }
  }
  const unavailable = { code: 'store_unavailable' }

  test('are an error where one is missing, and then all is read again', async () => {
    const { writer, reader } = await reading((commits) => commits.slice(1))
    await writer.createExclusion({ organizationId: acme, subject: ann, permission: 'billing:manage' })
    await assign(writer, ann, 'accountant')
    await expect(may(reader, ann, 'billing:manage')).rejects.toMatchObject(unavailable)
    expect(await may(reader, ann, 'billing:manage')).toBe('excluded')
  })

  test('are an error where one breaks off half-way, and nothing of it stays', async () => {
    const { writer, reader, heal } = await reading((commits) =>
      commits.map((commit) => {
        const [given] = commit.changes
        if (given?.op !== 'put' || given.kind !== 'assignment') return commit
        const another = (n: number, over: object) =>
          ({ ...given.entity, id: `role_assignment_${`${n}`.repeat(26)}`, ...over }) as AssignmentRecord
        const toBob = another(1, { subject: { kind: 'membership', id: bob.membershipId } })
        const broken = another(2, { roleId: 'role_gone' })
        const changes = [given, { ...given, entity: toBob }, { ...given, entity: broken }]
        return { ...commit, changes }
      }),
    )
    await assign(writer, ann, 'project-editor', project('web'))
    await expect(may(reader, ann, 'project:edit', project('web'))).rejects.toMatchObject(unavailable)
    heal()
    expect(await may(reader, ann, 'project:edit', project('web'))).toBe('allow')
    expect(await may(reader, bob, 'project:edit', project('web'))).toBe('no_grant')
  })
})

describe('two engines on one store', () => {
  test('refuse nothing for what only the other has put into the environment', async () => {
    const store = memoryStore()
    const one = await openAcme({ store })
    const other = await openEngine({ store, model })
    await other.createRole({ slug: 'auditor' })
    await assign(one, ann, 'auditor')
    await expect(assign(one, ann, 'nobody-made-this')).rejects.toMatchObject({ code: 'role_unknown' })
  })

  test('refuse nothing for what only the other has put into the organization', async () => {
    const store = memoryStore()
    const one = await openAcme({ store })
    const other = await openEngine({ store, model })
    expect(await other.hasResource(acme, project('brief'))).toBe(false)
    await create(one, project('brief'), workspace('eng'))
    await assign(other, ann, 'project-editor', project('brief'))
    expect(await may(one, ann, 'project:edit', project('brief'))).toBe('allow')
    await expect(assign(other, ann, 'project-editor', project('never made'))).rejects.toMatchObject({
      code: 'resource_not_found',
    })
  })

  test('change one entity without undoing what the other has changed', async () => {
    const store = memoryStore()
    const one = await openAcme({ store })
    const other = await openEngine({ store, model })
    await one.renameResource(acme, project('web'), { name: 'Web' })
    await other.moveResource(acme, project('web'), workspace('ops'))
    await one.renameResource(acme, project('web'), { description: 'everything' })
    const { value } = await other.renameResource(acme, project('web'), {})
    const parent = await one.findResource(acme, workspace('ops'))
    expect(value).toMatchObject({ name: 'Web', description: 'everything', parentId: parent?.id })
  })

  test('lose nothing of what the other has stored between a read and the append', async () => {
    const store = memoryStore()
    const one = await openAcme({ store })
    let meanwhile: Promise<unknown> | undefined
    const { open } = watchedStore(store, async (method, call) => {
      if (method === 'append') {
        meanwhile ??= one.renameResource(acme, project('web'), { description: 'everything' })
        await meanwhile
      }
      return call()
    })
    const other = await openEngine({ store: open })
    await other.renameResource(acme, project('web'), { name: 'Web' })
    expect(await one.findResource(acme, project('web'))).toMatchObject({
      name: 'Web',
      description: 'everything',
    })
  })

  test('take their own commit once, also where they have read it before they are told', async () => {
    const store = memoryStore()
    await openAcme({ store })
    const { open } = watchedStore(store, async (method, call) => {
      const answer = await call()
      if (method === 'append') expect(await may(other, ann, 'billing:manage')).toBe('allow')
      return answer
    })
    const other = await openEngine({ store: open })
    expect(await may(other, ann, 'billing:manage')).toBe('no_grant')
    await assign(other, ann, 'accountant')
    expect(await may(other, bob, 'billing:manage')).toBe('no_grant')
  })

  test('racing for one entity lose nothing of what either has changed', async () => {
    const store = memoryStore()
    const one = await openAcme({ store })
    const other = await openEngine({ store, model })
    const groups = Array.from({ length: 20 }, (_, n) => `g${n}`)
    await Promise.all(
      groups.flatMap((directoryGroup, n) => [
        (n % 2 === 0 ? one : other).applyDirectoryGroupEvent(acme, ann, { kind: 'added', directoryGroup }),
        (n % 2 === 0 ? other : one).renameResource(
          acme,
          project('web'),
          n < 10 ? { name: 'Web' } : { description: 'x' },
        ),
      ]),
    )
    expect((await one.findMembership(acme, ann))?.directoryGroups.directory).toEqual([...groups].sort())
    expect(await other.findResource(acme, project('web'))).toMatchObject({ name: 'Web', description: 'x' })
  })

  test('see an entity go that they were about to change', async () => {
    const store = memoryStore()
    const one = await openAcme({ store })
    await create(one, project('brief'), workspace('eng'))
    const { open } = watchedStore(store, async (method, call) => {
      // While it is being read, somebody else removes it.
      if (method === 'find' && (await one.hasResource(acme, project('brief'))))
        await one.deleteResource(acme, project('brief'))
      return call()
    })
    const other = await openEngine({ store: open, model })
    await expect(other.renameResource(acme, project('brief'), { name: 'Brief' })).rejects.toMatchObject({
      code: 'resource_not_found',
    })
  })

  test('see an organization go and come back', async () => {
    const store = memoryStore()
    const one = await openAcme({ store })
    const other = await openEngine({ store, model })
    await assign(one, ann, 'accountant')
    expect(await may(other, ann, 'billing:manage')).toBe('allow')
    await one.deleteOrganization(acme)
    expect(await may(other, ann, 'billing:manage')).toBe('organization_unknown')
    await other.createOrganization({ id: acme, name: 'Acme again' })
    expect(await may(one, ann, 'billing:manage')).toBe('membership_unknown')
  })
})

describe('an organization of some size', () => {
  test('is deleted in one piece, without taking it apart', async () => {
    const engine = await openEngine({ store: exclusive(), model })
    const id = 'org_large' as OrganizationId
    await engine.createOrganization({ id, name: 'Large' })
    await engine.createResource({ organizationId: id, type: 'workspace', externalId: 'w', name: 'W' })
    const resources = Array.from(
      { length: 2_000 },
      (_, n): NewResource => ({
        organizationId: id,
        type: 'project',
        externalId: `p${n}`,
        name: 'P',
        parent: workspace('w'),
      }),
    )
    await Promise.all(resources.map((resource) => engine.createResource(resource)))
    await Promise.all(
      resources.map((_, n) =>
        engine.createMembership({
          organizationId: id,
          userId: `user ${n}`,
          id: `om_${n}` as MembershipId,
        }),
      ),
    )
    await engine.deleteOrganization(id)
    await engine.createOrganization({ id, name: 'Small' })
    expect(await engine.hasResource(id, project('p1999'))).toBe(false)
    expect(await engine.findMembership(id, { userId: 'user 0' })).toBeUndefined()
  })
})
