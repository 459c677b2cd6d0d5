import { type OrganizationId, StoreUnavailable } from '@bailiwick/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { acme, ann, assign, bob, create, may, openAcme, project, workspace } from '../fixtures/acme.js'
import { watchedStore } from '../fixtures/watched-store.js'
import { openEngine } from '../open-engine.js'
import { storeDirectory } from '../sqlite/fixtures/store-directory.js'
import { sqlite } from '../sqlite/sqlite.js'
import { memoryStore } from '../store/memory-store.js'
import type { StoreOpener } from '../store/store.js'

const exclusive = () => memoryStore({ access: 'exclusive' })

const stores: readonly (readonly [string, () => StoreOpener])[] = [
  ['memory', exclusive],
  ['shared memory', memoryStore],
  ['SQLite', () => sqlite(storeDirectory().file('authz.db'))],
]

describe.each(stores)('a model that changes while the engine is open, over %s', (_, storeOf) => {
  const open = async () => {
    const engine = await openAcme({ store: storeOf() })
    onTestFinished(() => engine.close())
    return engine
  }

  test('a permission more in a role allows at the next check, and one less denies', async () => {
    const engine = await open()
    await assign(engine, ann, 'project-editor', project('web'))
    await engine.createPermission({ slug: 'project:ship', on: 'project' })
    expect(await may(engine, ann, 'project:ship', project('web'))).toBe('no_grant')
    await engine.updateRole('project-editor', { permissions: { add: ['project:ship'] } })
    expect(await may(engine, ann, 'project:ship', project('web'))).toBe('allow')
    expect(await may(engine, ann, 'project:ship', project('site'))).toBe('no_grant')
    await engine.updateRole('project-editor', { permissions: { remove: ['project:ship'] } })
    expect(await may(engine, ann, 'project:ship', project('web'))).toBe('no_grant')
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
  })

  test('a handle that was given before follows', async () => {
    const engine = await open()
    await assign(engine, ann, 'project-editor', project('web'))
    const handle = engine.subject(acme, ann)
    const web = engine.resource(acme, project('web'))
    const asked = async () =>
      handle.allows('project:edit', web) ??
      (await may(engine, ann, 'project:edit', project('web'))) === 'allow'
    expect(await asked()).toBe(true)
    await engine.updateRole('project-editor', { permissions: [] })
    expect(await asked()).toBe(false)
    await engine.updateRole('project-editor', { permissions: ['project:edit'] })
    expect(await asked()).toBe(true)
  })

  test('a permission that is deleted is asked in vain, also of the roles of an organization', async () => {
    const engine = await open()
    await engine.createOrganizationRole({
      organizationId: acme,
      name: 'Lead',
      slug: 'org-lead',
      permissions: ['project:edit', 'billing:manage'],
    })
    await engine.setMembershipRoles(acme, ann, ['org-lead'])
    await engine.deletePermission('project:edit')
    await expect(may(engine, ann, 'project:edit')).rejects.toMatchObject({ code: 'permission_unknown' })
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    expect(await engine.getRole('editor')).toMatchObject({ permissions: ['project:view'] })
    await engine.createPermission({ slug: 'project:edit', on: 'project' })
    expect(await may(engine, ann, 'project:edit')).toBe('no_grant')
  })

  test('a type, a role on it and a resource of it come and go', async () => {
    const engine = await open()
    await engine.createResourceType({ slug: 'board', parents: ['workspace'] })
    await engine.addParentType('board', 'project')
    await engine.createPermission({ slug: 'board:draw', on: 'board' })
    await engine.createRole({ slug: 'drawer', on: 'board', permissions: ['board:draw'] })
    const board = { type: 'board', externalId: 'plan' }
    await create(engine, board, project('web'))
    await assign(engine, ann, 'drawer', board)
    expect(await may(engine, ann, 'board:draw', board)).toBe('allow')
    expect(await may(engine, bob, 'board:draw', board)).toBe('no_grant')

    const blockersOf = async (change: Promise<unknown>) =>
      change.then(
        () => [],
        ({
          blockers,
        }: {
          readonly blockers: readonly { readonly part: string; readonly dependents: number }[]
        }) => blockers.map(({ part, dependents }) => [part, dependents]),
      )
    expect(await blockersOf(engine.deleteRole('drawer'))).toEqual([['role', 1]])
    expect(await blockersOf(engine.deleteResourceType('board'))).toEqual([
      ['resource_type', 1],
      ['resource_type', 1],
    ])
    expect(await blockersOf(engine.deleteResourceType('project'))).toMatchObject([
      ['resource_type', 1],
      ['resource_type', 2],
      ['resource_type', 1],
    ])
    await engine.replaceAssignments(acme, ann, [])
    expect(await blockersOf(engine.deleteRole('drawer'))).toEqual([])
    await engine.deletePermission('board:draw')
    expect(await blockersOf(engine.deleteResourceType('board'))).toEqual([['resource_type', 1]])
    await engine.deleteResource(acme, board)
    expect(await blockersOf(engine.deleteResourceType('board'))).toEqual([])
    await expect(create(engine, board, project('web'))).rejects.toMatchObject({
      code: 'resource_type_unknown',
    })
  })

  test('every check that begins after a change sees it, among checks and writes of organizations', async () => {
    const engine = await open()
    await assign(engine, ann, 'project-editor', project('web'))
    for (let round = 0; round < 15; round++) {
      const permissions = round % 2 === 0 ? ['project:view'] : ['project:view', 'project:edit']
      const busy = { on: true }
      const neighbours = [0, 1].map(async (n) => {
        for (let i = 0; busy.on; i++) {
          await engine.createGroup({ organizationId: acme, name: `g${round}-${n}-${i}` })
          expect(await may(engine, ann, 'project:view', project('web'))).toBe('allow')
        }
      })
      await engine.updateRole('project-editor', { permissions })
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => may(engine, ann, 'project:edit', project('web'))),
      )
      expect(new Set(answers)).toEqual(new Set([round % 2 === 0 ? 'no_grant' : 'allow']))
      busy.on = false
      await Promise.all(neighbours)
    }
  })

  test('a write that was acknowledged is never lost to a change of the model', async () => {
    const engine = await open()
    const made: string[] = []
    await Promise.all([
      ...Array.from({ length: 40 }, async (_, n) => {
        const { externalId } = await create(engine, project(`p${n}`), workspace('eng'))
        made.push(externalId)
        expect(await engine.hasResource(acme, project(externalId))).toBe(true)
      }),
      ...Array.from({ length: 10 }, async (_, n) => {
        await engine.createPermission({ slug: `project:do-${n}`, on: 'project' })
        await engine.updateRole('project-editor', { permissions: { add: [`project:do-${n}`] } })
      }),
    ])
    for (const externalId of made) expect(await engine.hasResource(acme, project(externalId))).toBe(true)
    expect((await engine.getRole('project-editor')).permissions).toHaveLength(12)
  })

  test('nobody is given a role that is just going', async () => {
    const engine = await open()
    for (let round = 0; round < 10; round++) {
      const slug = `helper-${round}`
      await engine.createRole({ slug, on: 'project', permissions: ['project:view'] })
      const [given, gone] = await Promise.allSettled([
        assign(engine, ann, slug, project('web')),
        engine.deleteRole(slug),
      ])
      // One of both, whichever came first, and never both.
      expect([given.status, gone.status].sort()).toEqual(['fulfilled', 'rejected'])
    }
    expect(await may(engine, ann, 'project:view', project('web'))).toMatch(/allow|no_grant/)
  })

  test('is found again by an engine that is opened without a model', async () => {
    const store = storeOf()
    const engine = await openAcme({ store })
    await engine.createRole({ slug: 'auditor', permissions: ['billing:manage'] })
    await engine.setMembershipRoles(acme, ann, ['auditor'])
    const roles = await engine.listRoles()
    await engine.close()
    const reopened = await openEngine({ store })
    onTestFinished(() => reopened.close())
    expect(await reopened.listRoles()).toEqual(roles)
    expect(await may(reopened, ann, 'billing:manage')).toBe('allow')
    expect(reopened.model.role('auditor').permissions).toEqual(['billing:manage'])
  })
})

