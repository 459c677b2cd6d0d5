import {
  type AuthorizationEngine,
  compileModel,
  isAuthorizationError,
  type SubjectRef,
} from '@bailiwick/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { acme, agent, assign, bot, definition, may, openAcme, project, workspace } from '../fixtures/acme.js'
import { openEngine } from '../open-engine.js'
import { memoryStore } from '../store/memory-store.js'

type Step = (engine: AuthorizationEngine) => Promise<unknown>

const users = ['user_ann', 'user_bob', 'eve', 'gil']
const groupNames = ['Staff', 'Books', 'Ops']
const roleSlugs = ['org-a', 'org-b']
const places = [
  undefined,
  workspace('eng'),
  workspace('ops'),
  project('web'),
  project('site'),
  bot('helper'),
  bot('second'),
]
const permissions = Object.keys(definition.permissions)

const user = fc.constantFrom(...users).map((userId) => ({ userId }))
const groupName = fc.constantFrom(...groupNames)
const place = fc.constantFrom(...places)
const somewhere = fc.constantFrom(...places.slice(1)) as fc.Arbitrary<NonNullable<(typeof places)[0]>>
const permission = fc.constantFrom(...permissions)
const organizationRole = fc.constantFrom('member', 'editor', 'accountant', ...roleSlugs)
const role = fc.constantFrom('workspace-admin', 'project-editor', 'bot-keeper', 'accountant', ...roleSlugs)
const at = (resource: (typeof places)[0]) => (resource === undefined ? {} : { resource })

/** Groups have no name of ours to find them by, so a subject is found when its turn comes. */
type FindSubject = (engine: AuthorizationEngine) => Promise<SubjectRef>
const byName =
  (name: string) =>
  async (engine: AuthorizationEngine): Promise<{ readonly groupId: never }> => {
    const found = (await engine.listGroups(acme)).find((group) => group.name === name)
    return { groupId: (found?.id ?? 'group_gone') as never }
  }
