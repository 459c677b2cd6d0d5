import type { AnyEntity, SubjectKey } from '@bailiwick/core'
import { targetTypeOf } from './actions.js'

/** Something that a change concerns. */
export interface Target {
  readonly type: string
  readonly id: string
}

/** What a change of an entity concerns: itself first, and then what it refers to. */
export function targetsOf(entity: AnyEntity): Target[] {
  return [{ type: targetTypeOf(entity.kind), id: entity.entity.id }, ...referredTo(entity)]
}

function referredTo(changed: AnyEntity): readonly Target[] {
  switch (changed.kind) {
    case 'membership':
      return [{ type: 'user', id: changed.entity.userId }]
    case 'group_member':
      return [
        { type: 'group', id: changed.entity.groupId },
        { type: 'organization_membership', id: changed.entity.membershipId },
      ]
    case 'assignment':
      return [
        subject(changed.entity.subject),
        { type: 'role', id: changed.entity.roleId },
        { type: 'resource', id: changed.entity.resourceId },
      ]
    case 'mapping':
      return [
        { type: 'role', id: changed.entity.roleId },
        { type: 'resource', id: changed.entity.resourceId },
      ]
    case 'exclusion':
      return [
        subject(changed.entity.subject),
        { type: 'permission', id: changed.entity.permissionId },
        { type: 'resource', id: changed.entity.resourceId },
      ]
    default:
      return []
  }
}

const subjectTypes = {
  membership: 'organization_membership',
  group: 'group',
  agent: 'resource',
} as const satisfies Record<SubjectKey['kind'], string>

function subject({ kind, id }: SubjectKey): Target {
  return { type: subjectTypes[kind], id }
}
