import {
  type AssignmentRecord,
  type Group,
  type GroupId,
  type GroupMemberRecord,
  type MembershipId,
  type Organization,
  type RoleId,
  type RoleOrderRecord,
  type ServicePartKind,
} from '@bailiwick/core'
import type { ExclusionFact } from './exclusion-table.js'
import { found } from './found.js'
import type { MappingFact } from './mapping-table.js'
import type { MembershipFact } from './membership-table.js'
import type { OrganizationGraph } from './organization-graph.js'
import { none, type ResourceFact } from './resource-table.js'
import type { RoleFact } from './role-table.js'

/** What the graph keeps of an assignment. */
export type AssignmentFact = Pick<AssignmentRecord, 'id' | 'subject' | 'roleId' | 'resourceId'>

interface FactByKind {
  readonly organization: Pick<Organization, 'id' | 'externalId'>
  readonly organization_role: RoleFact
  readonly role_order: RoleOrderRecord
  readonly membership: MembershipFact
  readonly resource: ResourceFact
  readonly group: Pick<Group, 'id'>
  readonly group_member: Pick<GroupMemberRecord, 'id' | 'groupId' | 'membershipId'>
  readonly assignment: AssignmentFact
  readonly mapping: MappingFact
  readonly exclusion: ExclusionFact
}

type Kind = keyof FactByKind

/** What lives in other shards. */
type Foreign = 'resource_type' | 'permission' | 'role' | 'settings' | 'user' | ServicePartKind

/** A change as far as it concerns a graph. Every stored change of an organization is one. */
export type GraphChange =
  | { [K in Kind]: { readonly op: 'put'; readonly kind: K; readonly entity: FactByKind[K] } }[Kind]
  | {
      readonly op: 'put'
      readonly kind: Foreign
      readonly entity: { readonly id: string }
    }
  | {
      readonly op: 'remove'
      readonly kind: Kind | Foreign
      readonly id: string
    }

/** Apply changes in order. Returns the changes that take them back. */
export function applyChanges(
  graph: OrganizationGraph,
  changes: readonly GraphChange[],
): readonly GraphChange[] {
  return changes.map((change) => applyChange(graph, change)).reverse()
}

/** Apply one change to a graph. Returns the change that takes it back. */
export function applyChange(graph: OrganizationGraph, change: GraphChange): GraphChange {
  graph.records.change()
  const inverse = change.op === 'put' ? put(graph, change) : remove(graph, change.kind, change.id)
  graph.records.exceptions = graph.mappings.size + graph.exclusions.size
  return inverse
}

function put(graph: OrganizationGraph, change: Extract<GraphChange, { op: 'put' }>): GraphChange {
  const before = factOf(graph, change.kind, change.entity.id)
  switch (change.kind) {
    case 'organization':
      graph.organization = { id: change.entity.id, externalId: change.entity.externalId }
      break
    case 'organization_role':
      graph.roles.put(change.entity)
      graph.forgetPriorities()
      break
    case 'role_order':
      graph.roleOrder = change.entity
      graph.forgetPriorities()
      break
    case 'membership': {
      const entry = graph.memberships.findById(change.entity.id)
      if (entry === none) graph.memberships.add(change.entity)
      else graph.memberships.update(entry, change.entity)
      break
    }
    case 'resource': {
      const known = graph.resources.findById(change.entity.id)
      const entry = known === none ? graph.resources.add(change.entity) : known
      const parent = change.entity.parentId === null ? none : graph.resource(change.entity.parentId)
      // Whoever remembers a place by the old name asks again.
      if (
        known !== none &&
        known === graph.resources.root &&
        graph.resources.renameRoot(change.entity.externalId)
      )
        graph.records.renew()
      if (parent !== none && graph.resources.parent(entry) !== parent) graph.resources.link(entry, parent)
      break
    }
    case 'group':
      if (before === undefined) graph.groups.add(change.entity)
      break
    case 'group_member':
      if (before === undefined) {
        const group = found(graph.groups.find(change.entity.groupId), change.entity.groupId)
        graph.groups.join(
          group,
          found(graph.memberships.findById(change.entity.membershipId), change.entity.membershipId),
        )
      }
      break
    case 'assignment':
      if (before === undefined) putAssignment(graph, change.entity)
      break
    case 'mapping': {
      const { id, directoryGroup, roleId, resourceId } = change.entity
      graph.mappings.put({
        id,
        directoryGroup,
        roleId,
        role: graph.roles.byId(roleId),
        resource: graph.resource(resourceId),
      })
      break
    }
    case 'exclusion': {
      const { id, effect, permissionId, resourceId, subject } = change.entity
      const permission = graph.environment.permissionIndexById(permissionId) ?? none
      graph.exclusions.put({
        id,
        effect,
        permissionId,
        permission,
        resource: graph.resource(resourceId),
        holder: graph.holder(subject),
      })
      break
    }
    default:
      throw livesElsewhere(change.kind)
  }
  return before ?? { op: 'remove', kind: change.kind, id: change.entity.id }
}

