import type { AuthorizationEngine } from '@bailiwick/core'
import { Disagreement } from './disagreement.js'
import type { AssignmentFact, Facts } from './facts.js'

/** All that can be read back from an engine is what the oracle knows. */
export async function compareState(facts: Facts, engine: AuthorizationEngine): Promise<void> {
  for (const { id, externalId } of facts.organizations) {
    const found = await engine.getOrganization(id)
    same('organization', found && [found.id, found.externalId], [id, externalId ?? null])
  }
  for (const { id, organizationId, userId, status, roles } of facts.memberships) {
    for (const subject of [{ membershipId: id }, { userId }]) {
      const found = await engine.findMembership(organizationId, subject)
      same('membership', found && [found.id, found.userId, found.status, found.roles], [
        id,
        userId,
        status,
        roles,
      ])
    }
    // By id, which is by time as far as one engine's clock can tell: two engines may share a millisecond.
    const held = facts.assignments.filter(({ membershipId }) => membershipId === id).sort(byId)
    const listed = await engine.listAssignments(organizationId, { membershipId: id })
    same('list of assignments', listed.map(assignmentLine), held.map(assignmentLine))
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
  }
}

function byId(one: AssignmentFact, other: AssignmentFact): number {
  return one.id < other.id ? -1 : 1
}

function assignmentLine({ id, role, resourceId }: Pick<AssignmentFact, 'id' | 'role' | 'resourceId'>) {
  return [id, role, resourceId]
}

function same(what: string, engine: unknown, oracle: unknown): void {
  if (JSON.stringify(engine) !== JSON.stringify(oracle)) {
    throw new Disagreement(`another ${what} is read back than was written`, { engine, oracle })
  }
}