describe('an engine without a model', () => {
  test('begins over an empty store as a new environment does', async () => {
    const engine = await openEngine({ store: exclusive() })
    expect(await engine.getSettings()).toEqual({
      defaultRole: 'member',
      roleMode: 'single',
      rolePriority: ['admin', 'member'],
      maxDepth: 5,
    })
    expect(await engine.listResourceTypes()).toEqual([])
    expect(await engine.listRoles()).toMatchObject([
      { slug: 'admin', on: 'organization', permissions: [] },
      { slug: 'member', on: 'organization', permissions: [] },
    ])
    const id = 'org_new' as OrganizationId
    await engine.createOrganization({ id, name: 'New' })
    const { value } = await engine.createMembership({ organizationId: id, userId: 'user_eve' })
    expect(value.roles).toEqual(['member'])
  })
})

describe('two engines on one store', () => {
  test('see what the other has changed in the model, with what rests on it', async () => {
    const store = memoryStore()
    const one = await openAcme({ store })
    const other = await openEngine({ store })
    expect(await may(other, ann, 'project:edit', project('web'))).toBe('no_grant')
    await one.createRole({ slug: 'shipper', on: 'project', permissions: ['project:edit'] })
    await assign(one, ann, 'shipper', project('web'))
    expect(await may(other, ann, 'project:edit', project('web'))).toBe('allow')
    await other.updateRole('shipper', { permissions: [] })
    expect(await may(one, ann, 'project:edit', project('web'))).toBe('no_grant')
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        (n % 2 === 0 ? one : other).createPermission({ slug: `project:do-${n}`, on: 'project' }),
      ),
    )
    expect((await one.listPermissions({ limit: 100 })).items).toHaveLength(14)
  })
})

describe('a change of the model whose answer is lost', () => {
  test('holds where it was stored, and nothing is decided before that is known', async () => {
    let lost = false
    const { open } = watchedStore(exclusive(), async (method, call) => {
      if (lost && method === 'load') throw new StoreUnavailable('no connection')
      const answer = await call()
      if (lost && method === 'append') throw new StoreUnavailable('connection lost')
      return answer
    })
    const engine = await openAcme({ store: open })
    await assign(engine, ann, 'project-editor', project('web'))
    lost = true
    await expect(engine.updateRole('project-editor', { permissions: [] })).rejects.toMatchObject({
      code: 'store_unavailable',
    })
    await expect(may(engine, ann, 'project:edit', project('web'))).rejects.toMatchObject({
      code: 'store_unavailable',
    })
    lost = false
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('no_grant')
  })
})
