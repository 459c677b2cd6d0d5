import type {
  DenyReason,
  GroupId,
  MembershipRef,
  OrganizationId,
  ResourceRef,
  SubjectKey,
  SubjectRef,
} from '@bailiwick/core'
import type {
  Facts,
  GroupFact,
  MembershipFact,
  OrganizationFact,
  OwnRoleFact,
  ResourceFact,
  RoleFact,
} from './facts.js'

/** What a name means: within one organization only, whatever the name. */
export const find = {
  organization(facts: Facts, id: OrganizationId): OrganizationFact | undefined {
    return facts.organizations.find((organization) => organization.id === id)
  },

  membership(facts: Facts, organizationId: OrganizationId, ref: MembershipRef): MembershipFact | undefined {
    return facts.memberships.find(
      (membership) =>
        membership.organizationId === organizationId &&
        ('membershipId' in ref ? membership.id === ref.membershipId : membership.userId === ref.userId),
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

  /** The resource named, or the root where none is. */
  place(
    facts: Facts,
    organizationId: OrganizationId,
    ref: ResourceRef | undefined,
  ): ResourceFact | undefined {
    return ref === undefined ? find.root(facts, organizationId) : find.resource(facts, organizationId, ref)
  },

  group(facts: Facts, organizationId: OrganizationId, id: GroupId): GroupFact | undefined {
    return facts.groups.find((group) => group.organizationId === organizationId && group.id === id)
  },

  /** A resource that is able to act. */
  agent(facts: Facts, organizationId: OrganizationId, ref: ResourceRef): ResourceFact | undefined {
    const resource = find.resource(facts, organizationId, ref)
    const type = facts.types.find(({ slug }) => slug === resource?.type)
    return type?.agent ? resource : undefined
  },

  /** Whoever holds something, active or not. */
  subject(facts: Facts, organizationId: OrganizationId, ref: SubjectRef): SubjectKey | undefined {
    if ('groupId' in ref) {
      const group = find.group(facts, organizationId, ref.groupId)
      return group && { kind: 'group', id: group.id }
    }
    if ('agent' in ref) {
      const agent = find.agent(facts, organizationId, ref.agent)
      return agent && { kind: 'agent', id: agent.id }
    }
    const membership = find.membership(facts, organizationId, ref)
    return membership && { kind: 'membership', id: membership.id }
  },

  /** Who asks, or why that one is denied whatever the question. */
  asking(facts: Facts, organizationId: OrganizationId, ref: SubjectRef): SubjectKey | DenyReason {
    const subject = find.subject(facts, organizationId, ref)
    if (subject === undefined) {
      return 'groupId' in ref ? 'group_unknown' : 'agent' in ref ? 'agent_unknown' : 'membership_unknown'
    }
    const asleep = facts.memberships.some(({ id, status }) => id === subject.id && status !== 'active')
    return asleep ? 'membership_inactive' : subject
  },

  /** A role that this organization can give: one of the model, or one of its own. */
  role(facts: Facts, organizationId: OrganizationId, slug: string): RoleFact | undefined {
    return facts.roles.find((role) => role.slug === slug) ?? find.ownRole(facts, organizationId, slug)
  },

  ownRole(facts: Facts, organizationId: OrganizationId, slug: string): OwnRoleFact | undefined {
    return facts.ownRoles.find((role) => role.organizationId === organizationId && role.slug === slug)
  },
}

/** Whether two subjects are one. */
export function sameSubject(one: SubjectKey, other: SubjectKey): boolean {
  return one.kind === other.kind && one.id === other.id
}

/** A root is also known by the id of its organization. */
function answersTo(resource: ResourceFact, externalId: string): boolean {
  return (
    resource.externalId === externalId ||
    (resource.parentId === undefined && resource.organizationId === externalId)
  )
}