const subject: fc.Arbitrary<FindSubject> = fc.oneof(
  user.map((ref) => async () => ref),
  fc.constantFrom('helper', 'second').map((name) => async () => agent(name)),
  groupName.map(byName),
)

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(somewhere, somewhere).map(
    ([made, parent]): Step =>
      (engine) =>
        engine.createResource({
          organizationId: acme,
          ...made,
          name: made.externalId,
          ...(made.type !== 'workspace' && { parent }),
        }),
  ),
  fc.tuple(somewhere, fc.boolean()).map(
    ([ref, cascade]): Step =>
      (engine) =>
        engine.deleteResource(acme, ref, { cascade }),
  ),
  fc.tuple(somewhere, somewhere).map(
    ([ref, parent]): Step =>
      (engine) =>
        engine.moveResource(acme, ref, parent),
  ),
  somewhere.map(
    (ref): Step =>
      (engine) =>
        engine.renameResource(acme, ref, { name: 'another' }),
  ),
  fc.tuple(user, fc.option(fc.array(organizationRole, { maxLength: 2 }))).map(
    ([{ userId }, roles]): Step =>
      (engine) =>
        engine.createMembership({ organizationId: acme, userId, ...(roles && { roles }) }),
  ),
  user.map(
    (ref): Step =>
      (engine) =>
        engine.deleteMembership(acme, ref),
  ),
  fc.tuple(user, fc.array(organizationRole, { maxLength: 3 })).map(
    ([ref, roles]): Step =>
      (engine) =>
        engine.setMembershipRoles(acme, ref, roles),
  ),
  fc.tuple(user, fc.constantFrom('active', 'active', 'inactive', 'pending')).map(
    ([ref, status]): Step =>
      (engine) =>
        engine.setMembershipStatus(acme, ref, status),
  ),
  fc.tuple(user, fc.subarray(groupNames), fc.constantFrom('sso', 'directory')).map(
    ([ref, groups, source]): Step =>
      (engine) =>
        engine.syncDirectoryGroups(acme, ref, groups, source),
  ),
  fc.tuple(user, groupName, fc.constantFrom('added', 'removed')).map(
    ([ref, directoryGroup, kind]): Step =>
      (engine) =>
        engine.applyDirectoryGroupEvent(acme, ref, { kind, directoryGroup }),
  ),
  groupName.map(
    (name): Step =>
      (engine) =>
        engine.createGroup({ organizationId: acme, name }),
  ),
  groupName.map(
    (name): Step =>
      async (engine) =>
        engine.deleteGroup(acme, (await byName(name)(engine)).groupId),
  ),
  {
    weight: 3,
    arbitrary: fc.tuple(groupName, user, fc.boolean()).map(
      ([name, ref, joins]): Step =>
        async (engine) => {
          const { groupId } = await byName(name)(engine)
          return joins
            ? engine.addGroupMember(acme, groupId, ref)
            : engine.removeGroupMember(acme, groupId, ref)
        },
    ),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(subject, role, place).map(
      ([find, slug, resource]): Step =>
        async (engine) =>
          engine.assignRole({
            organizationId: acme,
            subject: await find(engine),
            role: slug,
            ...at(resource),
          }),
    ),
  },
  fc.tuple(subject, fc.nat()).map(
    ([find, nth]): Step =>
      async (engine) => {
        const held = await engine.listAssignments(acme, await find(engine))
        const given = held[nth % Math.max(held.length, 1)]
        return given && engine.removeAssignment(acme, given.id)
      },
  ),
  fc.tuple(subject, fc.array(fc.tuple(role, place), { maxLength: 3 })).map(
    ([find, wanted]): Step =>
      async (engine) =>
        engine.replaceAssignments(
          acme,
          await find(engine),
          wanted.map(([slug, resource]) => ({ role: slug, ...at(resource) })),
        ),
  ),
  fc.tuple(fc.constantFrom(...roleSlugs), fc.subarray(permissions)).map(
    ([slug, held]): Step =>
      (engine) =>
        engine.createOrganizationRole({ organizationId: acme, name: slug, slug, permissions: held }),
  ),
  fc.tuple(fc.constantFrom(...roleSlugs), fc.subarray(permissions)).map(
    ([slug, held]): Step =>
      (engine) =>
        engine.updateOrganizationRole(acme, slug, { permissions: held }),
  ),
  fc.constantFrom(...roleSlugs).map(
    (slug): Step =>
      (engine) =>
        engine.deleteOrganizationRole(acme, slug),
  ),
  fc.tuple(organizationRole, fc.array(organizationRole, { maxLength: 3 })).map(
    ([defaultRole, priority]): Step =>
      (engine) =>
        engine.setRoleOrder(acme, { defaultRole, priority }),
  ),
  fc.tuple(groupName, role, place).map(
    ([directoryGroup, slug, resource]): Step =>
      (engine) =>
        engine.createDirectoryMapping({
          organizationId: acme,
          directoryGroup,
          role: slug,
          ...at(resource),
        }),
  ),
  fc.nat().map(
    (nth): Step =>
      async (engine) => {
        const mappings = await engine.listDirectoryMappings(acme)
        const mapping = mappings[nth % Math.max(mappings.length, 1)]
        return mapping && engine.deleteDirectoryMapping(acme, mapping.id)
      },
  ),
  fc.tuple(subject, permission, place, fc.constantFrom('deny', 'allow')).map(
    ([find, what, resource, effect]): Step =>
      async (engine) =>
        engine.createExclusion({
          organizationId: acme,
          subject: await find(engine),
          permission: what,
          effect,
          ...at(resource),
        }),
  ),
  fc.nat().map(
    (nth): Step =>
      async (engine) => {
        const exclusions = await engine.listExclusions(acme)
        const exclusion = exclusions[nth % Math.max(exclusions.length, 1)]
        return exclusion && engine.deleteExclusion(acme, exclusion.id)
      },
  ),
  {
    weight: 1,
    arbitrary: fc.nat({ max: 9 }).map(
      (chance): Step =>
        async (engine) => {
          if (chance > 0) return
          await engine.deleteOrganization(acme)
          await engine.createOrganization({ id: acme, name: 'Acme again' })
        },
    ),
  },
)

