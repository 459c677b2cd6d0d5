import { defineModel, type MembershipId, type OrganizationId, type ResourceId } from '@bailiwick/core'
import { type EmbeddedEngine, openEngine, type StoreOpener } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { describeWithPostgres, type TestDatabase, testDatabase } from './test-database.js'

const races = process.env.RUNS === 'long' ? 1_000 : 60

const model = defineModel({
  resourceTypes: {
    folder: { parents: ['organization'] },
    file: { parents: ['folder'] },
  },
  permissions: { 'folder:edit': 'folder' },
  roles: { 'folder-editor': { on: 'folder', permissions: ['folder:edit'] } },
})

describeWithPostgres('two nodes over PostgreSQL', () => {
  let database: TestDatabase
  let store: StoreOpener
  let one: EmbeddedEngine
  let other: EmbeddedEngine
  let organizationId: OrganizationId
  let membershipId: MembershipId

  beforeAll(async () => {
    database = await testDatabase()
    store = postgres(database.connectionString)
    one = await openEngine({ store, model })
    other = await openEngine({ store, model })
  })
  afterAll(async () => {
    await one?.close()
    await other?.close()
    await database?.stop()
  })
  beforeEach(async () => {
    organizationId = (await one.createOrganization({ name: 'Acme' })).value.id
    membershipId = (await one.createMembership({ organizationId, userId: 'kim' })).value.id
  })

  const folder = async (externalId: string) =>
    (await one.createResource({ organizationId, type: 'folder', externalId, name: externalId })).value.id
  const fileIn = async (parent: ResourceId, externalId: string) =>
    (
      await one.createResource({
        organizationId,
        type: 'file',
        externalId,
        name: externalId,
        parent: { resourceId: parent },
      })
    ).value.id
  const parentOf = async (engine: EmbeddedEngine, resourceId: ResourceId) =>
    (await engine.findResource(organizationId, { resourceId }))?.parentId
  const roundTrips = async (count: number) => {
    for (let trip = 0; trip < count; trip++) await one.getRole('folder-editor')
  }
  const may = async (engine: EmbeddedEngine, resourceId: ResourceId) =>
    (
      await engine.check({
        organizationId,
        subject: { membershipId },
        permission: 'folder:edit',
        resource: { resourceId },
      })
    ).kind

  test('what one writes the other answers by at its very next check, and what one takes back too', async () => {
    const resourceId = await folder('a')
    expect(await may(other, resourceId)).toBe('deny')
    const { value } = await one.assignRole({
      organizationId,
      subject: { membershipId },
      role: 'folder-editor',
      resource: { resourceId },
    })
    expect(await may(other, resourceId)).toBe('allow')
    await other.removeAssignment(organizationId, value.id)
    expect(await may(one, resourceId)).toBe('deny')
  })

  test(`${races} times a file is moved two ways at once: it is in one place, and both nodes say which`, async () => {
    for (let race = 0; race < races; race++) {
      const [from, a, b] = await Promise.all([folder(`from${race}`), folder(`a${race}`), folder(`b${race}`)])
      const file = await fileIn(from, `f${race}`)
      await Promise.all([
        one.moveResource(organizationId, { resourceId: file }, { resourceId: a }),
        other.moveResource(organizationId, { resourceId: file }, { resourceId: b }),
      ])
      const parents = await Promise.all([one, other].map((engine) => parentOf(engine, file)))
      expect([a, b]).toContain(parents[0])
      expect(parents[1]).toBe(parents[0])
    }
  })

  test(`${races} times a file is moved into a folder that is deleted: it is there, or gone with it`, async () => {
    for (let race = 0; race < races; race++) {
      const [from, doomed] = await Promise.all([folder(`g${race}`), folder(`h${race}`)])
      const file = await fileIn(from, `i${race}`)
      const [moved] = await Promise.allSettled([
        one.moveResource(organizationId, { resourceId: file }, { resourceId: doomed }),
        other.deleteResource(organizationId, { resourceId: doomed }, { cascade: true }),
      ])
      const parents = await Promise.all([one, other].map((engine) => parentOf(engine, file)))
      if (moved.status === 'fulfilled') expect(parents).toEqual([undefined, undefined])
      else {
        expect(moved.reason).toMatchObject({ code: 'resource_not_found' })
        expect(parents).toEqual([from, from])
      }
    }
  })

  test(`${races} times a folder is deleted while a role is given on it: no role is left on nothing`, async () => {
    for (let race = 0; race < races; race++) {
      const resourceId = await folder(`c${race}`)
      const [, assigned] = await Promise.allSettled([
        one.deleteResource(organizationId, { resourceId }, { cascade: true }),
        other.assignRole({
          organizationId,
          subject: { membershipId },
          role: 'folder-editor',
          resource: { resourceId },
        }),
      ])
      if (assigned.status === 'rejected')
        expect(assigned.reason).toMatchObject({ code: 'resource_not_found' })
      expect(await one.listAssignments(organizationId, { membershipId })).toEqual([])
      expect(await may(other, resourceId)).toBe('deny')
    }
  })

  test(`${races} times a role is deleted while it is given: it is held, or it is gone`, async () => {
    const seen = { held: 0, gone: 0 }
    const resourceId = await folder('roles')
    for (let race = 0; race < races; race++) {
      const role = `doomed-${race}`
      await one.createRole({ slug: role, name: role, on: 'folder', permissions: ['folder:edit'] })
      const assigning = () =>
        other.assignRole({ organizationId, subject: { membershipId }, role, resource: { resourceId } })
      const deleting = () => one.deleteRole(role)
      // Who knows of the role already gives it in one round trip, who does not is late: both come first at times.
      if (race % 2 === 0) await may(other, resourceId)
      const [deleted, assigned] = await Promise.allSettled([
        roundTrips(race % 5).then(deleting),
        roundTrips((race * 7) % 3).then(assigning),
      ])
      const assignments = await one.listAssignments(organizationId, { membershipId })
      expect([deleted.status, assigned.status].sort()).toEqual(['fulfilled', 'rejected'])
      if (assigned.status === 'fulfilled') {
        seen.held += 1
        expect(deleted).toMatchObject({ reason: { code: 'model_change_refused' } })
        expect(assignments.map((each) => each.role)).toEqual([role])
        expect(await may(other, resourceId)).toBe('allow')
        await other.removeAssignment(organizationId, assigned.value.value.id)
        await one.deleteRole(role)
      } else {
        seen.gone += 1
        expect(assigned.reason).toMatchObject({ code: 'role_unknown' })
        expect(assignments).toEqual([])
        expect(await may(other, resourceId)).toBe('deny')
      }
    }
    // Both came about, and whoever comes now reads what they left.
    expect(Math.min(seen.held, seen.gone)).toBeGreaterThan(0)
    const third = await openEngine({ store })
    expect(await third.hasResource(organizationId, { resourceId })).toBe(true)
    await third.close()
  })

  test('a change of the model has its turn while both nodes write without a pause', async () => {
    let isOver = false
    const made: ResourceId[] = []
    const writing = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; !isOver; n++) {
        const externalId = `turn-${writer}-${n}`
        const { value } = await (n % 2 === 0 ? one : other).createResource({
          organizationId,
          type: 'folder',
          externalId,
          name: externalId,
        })
        made.push(value.id)
      }
    })
    for (let n = 0; n < 5; n++) {
      const before = made.length
      await other.createRole({ slug: `turn-${n}`, name: 'Turn', on: 'folder', permissions: [] })
      await other.deleteRole(`turn-${n}`)
      while (made.length === before) await roundTrips(1)
    }
    isOver = true
    await Promise.all(writing)
    const found = await Promise.all(made.map((resourceId) => one.hasResource(organizationId, { resourceId })))
    expect(found.every((each) => each)).toBe(true)
  })

  test('many writers on both nodes lose nothing', async () => {
    const writes = Array.from({ length: 100 }, (_, n) =>
      (n % 2 === 0 ? one : other).createResource({
        organizationId,
        type: 'folder',
        externalId: `many${n}`,
        name: `${n}`,
      }),
    )
    const ids = (await Promise.all(writes)).map(({ value }) => value.id)
    for (const engine of [one, other]) {
      const found = await Promise.all(
        ids.map((resourceId) => engine.hasResource(organizationId, { resourceId })),
      )
      expect(found.every((each) => each)).toBe(true)
    }
  })
})
