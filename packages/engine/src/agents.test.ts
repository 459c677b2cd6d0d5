import { type AuthorizationEngine, compileModel, type ResourceRef, type SubjectRef } from '@bailiwick/core'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  acme,
  agent,
  ann,
  assign,
  bob,
  bot,
  create,
  definition,
  may,
  openAcme,
  project,
  workspace,
} from './fixtures/acme.js'

let engine: AuthorizationEngine

beforeEach(async () => {
  engine = await openAcme()
})

describe('an agent', () => {
  test('is allowed what is assigned to it, on the resource and below', async () => {
    await assign(engine, agent('helper'), 'workspace-admin', workspace('eng'))
    expect(await may(engine, agent('helper'), 'project:edit', project('web'))).toBe('allow')
    expect(await may(engine, agent('helper'), 'project:edit', project('site'))).toBe('no_grant')
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('no_grant')
  })

  test('may hold a role on the organization', async () => {
    await assign(engine, agent('helper'), 'accountant')
    expect(await may(engine, agent('helper'), 'billing:manage')).toBe('allow')
    expect(await may(engine, agent('helper'), 'project:edit')).toBe('no_grant')
  })

  test('that acts for somebody is allowed what both are allowed', async () => {
    const allowed = () => may(engine, agent('helper'), 'project:edit', project('web'), ann)
    expect(await allowed()).toBe('no_grant')
    await assign(engine, agent('helper'), 'workspace-admin', workspace('eng'))
    expect(await allowed()).toBe('no_grant')
    const given = await assign(engine, ann, 'project-editor', project('web'))
    expect(await allowed()).toBe('allow')
    await engine.removeAssignment(acme, given.id)
    expect(await allowed()).toBe('no_grant')
  })

  test('is stopped by an exclusion of the one it acts for, and by her deactivation', async () => {
    await assign(engine, agent('helper'), 'workspace-admin', workspace('eng'))
    await assign(engine, ann, 'project-editor', project('web'))
    const allowed = () => may(engine, agent('helper'), 'project:edit', project('web'), ann)
    const { value } = await engine.createExclusion({
      organizationId: acme,
      subject: ann,
      permission: 'project:edit',
    })
    expect(await allowed()).toBe('excluded')
    await engine.deleteExclusion(acme, value.id)
    expect(await allowed()).toBe('allow')
    await engine.setMembershipStatus(acme, ann, 'inactive')
    expect(await allowed()).toBe('membership_inactive')
  })

  test('names who stands in the way, and what allows each party', async () => {
    await assign(engine, agent('helper'), 'workspace-admin', workspace('eng'))
    const question = {
      organizationId: acme,
      subject: agent('helper'),
      onBehalfOf: [ann],
      permission: 'project:edit',
      resource: project('web'),
    }
    expect(await engine.check(question)).toMatchObject({ kind: 'deny', onBehalfOf: ann })
    const { id } = await assign(engine, ann, 'project-editor', project('web'))
    expect(await engine.check(question)).toMatchObject({
      kind: 'allow',
      delegations: [{ onBehalfOf: ann, grants: [{ from: 'assignment', assignmentId: id }] }],
    })
  })

  test('is unknown when there is none, when its type cannot act, and when it is of another organization', async () => {
    const { value: globex } = await engine.createOrganization({ name: 'Globex' })
    const theirs = await engine.createResource({
      organizationId: globex.id,
      type: 'workspace',
      externalId: 'w',
      name: 'w',
    })
    await engine.createResource({
      organizationId: globex.id,
      type: 'bot',
      externalId: 'theirs',
      name: 'theirs',
      parent: { resourceId: theirs.value.id },
    })
    for (const stranger of [agent('gone'), agent('theirs'), { agent: project('web') }]) {
      expect(await may(engine, stranger, 'project:view')).toBe('agent_unknown')
      expect(await may(engine, agent('helper'), 'project:view', undefined, stranger)).not.toBe('allow')
    }
  })

  test('goes with its resource, and takes with it what it holds; without `cascade` that holds it back', async () => {
    await assign(engine, agent('helper'), 'project-editor', project('web'))
    await engine.createExclusion({
      organizationId: acme,
      subject: agent('helper'),
      permission: 'project:view',
    })
    await assign(engine, ann, 'bot-keeper', bot('helper'))
    await expect(engine.deleteResource(acme, bot('helper'))).rejects.toMatchObject({
      dependents: { children: 0, assignments: 2, mappings: 0, exclusions: 1 },
    })
    await engine.deleteResource(acme, bot('helper'), { cascade: true })
    await create(engine, bot('helper'), workspace('eng'))
    expect(await may(engine, agent('helper'), 'project:edit', project('web'))).toBe('no_grant')
    expect(await engine.listAssignments(acme, agent('helper'))).toEqual([])
    expect(await engine.listAssignments(acme, ann)).toEqual([])
    expect(await engine.listExclusions(acme)).toEqual([])
  })

  test('that holds something on what is deleted with it goes in one piece', async () => {
    await assign(engine, agent('helper'), 'workspace-admin', workspace('eng'))
    await assign(engine, agent('helper'), 'project-editor', project('site'))
    await engine.deleteResource(acme, workspace('eng'), { cascade: true })
    await engine.deleteResource(acme, project('site'))
    expect(await engine.hasResource(acme, project('site'))).toBe(false)
  })
})