/** Enough of everything for commands to find something, and for both answers to be met. */
async function fill(engine: AuthorizationEngine): Promise<void> {
  for (const userId of ['eve', 'gil']) await engine.createMembership({ organizationId: acme, userId })
  await engine.createOrganizationRole({ organizationId: acme, name: 'A', slug: 'org-a', permissions })
  for (const [index, name] of groupNames.entries()) {
    const { value: group } = await engine.createGroup({ organizationId: acme, name })
    for (const userId of users.slice(index)) await engine.addGroupMember(acme, group.id, { userId })
    await assign(engine, { groupId: group.id }, ['editor', 'org-a', 'accountant'][index] as string)
  }
  await assign(engine, agent('helper'), 'workspace-admin', workspace('eng'))
  await engine.createDirectoryMapping({ organizationId: acme, directoryGroup: 'Staff', role: 'editor' })
}

/** All that can be read and asked of Acme. */
async function picture(engine: AuthorizationEngine) {
  const groups = await engine.listGroups(acme)
  const subjects: readonly SubjectRef[] = [
    ...users.map((userId) => ({ userId })),
    agent('helper'),
    agent('second'),
    ...groups.map(({ id }) => ({ groupId: id })),
  ]
  const answers: string[] = []
  for (const each of subjects) {
    for (const what of permissions)
      for (const where of places) answers.push(await may(engine, each, what, where))
  }
  const counts = new Set<string>()
  for (const what of permissions) if (await engine.isExcludedSomewhere(acme, what)) counts.add(what)
  return {
    answers,
    excluded: counts,
    groups,
    memberships: await Promise.all(users.map((userId) => engine.findMembership(acme, { userId }))),
    assignments: await Promise.all(subjects.map((each) => engine.listAssignments(acme, each))),
    members: await Promise.all(groups.map(({ id }) => engine.listGroupMembers(acme, id))),
    roles: await engine.listOrganizationRoles(acme),
    mappings: await engine.listDirectoryMappings(acme),
    exclusions: await engine.listExclusions(acme),
    resources: await Promise.all(places.map((ref) => ref && engine.findResource(acme, ref))),
  }
}

describe('any commands, several at once', () => {
  test.each(['multiple', 'single'] as const)(
    'are done or refused by a rule, and leave in memory what an engine finds that is opened anew: role mode %s',
    async (roleMode) => {
      const model = compileModel({ ...definition, roleMode })
      const met = { done: 0, refused: 0, allow: 0, deny: 0 }
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 3, maxLength: 12 }),
          async (batches) => {
            const store = memoryStore()
            const engine = await openAcme({ model, store })
            await fill(engine)
            for (const batch of batches) {
              for (const outcome of await Promise.allSettled(batch.map((each) => each(engine)))) {
                met[outcome.status === 'fulfilled' ? 'done' : 'refused'] += 1
                if (outcome.status === 'fulfilled') continue
                expect(outcome.reason, String(outcome.reason)).toSatisfy(isAuthorizationError)
                expect(outcome.reason).not.toMatchObject({ kind: 'unavailable' })
              }
            }
            const here = await picture(engine)
            expect(here).toEqual(await picture(await openEngine({ model, store })))
            for (const answer of here.answers) met[answer === 'allow' ? 'allow' : 'deny'] += 1
          },
        ),
        { numRuns: process.env.RUNS === 'long' ? 600 : 60, seed: Number(process.env.SEED ?? 11) },
      )
      expect(met.done / (met.done + met.refused), JSON.stringify(met)).toBeGreaterThan(0.3)
      expect(met.allow / (met.allow + met.deny), JSON.stringify(met)).toBeGreaterThan(0.05)
    },
    300_000,
  )
})
