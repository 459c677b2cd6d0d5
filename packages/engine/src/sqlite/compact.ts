import type {
  EntityByKind,
  EntityKind,
  GroupId,
  MembershipId,
  OrganizationId,
  ShardId,
} from '@bailiwick/core'
import { jsonText } from '../store/json-text.js'

/** What there is most of, and loads most of the time, is stored without the names of its fields. */
type CompactKind = 'membership' | 'resource' | 'assignment' | 'group_member'

/** The values of an entity, in an order that never changes; `0` for a second date that is the first one. */
type Values<Kind extends CompactKind> = {
  readonly membership: readonly [
    id: EntityByKind['membership']['id'],
    userId: string,
    status: EntityByKind['membership']['status'],
    roleIds: EntityByKind['membership']['roleIds'],
    rolesChosen: boolean,
    rolesOverrideDirectory: boolean,
    directoryGroups: EntityByKind['membership']['directoryGroups'],
    createdAt: string,
    updatedAt: string | 0,
  ]
  readonly resource: readonly [
    id: EntityByKind['resource']['id'],
    type: string,
    externalId: string,
    name: string,
    description: string | null,
    parentId: EntityByKind['resource']['parentId'],
    createdAt: string,
    updatedAt: string | 0,
  ]
  readonly assignment: readonly [
    id: EntityByKind['assignment']['id'],
    subject: EntityByKind['assignment']['subject'],
    roleId: EntityByKind['assignment']['roleId'],
    resourceId: EntityByKind['assignment']['resourceId'],
    createdAt: string,
    updatedAt: string | 0,
  ]
  readonly group_member: readonly [groupId: GroupId, membershipId: MembershipId, createdAt: string]
}[Kind]

/** The JSON of an entity as it is stored: of its values where they say it all, of the entity itself otherwise. */
export function compactJson<Kind extends EntityKind>(
  kind: Kind,
  shard: ShardId,
  entity: EntityByKind[Kind],
): string {
  const values = valuesOf(kind, shard, entity)
  if (values === undefined || values.includes(undefined)) return JSON.stringify(entity)
  return (
    (kind === 'assignment' ? jsonOfAssignment(values as Values<'assignment'>) : undefined) ??
    JSON.stringify(values)
  )
}

/** An entity from what its JSON holds. */
export function fromCompact<Kind extends EntityKind>(
  kind: Kind,
  shard: ShardId,
  stored: EntityByKind[Kind] | readonly unknown[],
): EntityByKind[Kind] {
  if (!Array.isArray(stored)) return stored as EntityByKind[Kind]
  // Values are written for these kinds alone, and only in the shard of their organization.
  const organizationId = shard as OrganizationId
  return entityOfValues(kind as CompactKind, organizationId, stored as never) as EntityByKind[Kind]
}

function valuesOf(
  kind: EntityKind,
  shard: ShardId,
  entity: EntityByKind[EntityKind],
): readonly unknown[] | undefined {
  switch (kind) {
    case 'membership': {
      const all = entity as EntityByKind['membership']
      if (all.organizationId !== shard || Object.keys(all).length !== 10) return undefined
      const { rolesChosen, rolesOverrideDirectory, directoryGroups, createdAt } = all
      const roles = [all.roleIds, rolesChosen, rolesOverrideDirectory, directoryGroups]
      return [all.id, all.userId, all.status, ...roles, createdAt, secondDate(all)]
    }
    case 'resource': {
      const all = entity as EntityByKind['resource']
      if (all.organizationId !== shard || Object.keys(all).length !== 9) return undefined
      const { id, type, externalId, name, description, parentId } = all
      return [id, type, externalId, name, description, parentId, all.createdAt, secondDate(all)]
    }
    case 'assignment': {
      const all = entity as EntityByKind['assignment']
      if (all.organizationId !== shard || Object.keys(all).length !== 7) return undefined
      return [all.id, all.subject, all.roleId, all.resourceId, all.createdAt, secondDate(all)]
    }
    case 'group_member': {
      const { id, groupId, membershipId, createdAt, ...others } = entity as EntityByKind['group_member']
      if (id !== `${groupId}/${membershipId}` || Object.keys(others).length > 0) return undefined
      return [groupId, membershipId, createdAt]
    }
    default:
      return undefined
  }
}

/** The same as of any values, put together: most commits are of an assignment. */
function jsonOfAssignment([id, subject, roleId, resourceId, at, updatedAt]: Values<'assignment'>):
  | string
  | undefined {
  if (Object.keys(subject).length !== 2) return undefined
  const who = `{"kind":${jsonText(subject.kind)},"id":${jsonText(subject.id)}}`
  const dates = `${jsonText(at)},${updatedAt === 0 ? 0 : jsonText(updatedAt)}`
  return inOnePiece(`[${jsonText(id)},${who},${jsonText(roleId)},${jsonText(resourceId)},${dates}]`)
}

/**
 * A text that is put together from parts is a tree of them for V8 until one of its characters is asked for. This one
 * waits with a thousand others for the tables, and collections of garbage would copy all their parts.
 */
function inOnePiece(text: string): string {
  text.charCodeAt(0)
  return text
}

function secondDate({ createdAt, updatedAt }: { readonly createdAt: string; readonly updatedAt: string }) {
  return updatedAt === createdAt ? 0 : updatedAt
}

function entityOfValues<Kind extends CompactKind>(
  kind: Kind,
  organizationId: OrganizationId,
  values: Values<Kind>,
): EntityByKind[CompactKind] {
  switch (kind) {
    case 'membership': {
      const all = values as Values<'membership'>
      return {
        id: all[0],
        organizationId,
        userId: all[1],
        status: all[2],
        roleIds: all[3],
        rolesChosen: all[4],
        rolesOverrideDirectory: all[5],
        directoryGroups: all[6],
        createdAt: all[7],
        updatedAt: all[8] === 0 ? all[7] : all[8],
      }
    }
    case 'resource': {
      const all = values as Values<'resource'>
      return {
        id: all[0],
        organizationId,
        type: all[1],
        externalId: all[2],
        name: all[3],
        description: all[4],
        parentId: all[5],
        createdAt: all[6],
        updatedAt: all[7] === 0 ? all[6] : all[7],
      }
    }
    case 'assignment': {
      const all = values as Values<'assignment'>
      return {
        id: all[0],
        organizationId,
        subject: all[1],
        roleId: all[2],
        resourceId: all[3],
        createdAt: all[4],
        updatedAt: all[5] === 0 ? all[4] : all[5],
      }
    }
    default: {
      const [groupId, membershipId, createdAt] = values as Values<'group_member'>
      return { id: `${groupId}/${membershipId}`, groupId, membershipId, createdAt }
    }
  }
}