function remove(graph: OrganizationGraph, kind: GraphChange['kind'], id: string): GraphChange {
  const before = factOf(graph, kind, id)
  if (before === undefined) throw new Error(`a commit removes the ${kind} ${id}, which is not there`)
  graph.records.renew()
  switch (kind) {
    case 'organization':
      graph.organization = undefined
      break
    case 'organization_role':
      graph.roles.remove(graph.roles.byId(id as RoleId))
      graph.forgetPriorities()
      break
    case 'role_order':
      graph.roleOrder = undefined
      graph.forgetPriorities()
      break
    case 'membership':
      graph.memberships.remove(graph.memberships.findById(id))
      break
    case 'resource':
      graph.resources.remove(graph.resource(id))
      break
    case 'group':
      graph.groups.remove(graph.groups.find(id))
      break
    case 'group_member': {
      const [groupId, membershipId] = id.split('/') as [string, string]
      graph.groups.leave(
        graph.groups.findLink(graph.groups.find(groupId), graph.memberships.findById(membershipId)),
      )
      break
    }
    case 'assignment':
      graph.rows.remove(graph.rows.findById(id))
      break
    case 'mapping':
      graph.mappings.remove(id)
      break
    case 'exclusion':
      graph.exclusions.remove(id)
      break
    default:
      throw livesElsewhere(kind)
  }
  return before
}

function putAssignment(graph: OrganizationGraph, { id, subject, resourceId, roleId }: AssignmentFact): void {
  graph.rows.add(
    id,
    graph.holder(subject),
    graph.resource(resourceId),
    found(graph.roles.byId(roleId), roleId),
  )
}

/** What the graph holds under an id, as the change that would put it back; `undefined` when there is nothing. */
function factOf(graph: OrganizationGraph, kind: GraphChange['kind'], id: string): GraphChange | undefined {
  switch (kind) {
    case 'organization': {
      const entity = graph.organization
      return entity && { op: 'put', kind, entity }
    }
    case 'organization_role': {
      const entry = graph.roles.byId(id as RoleId)
      return entry === none ? undefined : { op: 'put', kind, entity: graph.roles.fact(entry) }
    }
    case 'role_order': {
      const entity = graph.roleOrder
      return entity && { op: 'put', kind, entity }
    }
    case 'membership': {
      const entry = graph.memberships.findById(id)
      return entry === none ? undefined : { op: 'put', kind, entity: graph.memberships.fact(entry) }
    }
    case 'resource': {
      const entry = graph.resources.findById(id)
      return entry === none ? undefined : { op: 'put', kind, entity: graph.resources.fact(entry) }
    }
    case 'group':
      return graph.groups.find(id) === none ? undefined : { op: 'put', kind, entity: { id: id as GroupId } }
    case 'group_member': {
      const [groupId, membershipId] = id.split('/') as [GroupId, MembershipId]
      const group = graph.groups.find(groupId)
      const membership = graph.memberships.findById(membershipId)
      if (group === none || membership === none || graph.groups.findLink(group, membership) === none)
        return undefined
      return { op: 'put', kind, entity: { id: `${groupId}/${membershipId}`, groupId, membershipId } }
    }
    case 'assignment': {
      const row = graph.rows.findById(id)
      return row === none ? undefined : { op: 'put', kind, entity: assignmentFact(graph, row) }
    }
    case 'mapping': {
      const known = graph.mappings.find(id)
      if (known === undefined) return undefined
      const { directoryGroup, roleId, resource } = known
      return {
        op: 'put',
        kind,
        entity: { id: known.id, directoryGroup, roleId, resourceId: graph.resources.id(resource) },
      }
    }
    case 'exclusion': {
      const known = graph.exclusions.find(id)
      if (known === undefined) return undefined
      const { effect, permissionId, resource, holder } = known
      const subject = graph.subject(holder)
      return {
        op: 'put',
        kind,
        entity: { id: known.id, subject, effect, permissionId, resourceId: graph.resources.id(resource) },
      }
    }
    default:
      throw livesElsewhere(kind)
  }
}

function assignmentFact(graph: OrganizationGraph, row: number): AssignmentFact {
  return {
    id: graph.rows.id(row),
    subject: graph.subject(graph.rows.holder(row)),
    resourceId: graph.resources.id(graph.rows.resource(row)),
    roleId: graph.roles.role(graph.rows.role(row)).id,
  }
}

/** For what no graph holds; a kind of its own that was forgotten above does not compile. */
function livesElsewhere(kind: Foreign): Error {
  return new Error(`a ${kind} does not belong to an organization`)
}
