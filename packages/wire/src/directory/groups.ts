import type { Group } from '@bailiwick/core'
import { z } from 'zod'
import { groupId, membershipId, organizationId } from '../ids.js'
import { description, longName, timestamp } from '../primitives.js'

/** A group, as it is answered. */
export const groupJson = z
  .object({
    object: z.literal('group'),
    id: groupId,
    organization_id: organizationId,
    name: z.string(),
    description: z.string().nullable(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Group' })

export type GroupJson = z.output<typeof groupJson>

/** A group to be made. */
export const newGroupJson = z.object({ name: longName, description: description.optional() })

/** What changes of a group; a `description` of `null` clears it. */
export const groupChangesJson = z.object({
  name: longName.optional(),
  description: description.optional(),
})

/** Who comes into a group. */
export const groupMemberJson = z.object({ organization_membership_id: membershipId })

export function renderGroup(group: Group): GroupJson {
  return {
    object: 'group',
    id: group.id,
    organization_id: group.organizationId,
    name: group.name,
    description: group.description,
    created_at: group.createdAt,
    updated_at: group.updatedAt,
  }
}

export function parseGroup(json: GroupJson): Group {
  return {
    id: json.id,
    organizationId: json.organization_id,
    name: json.name,
    description: json.description,
    createdAt: json.created_at,
    updatedAt: json.updated_at,
  }
}
