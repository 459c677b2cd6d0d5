import {
  type PermissionRequirement,
  permissionsOf,
  type RequestAuthorization,
  type Requirement,
} from '@bailiwick/client'
import { assertNever, type Permission, type ResourceTypeSlug, ScopeTooLarge } from '@bailiwick/core'

/**
 * Whether a session may call a tool at all: what is asked on the organization is checked, and what is asked on a
 * resource is enough to be allowed on one.
 *
 * @throws as `Authorizer.check` and `Authorizer.scopeFor`.
 */
export async function isVisible(
  authorization: RequestAuthorization,
  requirement: Requirement,
): Promise<boolean> {
  switch (requirement.kind) {
    case 'permission':
      return mayAnywhere(authorization, requirement)
    case 'any':
      for (const term of requirement.of) if (await isVisible(authorization, term)) return true
      return false
    case 'all':
      for (const term of requirement.of) if (!(await isVisible(authorization, term))) return false
      return permissionsOf(requirement).length > 0
    case 'authenticated':
      return authorization.session !== undefined
    case 'public':
      return false
    default:
      return assertNever(requirement)
  }
}

async function mayAnywhere(
  { authorizer, session }: RequestAuthorization,
  { permission, resource, fresh = false }: PermissionRequirement,
): Promise<boolean> {
  if (session === undefined) return false
  const slug = permission as Permission
  if (resource === undefined) {
    return (await authorizer.check(session, slug, undefined, { fresh })).kind === 'allow'
  }
  const named = typeof resource === 'function' ? undefined : resource.type
  const type = named ?? (authorizer.model.permission(slug).on as ResourceTypeSlug)
  try {
    return (await authorizer.scopeFor(session, slug, type, { fresh })).kind !== 'none'
  } catch (error) {
    // More than can be named is more than none.
    if (error instanceof ScopeTooLarge) return true
    throw error
  }
}
