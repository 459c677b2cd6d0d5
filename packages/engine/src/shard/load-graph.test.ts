import { type AnyEntity, defineModel, type EntityKind, type ShardId, StoreUnavailable } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { openEngine } from '../open-engine.js'
import { memoryStore } from '../store/memory-store.js'
import type { Store, StoreOpener, TakePage } from '../store/store.js'

const model = defineModel({
  resourceTypes: { space: { parents: ['organization'] }, folder: { parents: ['organization', 'space'] } },
  permissions: { 'folder:edit': 'folder' },
  roles: { editor: { on: 'space', permissions: ['folder:edit'] } },
})

/** The store, handing over one entity after the other; `between` is told of each before it comes. */
function inPages(opener: StoreOpener, between: (n: number) => Promise<void> = async () => {}): StoreOpener {
  return async () => {
    const store = await opener()
    const loadInPages = async (shard: ShardId, kinds: readonly EntityKind[], begin: () => TakePage) => {
      const loaded = await store.load(shard)
      const take = begin()
      const place = ({ kind }: AnyEntity) => kinds.indexOf(kind)
      const ordered = [...(loaded?.entities ?? [])].sort((one, other) => place(one) - place(other))
      for (const [n, each] of ordered.entries()) {
        await between(n)
        take([each])
      }
      return loaded?.revision ?? 0
    }
    return new Proxy(store, {
      get: (target, name) => {
        if (name === 'loadInPages') return loadInPages
        const value = Reflect.get(target, name, target) as unknown
        return typeof value === 'function' ? value.bind(target) : value
      },
    }) satisfies Store
  }
}

describe('an organization that comes in pages', () => {
  const acme = async () => {
    const opener = memoryStore()
    const writer = await openEngine({ store: opener, model })
    const organizationId = (await writer.createOrganization({ name: 'Acme' })).value.id
    const ann = (await writer.createMembership({ organizationId, userId: 'ann' })).value.id
    const ben = (await writer.createMembership({ organizationId, userId: 'ben' })).value.id
    const group = (await writer.createGroup({ organizationId, name: 'Crew' })).value.id
    await writer.addGroupMember(organizationId, group, { membershipId: ben })
    const made = async (type: string) =>
      (await writer.createResource({ organizationId, type, externalId: type, name: type })).value.id
    const [child, parent] = [await made('folder'), await made('space')]
    // So that it comes before its parent, whose id is greater.
    await writer.moveResource(organizationId, { resourceId: child }, { resourceId: parent })
    const resource = { resourceId: parent }
    for (const subject of [{ membershipId: ann }, { groupId: group }])
      await writer.assignRole({ organizationId, subject, role: 'editor', resource })
    const question = (membershipId: typeof ann) => ({
      organizationId,
      subject: { membershipId },
      permission: 'folder:edit',
      resource: { resourceId: child },
    })
    return { opener, writer, organizationId, group, ann, ben, question }
  }

  test('answers as one that comes at once, whatever comes before what it refers to', async () => {
    const { opener, organizationId, group, ann, ben, question } = await acme()
    const engines = [await openEngine({ store: opener }), await openEngine({ store: inPages(opener) })]
    for (const engine of engines) {
      expect((await engine.check(question(ann))).kind).toBe('allow')
      expect((await engine.check(question(ben))).kind).toBe('allow')
    }
    await engines[1]?.removeGroupMember(organizationId, group, { membershipId: ben })
    for (const engine of engines) {
      expect((await engine.check(question(ann))).kind).toBe('allow')
      expect((await engine.check(question(ben))).kind).toBe('deny')
    }
  })

  test('and breaks off in the middle is an error, and nothing of it is kept', async () => {
    const { opener, ann, ben, question } = await acme()
    let isBroken = true
    const engine = await openEngine({
      store: inPages(opener, async (n) => {
        if (isBroken && n === 6) throw new StoreUnavailable('it broke off')
      }),
    })
    for (let n = 0; n < 3; n++)
      await expect(engine.check(question(ann))).rejects.toMatchObject({ code: 'store_unavailable' })
    isBroken = false
    expect((await engine.check(question(ann))).kind).toBe('allow')
    expect((await engine.check(question(ben))).kind).toBe('allow')
  })

  test('while the model changes is of the model that is', async () => {
    const { opener, writer, ann, question } = await acme()
    let changes = 0
    const engine = await openEngine({
      store: inPages(opener, async (n) => {
        if (n === 3 && changes++ < 3) await writer.updateRole('editor', { name: `Editor ${changes}` })
        if (n === 4 && changes === 2) await writer.updateRole('editor', { permissions: [] })
      }),
    })
    expect((await engine.check(question(ann))).kind).toBe('deny')
    expect(changes).toBe(2)
  })
})
