import {
  type AuthorizationEngine,
  type ConsistencyToken,
  compileModel,
  type MembershipId,
  type ModelDefinition,
  type OrganizationId,
  StoreUnavailable,
} from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { watchedStore } from './fixtures/watched-store.js'
import { openEngine } from './open-engine.js'
import { memoryStore } from './store/memory-store.js'
import type { Store, StoreOpener } from './store/store.js'

const acme = 'org_acme' as OrganizationId
const ann = { membershipId: 'om_ann' as MembershipId }
const web = { type: 'project', externalId: 'web' }

const first: ModelDefinition = {
  resourceTypes: {
    workspace: { parents: ['organization'] },
    project: { parents: ['organization', 'workspace'] },
  },
  permissions: { 'project:view': 'project', 'project:edit': 'project' },
  roles: {
    member: { on: 'organization', permissions: ['project:view'] },
    editor: { on: 'project', permissions: ['project:edit'] },
  },
}

function open(store: StoreOpener, definition: ModelDefinition = first) {
  return openEngine({ store, model: compileModel(definition) })
}

async function seeded(): Promise<StoreOpener> {
  const store = memoryStore({ access: 'exclusive' })
  const engine = await open(store)
  await engine.createOrganization({ id: acme, name: 'Acme' })
  await engine.createMembership({ organizationId: acme, userId: 'user_ann', id: ann.membershipId })
  await engine.createResource({ organizationId: acme, type: 'project', externalId: 'web', name: 'Web' })
  await engine.assignRole({ organizationId: acme, subject: ann, role: 'editor', resource: web })
  await engine.close()
  return store
}

const edit = { organizationId: acme, subject: ann, permission: 'project:edit', resource: web }

describe('opening with a changed model', () => {
  test('the same model changes nothing', async () => {
    const store = await seeded()
    const before = await revisionOfEnvironment(store)
    await (await open(store)).close()
    expect(await revisionOfEnvironment(store)).toBe(before)
  })

  test('a role that gains a permission grants it to everyone who holds it', async () => {
    const store = await seeded()
    const engine = await open(store, {
      ...first,
      roles: { ...first.roles, editor: { on: 'project', permissions: [] } },
    })
    expect(await engine.check(edit)).toMatchObject({ kind: 'deny', reason: 'no_grant' })
    await engine.close()
    expect(await (await open(store)).check(edit)).toMatchObject({ kind: 'allow' })
  })

  test('a role that is still held is not removed, and nothing changes', async () => {
    const store = await seeded()
    const { editor: _, ...roles } = first.roles
    await expect(open(store, { ...first, roles })).rejects.toMatchObject({
      code: 'model_change_refused',
      blockers: [{ part: 'role', slug: 'editor', dependents: 1 }],
    })
    expect(await (await open(store)).check(edit)).toMatchObject({ kind: 'allow' })
  })

  test('a role that nobody holds is removed, and starts with nobody when it comes back', async () => {
    const store = await seeded()
    const engine = await open(store)
    const [held] = await engine.listAssignments(acme, ann)
    await engine.removeAssignment(acme, held!.id)
    await engine.close()
    const { editor: _, ...roles } = first.roles
    await (await open(store, { ...first, roles })).close()
    const again = await open(store)
    expect(await again.check(edit)).toMatchObject({ kind: 'deny' })
    await again.assignRole({ organizationId: acme, subject: ann, role: 'editor', resource: web })
    expect(await again.check(edit)).toMatchObject({ kind: 'allow' })
  })

  test('a type that still has resources, and a parent that still holds some, are not removed', async () => {
    const store = await seeded()
    const withoutProject: ModelDefinition = {
      resourceTypes: { workspace: { parents: ['organization'] } },
      permissions: {},
      roles: {
        member: { on: 'organization', permissions: [] },
        editor: { on: 'workspace', permissions: [] },
      },
    }
    await expect(open(store, withoutProject)).rejects.toMatchObject({
      blockers: [
        { part: 'resource_type', slug: 'project', dependents: 1 },
        { part: 'role', slug: 'editor', dependents: 1 },
      ],
    })
    const underWorkspaceOnly = {
      ...first,
      resourceTypes: { ...first.resourceTypes, project: { parents: ['workspace'] } },
    }
    await expect(open(store, underWorkspaceOnly)).rejects.toMatchObject({
      blockers: [{ part: 'parent', slug: 'project under organization', dependents: 1 }],
    })
  })
})

