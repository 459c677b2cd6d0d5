import {
  type Assignment,
  type AuthorizationEngine,
  type ConsistencyToken,
  EntityNotFound,
  type GroupId,
  isAuthorizationError,
  type MembershipRef,
  type OrganizationId,
  type ResourceRef,
  rootType,
  type Written,
} from '@bailiwick/core'
import {
  assignRole,
  createGroupRoleAssignment,
  fromGroupAssignmentId,
  type GroupRoleAssignmentJson,
  groupRoleAssignmentJson,
  listGroupRoleAssignments,
  listRoleAssignments,
  type RoleAssignmentJson,
  renderResourceRef,
  roleAssignmentJson,
} from '@bailiwick/wire'
import { membershipOf } from '../areas/finding.js'
import { everyItem } from '../areas/paging.js'
import type { Service } from '../service.js'
import { lacks, refusePart } from './missing.js'

type Assignments = Pick<
  AuthorizationEngine,
  'listAssignments' | 'assignRole' | 'removeAssignment' | 'replaceAssignments'
>

type Needed = Pick<AuthorizationEngine, 'findMembership' | 'getOrganization' | 'findGroup'>

/** Roles given to memberships and groups, of WorkOS's own service. */
export function workosAssignments(service: Service, engine: Needed): Assignments {
  return {
    async listAssignments(organizationId, subject) {
      refusePart('agents', 'the roles of an agent', 'agent' in subject)
      if ('groupId' in subject)
        return (await rowsOfGroup(organizationId, subject.groupId)).map(({ held }) => held)
      return ofMembership(organizationId, subject as MembershipRef)
    },

    async assignRole({ organizationId, subject, role, resource }) {
      refusePart('agents', 'a role of an agent', 'agent' in subject)
      const ref = resource ?? { type: rootType, externalId: organizationId }
      return 'groupId' in subject
        ? giveToGroup(organizationId, subject.groupId, role, ref)
        : giveToMembership(organizationId, subject as MembershipRef, role, ref)
    },

    removeAssignment: lacks('anySubject', 'removeAssignment'),
    replaceAssignments: lacks('anySubject', 'replaceAssignments'),
  }

  async function ofMembership(
    organizationId: OrganizationId,
    ref: MembershipRef,
  ): Promise<readonly Assignment[]> {
    const membership = await engine.findMembership(organizationId, ref)
    if (membership === undefined) return []
    const rows = await everyItem(service, {
      operation: listRoleAssignments,
      organizationId,
      params: { organization_membership_id: membership.id },
      item: (json) => json,
    })
    // The list tells what comes through groups as well, and the membership's own roles.
    return rows
      .filter(({ source, resource }) => source.type === 'direct' && resource.resource_type_slug !== rootType)
      .map((json) => fromMembership(json, organizationId))
  }

  async function rowsOfGroup(organizationId: OrganizationId, groupId: GroupId): Promise<readonly GroupRow[]> {
    if ((await engine.findGroup(organizationId, groupId)) === undefined) return []
    return everyItem(service, {
      operation: listGroupRoleAssignments,
      organizationId,
      params: { group_id: groupId },
      item: (json) => ({ held: fromGroup(json, organizationId), resource: json.resource }),
    })
  }

  async function giveToMembership(
    organizationId: OrganizationId,
    ref: MembershipRef,
    role: string,
    resource: ResourceRef,
  ): Promise<Written<Assignment>> {
    const { id } = await membershipOf(engine, organizationId, ref)
    const params = { organization_membership_id: id }
    const body = { role_slug: role, ...renderResourceRef(resource) }
    const read = (json: unknown) => fromMembership(roleAssignmentJson.parse(json), organizationId)
    return service.write({ operation: assignRole, params, body, read }, organizationId)
  }

  async function giveToGroup(
    organizationId: OrganizationId,
    groupId: GroupId,
    role: string,
    resource: ResourceRef,
  ): Promise<Written<Assignment>> {
    // Its id alone would lead into any organization.
    if ((await engine.findGroup(organizationId, groupId)) === undefined)
      throw new EntityNotFound('group', groupId)
    const params = { group_id: groupId }
    const body = { role_slug: role, ...renderResourceRef(resource) }
    const read = (json: unknown) => fromGroup(groupRoleAssignmentJson.parse(json), organizationId)
    try {
      return await service.write({ operation: createGroupRoleAssignment, params, body, read }, organizationId)
    } catch (error) {
      if (!isAuthorizationError(error) || error.kind !== 'conflict') throw error
      // WorkOS refuses what is held already, and the port yields it.
      const held = (await rowsOfGroup(organizationId, groupId)).find((row) => isThat(row, role, resource))
      if (held === undefined) throw error
      return { value: held.held, token: '' as ConsistencyToken }
    }
  }
}

interface GroupRow {
  readonly held: Assignment
  readonly resource: GroupRoleAssignmentJson['resource']
}

function isThat({ held, resource }: GroupRow, role: string, ref: ResourceRef): boolean {
  if (held.role !== role) return false
  return 'resourceId' in ref
    ? resource.id === ref.resourceId
    : resource.external_id === ref.externalId && resource.resource_type_slug === ref.type
}

function fromMembership(json: RoleAssignmentJson, organizationId: OrganizationId): Assignment {
  return {
    id: json.id,
    organizationId,
    subject: { kind: 'membership', id: json.organization_membership_id },
    role: json.role.slug,
    resourceId: json.resource.id,
    createdAt: json.created_at,
    updatedAt: json.updated_at,
  }
}

function fromGroup(json: GroupRoleAssignmentJson, organizationId: OrganizationId): Assignment {
  return {
    id: fromGroupAssignmentId(json.id),
    organizationId,
    subject: { kind: 'group', id: json.group_id },
    role: json.role.slug,
    resourceId: json.resource.id,
    createdAt: json.created_at,
    updatedAt: json.updated_at,
  }
}
