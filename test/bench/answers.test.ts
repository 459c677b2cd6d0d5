import type { MembershipId, OrganizationId } from '@bailiwick/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FloorCsr } from './floors/floor-csr.js'
import { FloorIndex } from './floors/floor-index.js'
import { FloorLists } from './floors/floor-lists.js'
import { FloorPacked } from './floors/floor-packed.js'
import { openOurs } from './ours.js'
import { CasbinPeer } from './peers/casbin.js'
import { CaslPeer } from './peers/casl.js'
import { CedarPeer } from './peers/cedar.js'
import { Facts } from './peers/facts.js'
import { idOf } from './workload/ids.js'
import { permissionSlugs, roleMasks, typeSlugs } from './workload/model.js'
import { type Asked, asCheckQuestion, drawQuestions, freshQuestions } from './workload/questions.js'
import { sizeS } from './workload/sizes.js'
import { makeWorkload, organizationOf } from './workload/workload.js'

const workload = makeWorkload(sizeS)
const asked = drawQuestions(workload, 40)
const questions = freshQuestions(workload, asked)
const expected = asked.map(isAllowed)
const edit = permissionSlugs.indexOf('project:edit')

let ours: Awaited<ReturnType<typeof openOurs>>
beforeAll(async () => {
  ours = await openOurs(workload)
})
afterAll(() => ours.close())

/** By looking at everything: slow, and nothing to get wrong. */
function isAllowed({ membership, permission, resource }: Omit<Asked, 'category'>): boolean {
  const { ownRole, rowsOf, groupsOf, parent, size } = workload
  if (organizationOf(workload, resource) !== Math.floor(membership / size.membershipsEach)) return false
  const holds = (role: number) => ((roleMasks[role] as number) & (1 << permission)) !== 0
  if (holds(ownRole[membership] as number)) return true
  const path: number[] = []
  for (let at = resource; at >= 0; at = parent[at] as number) path.push(at)
  const groups = groupsOf.items.subarray(groupsOf.starts[membership], groupsOf.starts[membership + 1])
  return [membership, ...Array.from(groups, (group) => workload.memberships + group)].some((holder) =>
    rowsOf.items
      .subarray(rowsOf.starts[holder], rowsOf.starts[holder + 1])
      .some((row) => path.includes(row >> 3) && holds(row & 7)),
  )
}

describe('the questions of the bench', () => {
  test('are allowed and denied, of ten kinds', () => {
    expect(new Set(asked.map(({ category }) => category)).size).toBe(10)
    const allowed = expected.filter((each) => each).length / expected.length
    expect(allowed).toBeGreaterThan(0.7)
    expect(allowed).toBeLessThan(0.9)
  })

  test('are answered alike by the floors', () => {
    const index = new FloorIndex(workload)
    expect(
      asked.map(({ membership, permission, resource }) => index.check(membership, 1 << permission, resource)),
    ).toEqual(expected)
    for (const floor of [new FloorCsr(workload), new FloorPacked(workload)]) {
      expect(
        questions.map(({ membershipId, permission, type, externalId }) =>
          floor.check(membershipId, permission, type, externalId),
        ),
      ).toEqual(expected)
    }
  })

  test('are answered alike by the engine, awaited and at once', async () => {
    const all = questions.map(asCheckQuestion)
    const decisions = await Promise.all(all.map((question) => ours.engine.check(question)))
    expect(decisions.map(({ kind }) => kind === 'allow')).toEqual(expected)
    expect(all.map((each) => ours.subject(each).allows(each.permission, each.resource))).toEqual(expected)
    expect(all.map((each) => ours.subject(each).allows(each.permission, ours.resource(each)))).toEqual(
      expected,
    )
  })

  test('are answered alike by the peers', async () => {
    const facts = new Facts(workload)
    const members = new Set(asked.map(({ membership }) => membership))
    const peers = [new CaslPeer(facts, members), new CedarPeer(facts, members), await CasbinPeer.build(facts)]
    for (const peer of peers) expect(questions.map((question) => peer.check(question))).toEqual(expected)
  })
})

describe('the lists of the bench', () => {
  const floor = new FloorLists(workload)
  const organizationId = idOf('organization', 0) as OrganizationId

  test('hold the projects that a membership may edit', async () => {
    for (let membership = 0; membership < sizeS.membershipsEach; membership++) {
      const projects = inFirst('project').filter((resource) =>
        isAllowed({ membership, permission: edit, resource }),
      )
      expect([...floor.resources(membership, 1 << edit, typeSlugs.indexOf('project'))]).toEqual(projects)
      const subject = { membershipId: idOf('membership', membership) as MembershipId }
      const question = { organizationId, subject, permission: 'project:edit', type: 'project' }
      const { items } = await ours.engine.listResources(question, { limit: 100 })
      expect(items.map(({ id }) => id)).toEqual(projects.map((each) => idOf('resource', each)))
    }
  })

  test('hold the memberships that may edit a project', async () => {
    for (const project of inFirst('project')) {
      const members = Array.from({ length: sizeS.membershipsEach }, (_, membership) => membership).filter(
        (membership) => isAllowed({ membership, permission: edit, resource: project }),
      )
      expect([...floor.subjects(project, 1 << edit)]).toEqual(members)
      const resource = { type: 'project', externalId: idOf('project', project) }
      const question = { organizationId, permission: 'project:edit', resource }
      const { items } = await ours.engine.listSubjects(question, { limit: 100 })
      expect(items.map(({ id }) => id)).toEqual(members.map((each) => idOf('membership', each)))
    }
  })
})

/** The resources of a type in the first organization. */
function inFirst(type: (typeof typeSlugs)[number]): readonly number[] {
  return Array.from({ length: workload.span }, (_, resource) => resource).filter(
    (resource) => typeSlugs[workload.type[resource] as number] === type,
  )
}