describe('two engines on one store', () => {
  test('each sees at once what the other has written', async () => {
    const store = memoryStore({ access: 'shared' })
    const [one, other] = await Promise.all([open(store), open(store)])
    await one.createOrganization({ id: acme, name: 'Acme' })
    await other.createMembership({ organizationId: acme, userId: 'user_ann', id: ann.membershipId })
    await one.createResource({ organizationId: acme, type: 'project', externalId: 'web', name: 'Web' })
    expect(await other.check(edit)).toMatchObject({ kind: 'deny', reason: 'no_grant' })
    const { value } = await one.assignRole({
      organizationId: acme,
      subject: ann,
      role: 'editor',
      resource: web,
    })
    expect(await other.check(edit)).toMatchObject({ kind: 'allow' })
    await other.removeAssignment(acme, value.id)
    expect(await one.check(edit)).toMatchObject({ kind: 'deny', reason: 'no_grant' })
  })

  test('a command is judged by what the other has written, also where it needs no write itself', async () => {
    const store = memoryStore({ access: 'shared' })
    const [one, other] = await Promise.all([open(store), open(store)])
    await one.createOrganization({ id: acme, name: 'Acme' })
    await one.createMembership({ organizationId: acme, userId: 'user_ann', id: ann.membershipId })
    await one.createResource({ organizationId: acme, type: 'project', externalId: 'web', name: 'Web' })
    const given = { organizationId: acme, subject: ann, role: 'editor', resource: web }
    await other.check(edit)

    const { value: first } = await one.assignRole(given)
    expect((await other.assignRole(given)).value.id).toBe(first.id)
    await one.removeAssignment(acme, first.id)
    expect((await other.assignRole(given)).value.id).not.toBe(first.id)
    expect(await one.check(edit)).toMatchObject({ kind: 'allow' })

    await one.createMembership({ organizationId: acme, userId: 'user_bob' })
    await expect(other.setMembershipStatus(acme, { userId: 'user_bob' }, 'inactive')).resolves.toMatchObject({
      value: { status: 'inactive' },
    })
  })

  test('racing writers lose nothing: every external id is taken by exactly one of them', async () => {
    const store = memoryStore({ access: 'shared' })
    const engines = await Promise.all([open(store), open(store), open(store)])
    await engines[0]!.createOrganization({ id: acme, name: 'Acme' })
    const names = Array.from({ length: 40 }, (_, index) => `p${index}`)
    const outcomes = await Promise.allSettled(
      engines.flatMap((engine) =>
        names.map((externalId) =>
          engine.createResource({ organizationId: acme, type: 'project', externalId, name: externalId }),
        ),
      ),
    )
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(outcomes.length - refused.length).toBe(40)
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'resource_exists' })
    const ids = await Promise.all(
      engines.map((engine) =>
        Promise.all(
          names.map(
            async (externalId) => (await engine.findResource(acme, { type: 'project', externalId }))?.id,
          ),
        ),
      ),
    )
    expect(ids[1]).toEqual(ids[0])
    expect(ids[2]).toEqual(ids[0])
  })
})

describe('writes that wait together', () => {
  const given = { organizationId: acme, subject: ann, role: 'editor', resource: web }

  test('one that has nothing to change is answered when the one beside it is refused by the store', async () => {
    const engine = await open(memoryStore({ access: 'exclusive' }))
    await seedAcme(engine)
    const globex = 'org_globex' as OrganizationId
    await engine.createOrganization({ id: globex, name: 'Globex' })
    const { value: bob } = await engine.createMembership({ organizationId: globex, userId: 'user_bob' })
    const { value: held } = await engine.assignRole(given)

    const [, taken, again] = await Promise.allSettled([
      engine.renameResource(acme, web, { name: 'before' }),
      engine.createMembership({ organizationId: acme, userId: 'user_bob', id: bob.id }),
      engine.assignRole(given),
    ])
    expect(taken).toMatchObject({ status: 'rejected', reason: { code: 'membership_exists' } })
    expect(again).toMatchObject({ status: 'fulfilled', value: { value: { id: held.id } } })
  })

  test('one that has nothing to change is answered when somebody else writes at that very moment', async () => {
    const shared = memoryStore({ access: 'shared' })
    const one = await open(shared)
    await seedAcme(one)
    const { value: held } = await one.assignRole(given)
    let interruptions = 0
    const interrupted: StoreOpener = async () => {
      const store = await shared()
      return new Proxy(store, {
        get(_, name: keyof Store) {
          if (name !== 'append')
            return typeof store[name] === 'function' ? store[name].bind(store) : store[name]
          return async (...args: Parameters<Store['append']>) => {
            if (args[0] === acme && interruptions++ < 3)
              await one.renameResource(acme, web, { name: 'first' })
            return store.append(...args)
          }
        },
      })
    }
    const other = await open(interrupted)
    const writes = await Promise.all([
      other.renameResource(acme, web, { name: 'alone' }),
      other.renameResource(acme, web, { name: 'second' }),
      other.assignRole(given),
    ])
    expect(interruptions).toBeGreaterThan(3)
    expect(writes[2]).toMatchObject({ value: { id: held.id } })
    expect(await one.findResource(acme, web)).toMatchObject({ name: 'second' })
  })

  async function seedAcme(engine: AuthorizationEngine): Promise<void> {
    await engine.createOrganization({ id: acme, name: 'Acme' })
    await engine.createMembership({ organizationId: acme, userId: 'user_ann', id: ann.membershipId })
    await engine.createResource({ organizationId: acme, type: 'project', externalId: 'web', name: 'Web' })
  }
})

