import type { Assignment, AssignmentRecord, Membership, MembershipRecord } from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'

/** A stored membership as callers see it: roles by slug, sorted. */
export function membershipView(environment: Environment, record: MembershipRecord): Membership {
  const { roleIds, ...rest } = record
  return { ...rest, roles: roleIds.flatMap((id) => environment.roleById(id)?.slug ?? []).sort() }
}

/** A stored assignment as callers see it, or nothing when its role has gone. */
export function assignmentView(environment: Environment, record: AssignmentRecord): Assignment | undefined {
  const { roleId, ...rest } = record
  const role = environment.roleById(roleId)
  return role === undefined ? undefined : { ...rest, role: role.slug }
}
