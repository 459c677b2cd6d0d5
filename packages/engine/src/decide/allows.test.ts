import type { SubjectKey, SubjectRef } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { Random } from '../lists/fixtures/random.js'
import { organizationId, RandomOrganization, type Sizes } from '../lists/fixtures/random-organization.js'
import { allowedByRoles } from './allowed-by-roles.js'
import { allows, decide, isAllowed } from './decide.js'
import { locateSubject } from './subject.js'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000_000))
const permissions = ['billing:manage', 'workspace:view', 'project:view', 'project:edit', 'app:deploy']
const plain: Sizes = {
  resources: 40,
  memberships: 12,
  groups: 4,
  assignments: 60,
  mappings: 0,
  exclusions: 0,
  hoard: 12,
}

describe(`a plain yes or no is what a decision says (seed ${seed}; SEED=${seed} draws the same)`, () => {
  test.each([
    ['where roles decide alone', plain, 'multiple', true],
    ['with mappings and exclusions', { ...plain, mappings: 4, exclusions: 12 }, 'multiple', false],
    ['where somebody holds hundreds of roles', { ...plain, resources: 400, hoard: 600 }, 'multiple', false],
    ['where one organization role counts', plain, 'single', false],
  ] as const)('%s', async (_, sizes, roleMode, shortcut) => {
    const random = new Random(seed)
    const met = { allowed: 0, denied: 0, shortcuts: 0 }
    for (let i = 0; i < 20; i++) {
      const drawn = await RandomOrganization.draw(random, roleMode, sizes)
      for (let j = 0; j < 300; j++) {
        compare(random, drawn, met)
        if (j % 10 === 0 && sizes !== plain) drawn.change()
      }
    }
    expect(met.allowed).toBeGreaterThan(300)
    expect(met.denied).toBeGreaterThan(300)
    expect(met.shortcuts > 100, `${met.shortcuts} answered by roles at once`).toBe(shortcut)
  })
})

function compare(
  random: Random,
  drawn: RandomOrganization,
  met: { allowed: number; denied: number; shortcuts: number },
): void {
  const { graph } = drawn
  const subject = asRef(drawn.subject())
  const permission = random.pick(permissions)
  const { id } = random.pick(drawn.resources.filter((each) => graph.resources.findById(each.id) >= 0))
  const question = { organizationId, subject, permission, resource: { resourceId: id } }
  const expected = decide(graph, question).kind === 'allow'
  expect(isAllowed(graph, question), JSON.stringify(question)).toBe(expected)
  if (random.chance(0.1)) {
    const delegated = { ...question, onBehalfOf: [asRef(drawn.subject())] }
    expect(isAllowed(graph, delegated)).toBe(decide(graph, delegated).kind === 'allow')
  }
  const holder = locateSubject(graph, subject)
  if (typeof holder === 'string') return
  const index = graph.environment.permissionIndex(permission)
  const resource = graph.resources.findById(id)
  expect(allows(graph, holder, index, resource), JSON.stringify(question)).toBe(expected)
  if (allowedByRoles(graph.records, holder, index, resource) !== undefined) met.shortcuts += 1
  if (expected) met.allowed += 1
  else met.denied += 1
}

function asRef(subject: SubjectKey): SubjectRef {
  if (subject.kind === 'membership') return { membershipId: subject.id }
  if (subject.kind === 'group') return { groupId: subject.id }
  return { agent: { resourceId: subject.id } }
}
