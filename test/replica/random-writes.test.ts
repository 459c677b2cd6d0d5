import type { MembershipId } from '@bailiwick/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { acme } from '../server/acme-server.js'
import { outcomeOf, startReplica } from './start-replica.js'

const members = Array.from({ length: 4 }, (_, n) => `om_member${n}` as MembershipId)
const projects = Array.from({ length: 4 }, (_, n) => ({ type: 'project', externalId: `p${n}` }))

const write = fc.record({
  by: fc.constantFrom('replica', 'server'),
  what: fc.constantFrom('give', 'give', 'take', 'ban', 'sleep', 'wake', 'model', 'break'),
  member: fc.nat(3),
  project: fc.nat(3),
})

// Both answers are met, whatever is drawn.
const given = members.flatMap((_, member) =>
  projects.map((_, project) => ({ by: 'server', what: 'give', member, project }) as const),
)
const taken = members.map((_, member) => ({ by: 'replica', what: 'take', member, project: 0 }) as const)

test('after any writes, here and there, a replica that has heard of them says what the server says', async () => {
  const { server, replica, proxy, close } = await startReplica()
  for (const [n, id] of members.entries())
    await server.engine.createMembership({ organizationId: acme, id, userId: `user_${n}` })
  for (const project of projects)
    await server.engine.createResource({ organizationId: acme, ...project, name: project.externalId })
  const answers = { allow: 0, deny: 0 }
  await fc.assert(
    fc.asyncProperty(fc.array(write, { minLength: 5, maxLength: 25 }), async (writes) => {
      await wakeAndForgive()
      for (const { by, what, ...at } of writes) {
        const engine = by === 'replica' ? replica : server.engine
        const subject = { membershipId: members[at.member] as MembershipId }
        const resource = projects[at.project] as (typeof projects)[number]
        const question = { organizationId: acme, subject, resource, permission: 'project:view' }
        switch (what) {
          case 'give':
            await engine.assignRole({ organizationId: acme, subject, role: 'viewer', resource })
            break
          case 'take':
            await engine.replaceAssignments(acme, subject, [])
            break
          case 'ban':
            await engine.createExclusion({
              organizationId: acme,
              subject,
              permission: 'project:view',
              resource,
            })
            break
          case 'sleep':
          case 'wake':
            await engine.setMembershipStatus(acme, subject, what === 'sleep' ? 'inactive' : 'active')
            break
          case 'model':
            await server.engine.updateRole('viewer', { name: `Viewer ${at.project}` })
            break
          case 'break':
            proxy.breakFeed()
        }
        // What was written through it is seen at once, whatever else goes on.
        if (by === 'replica' && what !== 'model' && what !== 'break')
          expect(await outcomeOf(replica, question)).toBe(await outcomeOf(server.engine, question))
      }
      const { token } = await server.engine.renameGroup(acme, await aGroup(), { name: 'again' })
      for (const membershipId of members) {
        for (const resource of projects) {
          const question = {
            organizationId: acme,
            subject: { membershipId },
            resource,
            permission: 'project:view',
          }
          const here = await replica.explain(question, { consistency: { atLeast: token } })
          expect(here).toEqual(await server.engine.explain(question))
          answers[here.decision.kind]++
        }
      }
    }),
    { numRuns: 25, examples: [[given], [taken]] },
  )
  expect(Math.min(answers.allow, answers.deny)).toBeGreaterThan(10)
  expect(proxy.requestsTo('/authorization/check')).toBe(0)
  await close()

  async function wakeAndForgive() {
    for (const { id } of await server.engine.listExclusions(acme))
      await server.engine.deleteExclusion(acme, id)
    for (const membershipId of members)
      await server.engine.setMembershipStatus(acme, { membershipId }, 'active')
  }

  async function aGroup() {
    const [group] = await server.engine.listGroups(acme)
    return (group ?? (await server.engine.createGroup({ organizationId: acme, name: 'first' })).value).id
  }
})