const subjects: readonly SubjectRef[] = [ann, bob, agent('helper'), agent('second')]
const places: readonly (ResourceRef | undefined)[] = [
  undefined,
  workspace('eng'),
  workspace('ops'),
  project('web'),
  project('site'),
]
const rolesOn = new Map<ResourceRef | undefined, readonly string[]>([
  [undefined, ['member', 'editor', 'accountant']],
  [places[1], ['workspace-admin']],
  [places[2], ['workspace-admin']],
  [places[3], ['project-editor']],
  [places[4], ['project-editor']],
])
const permissions = Object.keys(definition.permissions)

type Step = (engine: AuthorizationEngine) => Promise<unknown>

const subject = fc.constantFrom(...subjects)
const place = fc.constantFrom(...places)
const permission = fc.constantFrom(...permissions)

const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.tuple(subject, place, fc.nat()).map(giveRole), weight: 4 },
  { arbitrary: fc.tuple(subject, fc.nat()).map(takeBack), weight: 2 },
  { arbitrary: fc.tuple(subject, permission, place).map(exclude), weight: 1 },
  { arbitrary: fc.constantFrom('active', 'inactive').map(setStatus), weight: 1 },
  { arbitrary: fc.constantFrom('eng', 'ops').map(moveWeb), weight: 1 },
)

function giveRole([who, where, nth]: readonly [SubjectRef, ResourceRef | undefined, number]): Step {
  const roles = rolesOn.get(where) as readonly string[]
  return (to) => assign(to, who, roles[nth % roles.length] as string, where)
}

function takeBack([who, nth]: readonly [SubjectRef, number]): Step {
  return async (to) => {
    const held = await to.listAssignments(acme, who)
    const given = held[nth % Math.max(held.length, 1)]
    if (given !== undefined) await to.removeAssignment(acme, given.id)
  }
}

function exclude([who, what, where]: readonly [SubjectRef, string, ResourceRef | undefined]): Step {
  return (to) =>
    to.createExclusion({
      organizationId: acme,
      subject: who,
      permission: what,
      ...(where && { resource: where }),
    })
}

function setStatus(status: 'active' | 'inactive'): Step {
  return (to) => to.setMembershipStatus(acme, ann, status)
}

function moveWeb(to: string): Step {
  return (engine) => engine.moveResource(acme, project('web'), workspace(to))
}

describe('delegation', () => {
  test.each([
    ['a text', ''],
    ['what only looks like an array', { length: 0 }],
    ['somebody by herself', ann],
    ['null', null],
  ])('on behalf of %s is refused, and is never asked for the agent alone', async (_, nobody) => {
    await assign(engine, agent('helper'), 'workspace-admin', workspace('eng'))
    const onBehalfOf = nobody as unknown as readonly SubjectRef[]
    const asking = { organizationId: acme, subject: agent('helper') }
    const question = { ...asking, permission: 'project:edit', resource: project('web') }
    expect((await engine.check(question)).kind).toBe('allow')
    const refused = { code: 'input_invalid', field: 'onBehalfOf' }
    await expect(engine.check({ ...question, onBehalfOf })).rejects.toMatchObject(refused)
    await expect(engine.checkMany([question, { ...question, onBehalfOf }])).rejects.toMatchObject(refused)
    await expect(engine.scope({ ...question, type: 'project', onBehalfOf })).rejects.toMatchObject(refused)
    await expect(engine.effectivePermissions({ ...asking, onBehalfOf })).rejects.toMatchObject(refused)
  })

  test('never allows more than any of those for whom it acts, at any moment, along any chain', async () => {
    const answers = { allow: 0, deny: 0 }
    const chains = [
      [agent('helper'), ann],
      [agent('helper'), bob],
      [agent('helper'), agent('second'), ann],
      [agent('second'), agent('helper'), bob, ann],
    ] as const
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14 }), async (steps) => {
        const engine = await openAcme({ model: compileModel(definition) })
        await create(engine, bot('second'), workspace('ops'))
        // Everybody begins with much, so that both answers are met.
        for (const party of subjects) {
          await assign(engine, party, 'editor')
          await assign(engine, party, 'workspace-admin', workspace('eng'))
        }
        for (const change of steps) {
          await change(engine)
          for (const [first, ...others] of chains) {
            for (const where of places) {
              for (const what of permissions) {
                const together = await may(engine, first, what, where, ...others)
                const alone: string[] = []
                for (const party of [first, ...others]) alone.push(await may(engine, party, what, where))
                expect(together === 'allow').toBe(alone.every((answer) => answer === 'allow'))
                answers[together === 'allow' ? 'allow' : 'deny'] += 1
              }
            }
          }
        }
      }),
      { numRuns: 25, seed: Number(process.env.SEED ?? 7) },
    )
    const share = answers.allow / (answers.allow + answers.deny)
    expect(share, `allows ${answers.allow}, denies ${answers.deny}`).toBeGreaterThan(0.2)
  })
})
