import type { ResourceRef } from '@bailiwick/core'
import { parseResourceRef, type ResourceFieldsJson } from '@bailiwick/wire'

/** A role and the resource on which it is held, as a request names them; without one, the organization itself. */
export function roleOnResource(json: ResourceFieldsJson & { readonly role_slug: string }): {
  readonly role: string
  readonly resource?: ResourceRef
} {
  const resource = parseResourceRef(json)
  return { role: json.role_slug, ...(resource === undefined ? {} : { resource }) }
}
