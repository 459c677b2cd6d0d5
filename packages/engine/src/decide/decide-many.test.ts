import type {
  CheckQuestion,
  MembershipId,
  OrganizationId,
  ResourceRef,
  SubjectKey,
  SubjectRef,
} from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { Random } from '../lists/fixtures/random.js'
import { organizationId, RandomOrganization, type Sizes } from '../lists/fixtures/random-organization.js'
import { decide } from './decide.js'
import { decideMany } from './decide-many.js'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000_000))
const permissions = ['billing:manage', 'workspace:view', 'project:view', 'project:edit', 'app:deploy']
const globex = 'org_globex' as OrganizationId
const stranger: SubjectRef = { membershipId: 'om_stranger' as MembershipId }
const sizes: Sizes = {
  resources: 40,
  memberships: 12,
  groups: 4,
  assignments: 60,
  mappings: 4,
  exclusions: 24,
  hoard: 12,
}

describe(`checks that are decided together (seed ${seed}; SEED=${seed} draws the same)`, () => {
  test.each(['multiple', 'single'] as const)('get the answers of one by one, with %s roles', async (mode) => {
    const random = new Random(seed)
    const met = new Set<string>()
    for (let i = 0; i < 10; i++) {
      const drawn = await RandomOrganization.draw(random, mode, sizes)
      const other = await RandomOrganization.draw(random, mode, sizes)
      for (let j = 0; j < 20; j++) {
        const graphOf = (id: OrganizationId) => (id === globex ? other : drawn).graph
        // More than are looked up at a time, and in some batches one here and one there.
        const elsewhere = random.pick([0, 0.05, 0.5])
        const questions = Array.from({ length: random.pick([1, 7, 64, 300]) }, () =>
          random.chance(elsewhere) ? { ...draw(random, other), organizationId: globex } : draw(random, drawn),
        )
        const expected = questions.map((question) => decide(graphOf(question.organizationId), question))
        expect(decideMany(questions, graphOf)).toEqual(expected)
        for (const decision of expected) met.add(decision.kind === 'deny' ? decision.reason : decision.kind)
        drawn.change()
      }
    }
    const all = ['allow', 'no_grant', 'excluded', 'membership_unknown', 'resource_unknown']
    expect([...met]).toEqual(expect.arrayContaining(all))
  })

  test('are refused for the first at fault, whatever comes behind it', async () => {
    const drawn = await RandomOrganization.draw(new Random(seed), 'multiple', sizes)
    const sound = draw(new Random(seed), drawn)
    const nonsense = { type: 'project', externalId: 7 as unknown as string }
    const questions = [sound, { ...sound, permission: 'project:veiw' }, { ...sound, resource: nonsense }]
    expect(() => decideMany(questions, () => drawn.graph)).toThrow(
      expect.objectContaining({ code: 'permission_unknown' }),
    )
  })
})

function draw(random: Random, drawn: RandomOrganization): CheckQuestion {
  const subject = random.chance(0.1) ? stranger : asRef(drawn.subject())
  const question = { organizationId, subject, permission: random.pick(permissions) }
  if (random.chance(0.05)) return question
  const asked = { ...question, resource: drawResource(random, drawn) }
  return random.chance(0.1) ? { ...asked, onBehalfOf: [asRef(drawn.subject())] } : asked
}

function drawResource(random: Random, { resources }: RandomOrganization): ResourceRef {
  const { id, type, externalId } = random.pick(resources)
  if (random.chance(0.1)) return { resourceId: id }
  return random.chance(0.1) ? { type, externalId: `${externalId}!` } : { type, externalId }
}

function asRef(subject: SubjectKey): SubjectRef {
  if (subject.kind === 'membership') return { membershipId: subject.id }
  if (subject.kind === 'group') return { groupId: subject.id }
  return { agent: { resourceId: subject.id } }
}
