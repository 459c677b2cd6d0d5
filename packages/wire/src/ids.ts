import {
  type AssignmentId,
  type ExclusionId,
  type GroupId,
  type IdKind,
  idPrefixes,
  limits,
  type MappingId,
  type MembershipId,
  type OrganizationId,
  type PermissionId,
  type ResourceId,
  type RoleId,
} from '@bailiwick/core'
import { z } from 'zod'

/** What an id of each kind looks like. */
export const idPatterns = Object.fromEntries(
  Object.entries(idPrefixes).map(([kind, prefix]) => [kind, new RegExp(`^${prefix}_[A-Za-z0-9_-]{1,64}$`)]),
) as Readonly<Record<IdKind, RegExp>>

const printable = /^[\x20-\x7e]*$/

/** `org_…` */
export const organizationId = idSchema<OrganizationId>('organization')
/** `om_…` */
export const membershipId = idSchema<MembershipId>('membership')
/** `authz_resource_…` */
export const resourceId = idSchema<ResourceId>('resource')
/** `role_assignment_…`: the assignment as the engine knows it, whoever holds it. */
export const assignmentId = idSchema<AssignmentId>('assignment')
/** `role_…` */
export const roleId = idSchema<RoleId>('role')
/** `perm_…` */
export const permissionId = idSchema<PermissionId>('permission')
/** `group_…` */
export const groupId = idSchema<GroupId>('group')
/** `idp_mapping_…` */
export const mappingId = idSchema<MappingId>('mapping')
/** `exclusion_…` */
export const exclusionId = idSchema<ExclusionId>('exclusion')

/** The application's own id of a thing: 1 to 128 characters of printable ASCII, compared byte by byte. */
export const externalId = printableAscii(limits.externalIdLength)
/** A person's id, as her identity provider names her. */
export const userId = printableAscii(limits.userIdLength)
/** The slug of something that exists, or not: its length is bounded, and what is unknown is told elsewhere. */
export const knownSlug = z.string().min(1).max(limits.slugLength)

/** Whether it is an id of a kind, for whoever reads without a schema. */
export function isId<Kind extends keyof IdOf>(value: unknown, kind: Kind): value is IdOf[Kind] {
  return typeof value === 'string' && idPatterns[kind].test(value)
}

interface IdOf {
  readonly resource: ResourceId
  readonly assignment: AssignmentId
  readonly group: GroupId
}

/** As the schema `externalId`, for whoever reads without one. */
export function isExternalId(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= limits.externalIdLength &&
    printable.test(value)
  )
}

/** As the schema `knownSlug`, for whoever reads without one. */
export function isKnownSlug(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= limits.slugLength
}

// The pattern makes the brand true; zod itself has no branded template literals that JSON Schema can show.
function idSchema<Id extends string>(kind: IdKind): z.ZodType<Id, Id> {
  return z
    .string()
    .regex(
      idPatterns[kind],
      `must be \`${idPrefixes[kind]}_\` followed by 1 to 64 letters, digits, \`-\` or \`_\``,
    )
    .meta({ example: `${idPrefixes[kind]}_01J9ZX0V8Q7Z5K3M2N1P0R4S6T` }) as unknown as z.ZodType<Id, Id>
}

function printableAscii(most: number) {
  return z.string().min(1).max(most).regex(printable, 'must be printable ASCII')
}
