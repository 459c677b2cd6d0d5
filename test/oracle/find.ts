import type { OrganizationId, ResourceRef, SubjectRef } from '@bailiwick/core'
import type { Facts, MembershipFact, OrganizationFact, ResourceFact } from './facts.js'

/** What a name means: within one organization only, whatever the name. */
export const find = {
  organization(facts: Facts, id: OrganizationId): OrganizationFact | undefined {
    return facts.organizations.find((organization) => organization.id === id)
  },

  membership(facts: Facts, organizationId: OrganizationId, subject: SubjectRef): MembershipFact | undefined {
    return facts.memberships.find(
      (membership) =>
        membership.organizationId === organizationId &&
        ('membershipId' in subject
          ? membership.id === subject.membershipId
          : membership.userId === subject.userId),
    )
  },

  root(facts: Facts, organizationId: OrganizationId): ResourceFact | undefined {
    return facts.resources.find(
      (resource) => resource.organizationId === organizationId && resource.parentId === undefined,
    )
  },

  resource(facts: Facts, organizationId: OrganizationId, ref: ResourceRef): ResourceFact | undefined {
    return facts.resources.find(
      (resource) =>
        resource.organizationId === organizationId &&
        ('resourceId' in ref
          ? resource.id === ref.resourceId
          : resource.type === ref.type && answersTo(resource, ref.externalId)),
    )
  },
}

/** A root is also known by the id of its organization. */
function answersTo(resource: ResourceFact, externalId: string): boolean {
  return (
    resource.externalId === externalId ||
    (resource.parentId === undefined && resource.organizationId === externalId)
  )
}
