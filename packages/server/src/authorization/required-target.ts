import { InputInvalid, type ResourceRef } from '@bailiwick/core'
import { parseResourceRef } from '@bailiwick/wire'

/** The resource that a body names. @throws {InputInvalid} unless it names exactly one. */
export function requiredTarget(body: Parameters<typeof parseResourceRef>[0]): ResourceRef {
  const target = parseResourceRef(body)
  if (target !== undefined) return target
  throw new InputInvalid(
    'resource_id',
    'or else `resource_external_id` with `resource_type_slug` must be given',
    undefined,
  )
}
