import { type OrganizationId, parseAssignmentId, type ResourceRef, type SubjectRef } from '@bailiwick/core'
import type { Command } from '../command.js'
import type { Facts, ResourceFact } from '../facts.js'
import {
  anyExternalId,
  anyMembershipId,
  anyOrganizationId,
  anyUserId,
  possibleOrganizations,
  refToMembership,
  refToResource,
  strangeResource,
  strangeSubject,
} from './names.js'
import type { Random } from './random.js'

/** Something to do to this world. Mostly it can be done; now and then a rule forbids it. */
export function randomCommand(random: Random, facts: Facts): Command {
  const organizationId = anyOrganizationId(random, facts)
  const draw = random.weighted(kinds)
  return draw(random, facts, organizationId)
}

type Draw = (random: Random, facts: Facts, organizationId: OrganizationId) => Command

const kinds: readonly (readonly [number, Draw])[] = [
  [1, createOrganization],
  [8, createMembership],
  [6, setMembershipRoles],
  [5, setMembershipStatus],
  [2, deleteMembership],
  [32, createResource],
  [2, renameResource],
  [12, moveResource],
  [6, deleteResource],
  [22, assignRole],
  [6, removeAssignment],
]

function createOrganization(random: Random): Command {
  const id = random.pick(possibleOrganizations()) as OrganizationId
  return random.chance(0.5)
    ? { do: 'createOrganization', id }
    : { do: 'createOrganization', id, externalId: `customer ${id}` }
}

function createMembership(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const status = random.weighted([
    [18, undefined],
    [1, 'inactive'],
    [1, 'pending'],
  ] as const)
  return {
    do: 'createMembership',
    organizationId,
    id: anyMembershipId(random),
    userId: anyUserId(random),
    ...(random.chance(0.5) ? { roles: organizationRoles(random, facts) } : {}),
    ...(status === undefined ? {} : { status }),
  }
}

function setMembershipRoles(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const subject = someSubject(random, facts, organizationId)
  return { do: 'setMembershipRoles', organizationId, subject, roles: organizationRoles(random, facts) }
}

function setMembershipStatus(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const status = random.weighted([
    [9, 'active'],
    [1, 'inactive'],
    [1, 'pending'],
  ] as const)
  return {
    do: 'setMembershipStatus',
    organizationId,
    subject: someSubject(random, facts, organizationId),
    status,
  }
}

function deleteMembership(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  return { do: 'deleteMembership', organizationId, subject: someSubject(random, facts, organizationId) }
}

function createResource(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const type = random.chance(0.02)
    ? random.pick(['no-such-type', 'organization', 'constructor'])
    : random.pick(facts.types.slice(1))?.slug
  const fits = facts.resources.filter(
    (resource) =>
      resource.organizationId === organizationId &&
      facts.types.some(({ slug, parents }) => slug === type && parents.includes(resource.type)),
  )
  const parent = random.chance(0.95) ? random.pick(fits) : undefined
  return {
    do: 'createResource',
    organizationId,
    type: type ?? 'no-such-type',
    externalId: anyExternalId(random),
    ...(parent === undefined
      ? random.chance(0.3)
        ? { parent: strangeResource(random, facts) }
        : {}
      : { parent: refToResource(random, parent) }),
  }
}

function renameResource(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const ref = someResource(random, facts, organizationId)
  return { do: 'renameResource', organizationId, ref, name: `name ${random.between(1, 99)}` }
}

function moveResource(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const resource = ours(random, facts, organizationId)
  const fits = facts.resources.filter(
    (candidate) =>
      candidate.organizationId === organizationId &&
      facts.types.some(({ slug, parents }) => slug === resource?.type && parents.includes(candidate.type)),
  )
  const parent = random.chance(0.8) ? random.pick(fits) : undefined
  return {
    do: 'moveResource',
    organizationId,
    ref: resource === undefined ? strangeResource(random, facts) : refToResource(random, resource),
    parent:
      parent === undefined ? someResource(random, facts, organizationId) : refToResource(random, parent),
  }
}

function deleteResource(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const ref = someResource(random, facts, organizationId)
  return { do: 'deleteResource', organizationId, ref, cascade: random.chance(0.3) }
}

function assignRole(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const resource = random.chance(0.95) ? ours(random, facts, organizationId) : undefined
  const subject = someSubject(random, facts, organizationId)
  const fitting = facts.roles.filter(({ on }) => on === (resource?.type ?? 'organization'))
  const role = random.chance(0.93) ? random.pick(fitting)?.slug : random.pick(facts.roles)?.slug
  return {
    do: 'assignRole',
    organizationId,
    subject,
    role: role === undefined || random.chance(0.02) ? 'no-such-role' : role,
    ...(resource === undefined
      ? random.chance(0.3)
        ? { resource: strangeResource(random, facts) }
        : {}
      : { resource: refToResource(random, resource) }),
  }
}

function removeAssignment(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const here = facts.assignments.filter((assignment) => assignment.organizationId === organizationId)
  const assignment = random.pick(random.chance(0.9) ? here : facts.assignments)
  return {
    do: 'removeAssignment',
    organizationId,
    assignmentId: assignment?.id ?? parseAssignmentId('role_assignment_nowhere'),
  }
}

function organizationRoles(random: Random, facts: Facts): readonly string[] {
  const slugs = facts.roles.filter(({ on }) => on === 'organization').map(({ slug }) => slug)
  const odd = random.chance(0.05) ? [random.pick(facts.roles)?.slug ?? 'no-such-role'] : []
  return [...random.some(slugs, random.between(1, 2)), ...odd]
}

function someSubject(random: Random, facts: Facts, organizationId: OrganizationId): SubjectRef {
  const here = facts.memberships.filter((membership) => membership.organizationId === organizationId)
  const membership = random.chance(0.96) ? random.pick(here) : undefined
  return membership === undefined ? strangeSubject(random, facts) : refToMembership(random, membership)
}

function someResource(random: Random, facts: Facts, organizationId: OrganizationId): ResourceRef {
  const resource = random.chance(0.94) ? ours(random, facts, organizationId) : undefined
  return resource === undefined ? strangeResource(random, facts) : refToResource(random, resource)
}

function ours(random: Random, facts: Facts, organizationId: OrganizationId): ResourceFact | undefined {
  return random.pick(facts.resources.filter((resource) => resource.organizationId === organizationId))
}
