import type { OrganizationId, ResourceRef, Session } from '@bailiwick/core'

/** One resource, as a handler or a locator names it. */
export type Target = ResourceRef & {
  /** The organization that the handler will load it from. Another one than the session's is a deny. */
  readonly organizationId?: OrganizationId
}

/** Only a target of the session's own organization passes this; from here on its organization needs no naming. */
export function isForeign(session: Session, target: Target | undefined): boolean {
  return target?.organizationId !== undefined && target.organizationId !== session.organizationId
}

/** The resource that a target names, for the engine. */
export function refOf(target: Target): ResourceRef {
  if (target.organizationId === undefined) return target
  // Field by field: copying the rest of an object costs more than any other step of a check.
  return 'resourceId' in target
    ? { resourceId: target.resourceId }
    : { type: target.type, externalId: target.externalId }
}
