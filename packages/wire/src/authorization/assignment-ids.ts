import { type AssignmentId, idPrefixes } from '@bailiwick/core'
import { z } from 'zod'

const groupAssignmentPrefix = 'gra'

/** The wire's id of an assignment to a group. */
export type GroupAssignmentId = `gra_${string}`

const groupAssignmentIdPattern = /^gra_[A-Za-z0-9_-]{1,64}$/

/** Whether it is such an id, for whoever reads without a schema. */
export function isGroupAssignmentId(value: unknown): value is GroupAssignmentId {
  return typeof value === 'string' && groupAssignmentIdPattern.test(value)
}

/** `gra_…`: WorkOS knows an assignment to a group apart from one to a membership. The engine has one kind of id. */
export const groupAssignmentId = z
  .string()
  .regex(
    groupAssignmentIdPattern,
    'must be `gra_` followed by 1 to 64 letters, digits, `-` or `_`',
  ) as unknown as z.ZodType<GroupAssignmentId, GroupAssignmentId>

/** The wire's id of an assignment that a group holds. */
export function toGroupAssignmentId(id: AssignmentId): GroupAssignmentId {
  return `${groupAssignmentPrefix}_${id.slice(idPrefixes.assignment.length + 1)}`
}

/** The engine's id of an assignment that a group holds. */
export function fromGroupAssignmentId(id: GroupAssignmentId): AssignmentId {
  return `${idPrefixes.assignment}_${id.slice(groupAssignmentPrefix.length + 1)}` as AssignmentId
}
