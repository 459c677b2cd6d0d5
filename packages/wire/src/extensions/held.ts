import type { Assignment, DirectoryMapping, Exclusion } from '@bailiwick/core'
import { z } from 'zod'
import {
  fromGroupAssignmentId,
  groupAssignmentId,
  toGroupAssignmentId,
} from '../authorization/assignment-ids.js'
import { assignmentId, exclusionId, knownSlug, mappingId, organizationId, resourceId } from '../ids.js'
import { parseSubjectKey, renderSubjectKey, subjectKey } from './subject-fields.js'

const timestamp = z.iso.datetime({ precision: 3 })
const role = z.object({ slug: knownSlug })
const stamps = { created_at: timestamp, updated_at: timestamp }

/** A role given to a subject of any kind. That of a group has the id by which groups' assignments are known. */
export const heldAssignment = z.object({
  object: z.literal('subject_role_assignment'),
  id: z.union([assignmentId, groupAssignmentId]),
  organization_id: organizationId,
  subject: subjectKey,
  role,
  resource_id: resourceId,
  ...stamps,
})
/** The JSON of an assignment. */
export type HeldAssignmentJson = z.infer<typeof heldAssignment>

/** Tell an assignment, whoever holds it. */
export function renderHeldAssignment(assignment: Assignment): HeldAssignmentJson {
  const { id, subject } = assignment
  return {
    object: 'subject_role_assignment',
    id: subject.kind === 'group' ? toGroupAssignmentId(id) : id,
    organization_id: assignment.organizationId,
    subject: renderSubjectKey(subject),
    role: { slug: assignment.role },
    resource_id: assignment.resourceId,
    created_at: assignment.createdAt,
    updated_at: assignment.updatedAt,
  }
}

/** Read an assignment from an answer. @throws {ZodError} for anything that is none. */
export function parseHeldAssignment(json: unknown): Assignment {
  const told = heldAssignment.parse(json)
  return {
    id: parseHeldAssignmentId(told.id),
    organizationId: told.organization_id,
    subject: parseSubjectKey(told.subject),
    role: told.role.slug,
    resourceId: told.resource_id,
    createdAt: told.created_at,
    updatedAt: told.updated_at,
  }
}

/** The engine's id of an assignment, of a group or of anybody else. */
export function parseHeldAssignmentId(id: HeldAssignmentJson['id']): Assignment['id'] {
  return id.startsWith('gra_') ? fromGroupAssignmentId(id as `gra_${string}`) : (id as Assignment['id'])
}

/** Whoever is in this group of the identity provider holds this role here. */
export const directoryMapping = z.object({
  object: z.literal('directory_mapping'),
  id: mappingId,
  organization_id: organizationId,
  directory_group: z.string().min(1).max(256),
  role,
  resource_id: resourceId,
  ...stamps,
})
/** The JSON of a mapping. */
export type DirectoryMappingJson = z.infer<typeof directoryMapping>

/** Tell a mapping. */
export function renderDirectoryMapping(mapping: DirectoryMapping): DirectoryMappingJson {
  return {
    object: 'directory_mapping',
    id: mapping.id,
    organization_id: mapping.organizationId,
    directory_group: mapping.directoryGroup,
    role: { slug: mapping.role },
    resource_id: mapping.resourceId,
    created_at: mapping.createdAt,
    updated_at: mapping.updatedAt,
  }
}

/** Read a mapping from an answer. @throws {ZodError} for anything that is none. */
export function parseDirectoryMapping(json: unknown): DirectoryMapping {
  const told = directoryMapping.parse(json)
  return {
    id: told.id,
    organizationId: told.organization_id,
    directoryGroup: told.directory_group,
    role: told.role.slug,
    resourceId: told.resource_id,
    createdAt: told.created_at,
    updatedAt: told.updated_at,
  }
}

/** One permission for one subject on a resource and below: denied whatever grants it, or granted without a role. */
export const exclusion = z.object({
  object: z.literal('exclusion'),
  id: exclusionId,
  organization_id: organizationId,
  subject: subjectKey,
  effect: z.enum(['deny', 'allow']),
  permission_slug: knownSlug,
  resource_id: resourceId,
  ...stamps,
})
/** The JSON of an exclusion. */
export type ExclusionJson = z.infer<typeof exclusion>

/** Tell an exclusion. */
export function renderExclusion(exclusion: Exclusion): ExclusionJson {
  return {
    object: 'exclusion',
    id: exclusion.id,
    organization_id: exclusion.organizationId,
    subject: renderSubjectKey(exclusion.subject),
    effect: exclusion.effect,
    permission_slug: exclusion.permission,
    resource_id: exclusion.resourceId,
    created_at: exclusion.createdAt,
    updated_at: exclusion.updatedAt,
  }
}

/** Read an exclusion from an answer. @throws {ZodError} for anything that is none. */
export function parseExclusion(json: unknown): Exclusion {
  const told = exclusion.parse(json)
  return {
    id: told.id,
    organizationId: told.organization_id,
    subject: parseSubjectKey(told.subject),
    effect: told.effect,
    permission: told.permission_slug,
    resourceId: told.resource_id,
    createdAt: told.created_at,
    updatedAt: told.updated_at,
  }
}
