import type { EntityKind } from '@bailiwick/core'

/** What an action is about, by the kind of entity that is changed: as events call it, and as everything else is called. */
const nouns: Readonly<Record<EntityKind, string>> = {
  organization: 'organization',
  membership: 'organization_membership',
  resource: 'resource',
  assignment: 'role_assignment',
  group: 'group',
  group_member: 'group.member',
  organization_role: 'organization_role',
  role_order: 'organization_role_order',
  mapping: 'directory_mapping',
  exclusion: 'exclusion',
  resource_type: 'resource_type',
  permission: 'permission',
  role: 'role',
  settings: 'settings',
  user: 'user',
  api_key: 'api_key',
  webhook_endpoint: 'webhook_endpoint',
  jwt_template: 'jwt_template',
  signing_key: 'signing_key',
}

/** What became of the entity. */
export type Happening = 'created' | 'updated' | 'deleted'

/** `role_assignment.created`; of members of groups, as events have it, `group.member_added`. */
export function actionOf(kind: EntityKind, happening: Happening): string {
  if (kind !== 'group_member') return `${nouns[kind]}.${happening}`
  return happening === 'deleted' ? 'group.member_removed' : 'group.member_added'
}

/** The type of a target, by its kind. */
export function targetTypeOf(kind: EntityKind): string {
  return kind === 'group_member' ? 'group_member' : nouns[kind]
}

/** Whether something that can become of a kind is among those that are named. */
export function canBeNamed(kind: EntityKind, names: readonly string[]): boolean {
  return happenings.some((happening) => isNamed(actionOf(kind, happening), names))
}

const happenings: readonly Happening[] = ['created', 'updated', 'deleted']

/** Whether an action is among those that are named; a name without its verb stands for all. */
export function isNamed(action: string, names: readonly string[]): boolean {
  return names.some((name) => action === name || action.startsWith(`${name}.`))
}
