import type { EntityKind } from '@bailiwick/core'

const all: { readonly [Kind in EntityKind]: true } = {
  organization: true,
  membership: true,
  resource: true,
  assignment: true,
  group: true,
  group_member: true,
  organization_role: true,
  role_order: true,
  mapping: true,
  exclusion: true,
  resource_type: true,
  permission: true,
  role: true,
  settings: true,
  user: true,
  api_key: true,
  webhook_endpoint: true,
  jwt_template: true,
  signing_key: true,
}

/** Every kind of entity; it does not compile when one is missing. */
export const entityKinds = Object.keys(all) as readonly EntityKind[]
