import {
  type AssignmentId,
  assertNever,
  type OrganizationId,
  type ResourceId,
  type ResourceRef,
} from '@bailiwick/core'
import { wayUp } from './answer.js'
import type { Command, CommandOf } from './command.js'
import type { AssignmentFact, Facts, MembershipFact, ResourceFact } from './facts.js'
import { find } from './find.js'

/** The ids that came into being with a write. The oracle invents none: it takes those that the engine gave. */
export interface MadeIds {
  readonly root?: ResourceId
  readonly resource?: ResourceId
  readonly assignment?: AssignmentId
}

/** What is true after a command that breaks no rule (see `refusals`). */
export function apply(facts: Facts, command: Command, made: MadeIds): Facts {
  switch (command.do) {
    case 'createOrganization':
      return createOrganization(facts, command, made)
    case 'createMembership':
      return createMembership(facts, command)
    case 'setMembershipRoles':
      return changeMembership(facts, command, { roles: [...new Set(command.roles)].sort() })
    case 'setMembershipStatus':
      return changeMembership(facts, command, { status: command.status })
    case 'deleteMembership':
      return deleteMembership(facts, command)
    case 'createResource':
      return createResource(facts, command, made)
    case 'renameResource':
      return changeResource(facts, command, { name: command.name })
    case 'moveResource':
      return changeResource(facts, command, {
        parentId: existing(facts, command.organizationId, command.parent).id,
      })
    case 'deleteResource':
      return deleteResource(facts, command)
    case 'assignRole':
      return assignRole(facts, command, made)
    case 'removeAssignment':
      return {
        ...facts,
        assignments: facts.assignments.filter(({ id }) => id !== command.assignmentId),
      }
    default:
      return assertNever(command)
  }
}

/** The assignment that giving this role again would yield. */
export function heldAssignment(facts: Facts, command: CommandOf<'assignRole'>): AssignmentFact | undefined {
  const membership = find.membership(facts, command.organizationId, command.subject)
  const resource = existing(facts, command.organizationId, command.resource)
  return facts.assignments.find(
    ({ membershipId, role, resourceId }) =>
      membershipId === membership?.id && role === command.role && resourceId === resource.id,
  )
}

function createOrganization(facts: Facts, command: CommandOf<'createOrganization'>, made: MadeIds): Facts {
  const root: ResourceFact = {
    id: given(made.root),
    organizationId: command.id,
    type: 'organization',
    externalId: command.externalId ?? command.id,
    name: command.id,
    parentId: undefined,
  }
  return {
    ...facts,
    organizations: [...facts.organizations, { id: command.id, externalId: command.externalId }],
    resources: [...facts.resources, root],
  }
}

function createMembership(facts: Facts, command: CommandOf<'createMembership'>): Facts {
  const byDefault = facts.defaultRole === undefined ? [] : [facts.defaultRole]
  const membership: MembershipFact = {
    id: command.id,
    organizationId: command.organizationId,
    userId: command.userId,
    status: command.status ?? 'active',
    roles: [...new Set(command.roles ?? byDefault)].sort(),
  }
  return { ...facts, memberships: [...facts.memberships, membership] }
}

function changeMembership(
  facts: Facts,
  command: CommandOf<'setMembershipRoles' | 'setMembershipStatus'>,
  to: Partial<MembershipFact>,
): Facts {
  const changed = find.membership(facts, command.organizationId, command.subject)
  const memberships = facts.memberships.map((membership) =>
    membership === changed ? { ...membership, ...to } : membership,
  )
  return { ...facts, memberships }
}

function deleteMembership(facts: Facts, command: CommandOf<'deleteMembership'>): Facts {
  const gone = find.membership(facts, command.organizationId, command.subject)
  return {
    ...facts,
    memberships: facts.memberships.filter((membership) => membership !== gone),
    assignments: facts.assignments.filter(({ membershipId }) => membershipId !== gone?.id),
  }
}

function createResource(facts: Facts, command: CommandOf<'createResource'>, made: MadeIds): Facts {
  const resource: ResourceFact = {
    id: given(made.resource),
    organizationId: command.organizationId,
    type: command.type,
    externalId: command.externalId,
    name: command.externalId,
    parentId: existing(facts, command.organizationId, command.parent).id,
  }
  return { ...facts, resources: [...facts.resources, resource] }
}

function changeResource(
  facts: Facts,
  command: CommandOf<'renameResource' | 'moveResource'>,
  to: Partial<ResourceFact>,
): Facts {
  const changed = existing(facts, command.organizationId, command.ref)
  const resources = facts.resources.map((resource) =>
    resource === changed ? { ...resource, ...to } : resource,
  )
  return { ...facts, resources }
}

function deleteResource(facts: Facts, command: CommandOf<'deleteResource'>): Facts {
  const top = existing(facts, command.organizationId, command.ref)
  const gone = new Set(
    facts.resources.filter((resource) => wayUp(facts, resource).includes(top)).map(({ id }) => id),
  )
  return {
    ...facts,
    resources: facts.resources.filter(({ id }) => !gone.has(id)),
    assignments: facts.assignments.filter(({ resourceId }) => !gone.has(resourceId)),
  }
}

function assignRole(facts: Facts, command: CommandOf<'assignRole'>, made: MadeIds): Facts {
  if (heldAssignment(facts, command) !== undefined) return facts
  const membership = find.membership(facts, command.organizationId, command.subject)
  if (membership === undefined) throw new Error('a role was given to nobody: refusals were not asked first')
  const assignment: AssignmentFact = {
    id: given(made.assignment),
    organizationId: command.organizationId,
    membershipId: membership.id,
    role: command.role,
    resourceId: existing(facts, command.organizationId, command.resource).id,
  }
  return { ...facts, assignments: [...facts.assignments, assignment] }
}

/** The resource named, or the root where none is. */
function existing(facts: Facts, organizationId: OrganizationId, ref: ResourceRef | undefined): ResourceFact {
  const resource =
    ref === undefined ? find.root(facts, organizationId) : find.resource(facts, organizationId, ref)
  if (resource === undefined) throw new Error('no such resource: refusals were not asked first')
  return resource
}

function given<Id>(id: Id | undefined): Id {
  if (id === undefined) throw new Error('the write succeeded, but its id was not passed on')
  return id
}
