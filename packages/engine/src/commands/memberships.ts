import {
  type Change,
  EntityExists,
  InputInvalid,
  limits,
  type Membership,
  type MembershipId,
  type MembershipRecord,
  type MembershipStatus,
  type NewMembership,
  type OrganizationId,
  parseMembershipId,
  parseUserId,
  type RoleId,
  RoleTypeMismatch,
  rootType,
  type SubjectRef,
} from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'
import { newId } from '../new-id.js'
import type { Command, Outcome } from './command.js'
import { requireMembership, requireOrganization } from './find.js'
import { membershipView } from './views.js'

const statuses: readonly MembershipStatus[] = ['active', 'inactive', 'pending']

/** Give a user a place in an organization: one membership a user. */
export function createMembership(input: NewMembership): Command<Membership> {
  const userId = parseUserId(input.userId)
  const given = input.id === undefined ? undefined : parseMembershipId(input.id, 'id')
  const status = parseStatus(input.status ?? 'active')
  return (graph, { at, ulid }) => {
    requireOrganization(graph, input.organizationId)
    const { environment } = graph
    const { defaultRole } = environment.model
    const roleIds = organizationRoles(
      environment,
      input.roles ?? (defaultRole === undefined ? [] : [defaultRole]),
    )
    if (graph.findMembership({ userId }) !== undefined) throw new EntityExists('membership', userId)
    const id = given ?? newId<MembershipId>('membership', ulid)
    if (graph.findMembership({ membershipId: id }) !== undefined) throw new EntityExists('membership', id)
    const { organizationId } = input
    return put(environment, { id, organizationId, userId, status, roleIds, createdAt: at, updatedAt: at })
  }
}

/** Replace the organization-level roles of a membership. */
export function setMembershipRoles(
  organizationId: OrganizationId,
  subject: SubjectRef,
  roles: readonly string[],
): Command<Membership> {
  return (graph, { at }) => {
    requireOrganization(graph, organizationId)
    const { entity } = requireMembership(graph, subject)
    return put(graph.environment, {
      ...entity,
      roleIds: organizationRoles(graph.environment, roles),
      updatedAt: at,
    })
  }
}

/** Activate or deactivate a membership. What it holds is kept, and sleeps while it is not active. */
export function setMembershipStatus(
  organizationId: OrganizationId,
  subject: SubjectRef,
  status: MembershipStatus,
): Command<Membership> {
  const parsed = parseStatus(status)
  return (graph, { at }) => {
    requireOrganization(graph, organizationId)
    const { entity } = requireMembership(graph, subject)
    return put(graph.environment, { ...entity, status: parsed, updatedAt: at })
  }
}

/** Remove a membership and all that was assigned to it. */
export function deleteMembership(organizationId: OrganizationId, subject: SubjectRef): Command<undefined> {
  return (graph) => {
    requireOrganization(graph, organizationId)
    const membership = requireMembership(graph, subject)
    const held = [...membership.assignments.values()].flat()
    return {
      changes: [
        ...held.map(({ entity }): Change => ({ op: 'remove', kind: 'assignment', entity })),
        { op: 'remove', kind: 'membership', entity: membership.entity },
      ],
      value: undefined,
    }
  }
}

function put(environment: Environment, entity: MembershipRecord): Outcome<Membership> {
  return { changes: [{ op: 'put', kind: 'membership', entity }], value: membershipView(environment, entity) }
}

function organizationRoles(environment: Environment, slugs: readonly string[]): readonly RoleId[] {
  if (!Array.isArray(slugs) || slugs.length > limits.rolesPerMembership) {
    throw new InputInvalid(
      'roles',
      `must be an array of at most ${limits.rolesPerMembership} role slugs`,
      slugs,
    )
  }
  return [...new Set(slugs)].sort().map((slug) => {
    const role = environment.roleBySlug(slug)
    if (role.on !== rootType) throw new RoleTypeMismatch(slug, role.on, rootType)
    return role.id
  })
}

function parseStatus(status: MembershipStatus): MembershipStatus {
  if (!statuses.includes(status))
    throw new InputInvalid('status', `must be one of ${statuses.join(', ')}`, status)
  return status
}
