import type { AuthorizationEngine, SubjectKey, SubjectRef } from '@bailiwick/core'
import { Disagreement } from './disagreement.js'
import type { AssignmentFact, Facts } from './facts.js'
import { sameSubject } from './find.js'

/** All that can be read back from an engine is what the oracle knows. */
export async function compareState(facts: Facts, engine: AuthorizationEngine): Promise<void> {
  for (const { id, externalId } of facts.organizations) {
    const found = await engine.getOrganization(id)
    same('organization', found && [found.id, found.externalId], [id, externalId ?? null])
    await compareOrganization(facts, engine, id)
  }
  for (const { id, organizationId, userId, status, roles, directoryGroups } of facts.memberships) {
    const right = [id, userId, status, roles, directoryGroups.sso, directoryGroups.directory]
    for (const subject of [{ membershipId: id }, { userId }]) {
      const found = await engine.findMembership(organizationId, subject)
      const told = found?.directoryGroups
      same(
        'membership',
        found && [found.id, found.userId, found.status, found.roles, told?.sso, told?.directory],
        right,
      )
    }
    await compareAssignments(facts, engine, organizationId, { kind: 'membership', id })
  }
  for (const { id, organizationId, type, externalId, name, parentId } of facts.resources) {
    for (const ref of [{ resourceId: id }, { type, externalId }]) {
      const found = await engine.findResource(organizationId, ref)
      same('resource', found && [found.id, found.type, found.externalId, found.name, found.parentId], [
        id,
        type,
        externalId,
        name,
        parentId ?? null,
      ])
    }
    await compareAssignments(facts, engine, organizationId, { kind: 'agent', id })
  }
  for (const { id, organizationId, members } of facts.groups) {
    same('list of members', await engine.listGroupMembers(organizationId, id), [...members].sort())
    await compareAssignments(facts, engine, organizationId, { kind: 'group', id })
  }
}

type OrganizationId = AssignmentFact['organizationId']

async function compareOrganization(
  facts: Facts,
  engine: AuthorizationEngine,
  id: OrganizationId,
): Promise<void> {
  const here = <Fact extends { readonly organizationId: string }>(all: readonly Fact[]) =>
    all.filter(({ organizationId }) => organizationId === id)
  same(
    'list of groups',
    lines(await engine.listGroups(id), (group) => [group.id, group.name]),
    lines(here(facts.groups), (group) => [group.id, group.name]),
  )
  same(
    'list of roles',
    lines(await engine.listOrganizationRoles(id), ({ slug, on, permissions }) => [slug, on, permissions]),
    lines(here(facts.ownRoles), ({ slug, on, permissions }) => [slug, on, [...permissions].sort()]),
  )
  same(
    'list of mappings',
    lines(await engine.listDirectoryMappings(id), (each) => [
      each.id,
      each.directoryGroup,
      each.role,
      each.resourceId,
    ]),
    lines(here(facts.mappings), (each) => [each.id, each.directoryGroup, each.role, each.resourceId]),
  )
  const exclusions = here(facts.exclusions)
  same(
    'list of exclusions',
    lines(await engine.listExclusions(id), (each) => [
      each.id,
      each.subject.kind,
      each.subject.id,
      each.effect,
      each.permission,
      each.resourceId,
    ]),
    lines(exclusions, (each) => [
      each.id,
      each.subject.kind,
      each.subject.id,
      each.effect,
      each.permission,
      each.resourceId,
    ]),
  )
  for (const { slug } of facts.permissions) {
    const denied = exclusions.some(({ effect, permission }) => effect === 'deny' && permission === slug)
    same(
      `answer whether \`${slug}\` is denied to anybody`,
      await engine.isExcludedSomewhere(id, slug),
      denied,
    )
  }
}

async function compareAssignments(
  facts: Facts,
  engine: AuthorizationEngine,
  organizationId: OrganizationId,
  key: SubjectKey,
): Promise<void> {
  // By id, which is by time as far as one engine's clock can tell: two engines may share a millisecond.
  const held = facts.assignments.filter(({ subject }) => sameSubject(subject, key)).sort(byId)
  const listed = await engine.listAssignments(organizationId, refTo(key))
  same('list of assignments', listed.map(assignmentLine), held.map(assignmentLine))
}

function refTo(key: SubjectKey): SubjectRef {
  if (key.kind === 'membership') return { membershipId: key.id }
  return key.kind === 'group' ? { groupId: key.id } : { agent: { resourceId: key.id } }
}

function byId(one: AssignmentFact, other: AssignmentFact): number {
  return one.id < other.id ? -1 : 1
}

function assignmentLine({ id, role, resourceId }: Pick<AssignmentFact, 'id' | 'role' | 'resourceId'>) {
  return [id, role, resourceId]
}

/** Each as a line of text, sorted. */
function lines<Item>(items: readonly Item[], fields: (item: Item) => readonly unknown[]): readonly string[] {
  return items.map((item) => JSON.stringify(fields(item))).sort()
}

function same(what: string, engine: unknown, oracle: unknown): void {
  if (JSON.stringify(engine) !== JSON.stringify(oracle)) {
    throw new Disagreement(`another ${what} is read back than was written`, { engine, oracle })
  }
}
