import { assertNever, type ExclusionHit, type Grant, type NearestMiss } from '@bailiwick/core'
import { z } from 'zod'
import {
  fromGroupAssignmentId,
  groupAssignmentId,
  toGroupAssignmentId,
} from '../authorization/assignment-ids.js'
import { assignmentId, exclusionId, groupId, knownSlug, mappingId, organizationId } from '../ids.js'
import { parseResourceAddress, renderResourceAddress, resourceAddress } from './resource-fields.js'
import { parseSubjectKey, renderSubjectKey, subjectKey } from './subject-fields.js'

const role = z.object({ slug: knownSlug })
const directoryGroup = z.string().min(1).max(256)

/** What makes an allow true. `resource` is where it is held: the one asked about, or one above it. */
export const grant = z.discriminatedUnion('from', [
  z.object({
    from: z.enum(['session', 'service']),
    organization_id: organizationId,
    permission_slug: knownSlug,
  }),
  z.object({ from: z.literal('organization_membership'), role, resource: resourceAddress }),
  z.object({
    from: z.literal('role_assignment'),
    role_assignment_id: assignmentId,
    role,
    resource: resourceAddress,
  }),
  z.object({
    from: z.literal('group'),
    group_id: groupId,
    group_role_assignment_id: groupAssignmentId,
    role,
    resource: resourceAddress,
  }),
  z.object({
    from: z.literal('directory'),
    directory_mapping_id: mappingId,
    directory_group: directoryGroup,
    role,
    resource: resourceAddress,
  }),
  z.object({
    from: z.literal('permission'),
    exclusion_id: exclusionId,
    subject: subjectKey,
    resource: resourceAddress,
  }),
])
/** The JSON of a grant. */
export type GrantJson = z.infer<typeof grant>

/** Name what makes an allow true. */
export function renderGrant(grant: Grant): GrantJson {
  if (grant.from === 'session' || grant.from === 'service') {
    return { from: grant.from, organization_id: grant.organizationId, permission_slug: grant.permission }
  }
  const resource = renderResourceAddress(grant.on)
  switch (grant.from) {
    case 'membership':
      return { from: 'organization_membership', role: { slug: grant.role }, resource }
    case 'assignment':
      return {
        from: 'role_assignment',
        role_assignment_id: grant.assignmentId,
        role: { slug: grant.role },
        resource,
      }
    case 'group':
      return {
        from: 'group',
        group_id: grant.groupId,
        group_role_assignment_id: toGroupAssignmentId(grant.assignmentId),
        role: { slug: grant.role },
        resource,
      }
    case 'directory':
      return {
        from: 'directory',
        directory_mapping_id: grant.mappingId,
        directory_group: grant.directoryGroup,
        role: { slug: grant.role },
        resource,
      }
    case 'permission':
      return {
        from: 'permission',
        exclusion_id: grant.exclusionId,
        subject: renderSubjectKey(grant.holder),
        resource,
      }
    default:
      return assertNever(grant)
  }
}

/** Read what makes an allow true. */
export function parseGrant(json: GrantJson): Grant {
  switch (json.from) {
    case 'session':
    case 'service':
      return { from: json.from, organizationId: json.organization_id, permission: json.permission_slug }
    case 'organization_membership':
      return { from: 'membership', role: json.role.slug, on: parseResourceAddress(json.resource) }
    case 'role_assignment':
      return {
        from: 'assignment',
        assignmentId: json.role_assignment_id,
        role: json.role.slug,
        on: parseResourceAddress(json.resource),
      }
    case 'group':
      return {
        from: 'group',
        groupId: json.group_id,
        assignmentId: fromGroupAssignmentId(json.group_role_assignment_id),
        role: json.role.slug,
        on: parseResourceAddress(json.resource),
      }
    case 'directory':
      return {
        from: 'directory',
        mappingId: json.directory_mapping_id,
        directoryGroup: json.directory_group,
        role: json.role.slug,
        on: parseResourceAddress(json.resource),
      }
    case 'permission':
      return {
        from: 'permission',
        exclusionId: json.exclusion_id,
        holder: parseSubjectKey(json.subject),
        on: parseResourceAddress(json.resource),
      }
    default:
      return assertNever(json)
  }
}

/** A role that would have allowed it, and the nearest resource on which it would have to be held. */
export const nearestMiss = z.object({ role, resource: resourceAddress })

/** Name what would have allowed it. */
export function renderNearestMiss({ role, on }: NearestMiss): z.infer<typeof nearestMiss> {
  return { role: { slug: role }, resource: renderResourceAddress(on) }
}

/** Read what would have allowed it. */
export function parseNearestMiss({ role, resource }: z.infer<typeof nearestMiss>): NearestMiss {
  return { role: role.slug, on: parseResourceAddress(resource) }
}

/** An exclusion that denies, whatever grants. */
export const exclusionHit = z.object({
  exclusion_id: exclusionId,
  subject: subjectKey,
  resource: resourceAddress,
})

/** Name what denies. */
export function renderExclusionHit({ exclusionId, holder, on }: ExclusionHit): z.infer<typeof exclusionHit> {
  return {
    exclusion_id: exclusionId,
    subject: renderSubjectKey(holder),
    resource: renderResourceAddress(on),
  }
}

/** Read what denies. */
export function parseExclusionHit(json: z.infer<typeof exclusionHit>): ExclusionHit {
  return {
    exclusionId: json.exclusion_id,
    holder: parseSubjectKey(json.subject),
    on: parseResourceAddress(json.resource),
  }
}
