import { defineModel, type MembershipId, type OrganizationId } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { memoryStore, openEngine } from '../index.js'

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:view': 'project' },
  roles: {},
})
const ann = { membershipId: 'om_ann' as MembershipId }

test('who is asked for without waiting is the last to be let go', async () => {
  const store = memoryStore({ access: 'exclusive' })
  const one = 'org_one' as OrganizationId
  const other = 'org_other' as OrganizationId
  const third = 'org_third' as OrganizationId
  const writing = await openEngine({ store, model })
  for (const organizationId of [one, other, third]) {
    await writing.createOrganization({ id: organizationId, name: 'x' })
    const names = Array.from({ length: 2_000 }, (_, n) => `${n} ${'x'.repeat(120)}`)
    await Promise.all(
      names.map((externalId) =>
        writing.createResource({ organizationId, type: 'project', externalId, name: 'x' }),
      ),
    )
  }
  await writing.close()
  // Two of them fit.
  const engine = await openEngine({ store, model, maxMemoryMb: 1 })
  for (const id of [one, other]) await engine.hasResource(id, { type: 'organization', externalId: id })
  expect([one, other].map((id) => engine.isAtHand(id))).toEqual([true, true])
  engine.subject(one, ann).allows('project:view', { type: 'project', externalId: 'web' })
  await engine.hasResource(third, { type: 'organization', externalId: third })
  expect([one, other, third].map((id) => engine.isAtHand(id))).toEqual([true, false, true])
  await engine.close()
  expect([one, third].map((id) => engine.isAtHand(id))).toEqual([false, false])
})