describe('memory', () => {
  test('an organization that was let go is read again, with all that was written', async () => {
    const { open, calls } = watchedStore(memoryStore({ access: 'exclusive' }))
    const engine = await openEngine({ store: open, model: compileModel(first), maxMemoryMb: 1 })
    const ids = Array.from({ length: 16 }, (_, index) => `org_${index}` as OrganizationId)
    const named = (index: number) => ({ type: 'project', externalId: `${index} ${'x'.repeat(120)}` })
    for (const organizationId of ids) {
      await engine.createOrganization({ id: organizationId, name: 'x' })
      const creations = Array.from({ length: 500 }, (_, index) =>
        engine.createResource({ organizationId, ...named(index), name: 'x' }),
      )
      await Promise.all(creations)
    }
    calls.clear()
    for (const organizationId of ids) {
      expect(await engine.findResource(organizationId, named(499))).toBeDefined()
      expect(await engine.findResource(organizationId, named(500))).toBeUndefined()
    }
    expect(calls.get('load')).toBeGreaterThan(0)
  })
})

describe('a store that fails', () => {
  test('a write whose outcome is unknown is an error, and memory is read again before it is believed', async () => {
    const faults = new Set<string>()
    const engine = await open(failing(await seeded(), faults))
    expect(await engine.check(edit)).toMatchObject({ kind: 'allow' })
    const [held] = await engine.listAssignments(acme, ann)
    faults.add('answer')
    await expect(engine.removeAssignment(acme, held!.id)).rejects.toMatchObject({ code: 'store_unavailable' })
    faults.add('load')
    await expect(engine.check(edit)).rejects.toMatchObject({ kind: 'unavailable' })
    faults.clear()
    expect(await engine.check(edit)).toMatchObject({ kind: 'deny', reason: 'no_grant' })
  })

  test('after close every call is refused', async () => {
    const engine = await open(await seeded())
    await engine.check(edit)
    await engine.close()
    await expect(engine.check(edit)).rejects.toMatchObject({ code: 'store_unavailable' })
    await expect(engine.createOrganization({ name: 'x' })).rejects.toMatchObject({
      code: 'store_unavailable',
    })
  })
})

describe('consistency tokens', () => {
  test('a check may carry the token of a write; a token of another store, or of the future, is an error', async () => {
    const store = memoryStore()
    const engine = await open(store)
    const { token } = await engine.createOrganization({ id: acme, name: 'Acme' })
    await engine.createMembership({ organizationId: acme, userId: 'user_ann', id: ann.membershipId })
    const question = { organizationId: acme, subject: ann, permission: 'project:view' }
    expect(await engine.check(question, { consistency: { atLeast: token } })).toMatchObject({ kind: 'deny' })

    const other = await open(memoryStore())
    const foreign = other.check(question, { consistency: { atLeast: token } })
    await expect(foreign).rejects.toMatchObject({ code: 'consistency_token_foreign' })

    const [id, shard, revision] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [
      string,
      string,
      number,
    ]
    const later = Buffer.from(JSON.stringify([id, shard, revision + 9])).toString(
      'base64url',
    ) as ConsistencyToken
    const unreachable = engine.check(question, { consistency: { atLeast: later } })
    await expect(unreachable).rejects.toMatchObject({ code: 'consistency_unreachable', wanted: revision + 9 })

    const garbage = engine.check(question, { consistency: { atLeast: 'x' as ConsistencyToken } })
    await expect(garbage).rejects.toMatchObject({ code: 'consistency_token_malformed' })
  })
})

async function revisionOfEnvironment(opener: StoreOpener): Promise<number> {
  const store = await opener()
  const revision = await store.revision('environment')
  await store.close()
  return revision
}

/** A store whose medium fails where `faults` says: `answer` stores and then loses the answer. */
function failing(opener: StoreOpener, faults: ReadonlySet<string>): StoreOpener {
  return async () => {
    const store = await opener()
    return new Proxy(store, {
      get(target, property) {
        const value = Reflect.get(target, property, target) as unknown
        if (typeof value !== 'function') return value
        if (property === 'notebook') return value.bind(target)
        return async (...input: unknown[]) => {
          if (property === 'load' && faults.has('load')) throw new StoreUnavailable('disk gone')
          const result: unknown = await (value as (...input: unknown[]) => unknown).apply(target, input)
          if (property === 'append' && faults.has('answer')) throw new StoreUnavailable('connection lost')
          return result
        }
      },
    }) as Store
  }
}
