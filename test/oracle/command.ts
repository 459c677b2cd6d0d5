import type {
  AssignmentId,
  MembershipId,
  MembershipStatus,
  OrganizationId,
  ResourceRef,
  SubjectRef,
} from '@bailiwick/core'

/** A write, as data: it can be played to an engine and to the oracle, and printed when the two disagree. */
export type Command =
  | { readonly do: 'createOrganization'; readonly id: OrganizationId; readonly externalId?: string }
  | {
      readonly do: 'createMembership'
      readonly organizationId: OrganizationId
      readonly id: MembershipId
      readonly userId: string
      readonly roles?: readonly string[]
      readonly status?: MembershipStatus
    }
  | {
      readonly do: 'setMembershipRoles'
      readonly organizationId: OrganizationId
      readonly subject: SubjectRef
      readonly roles: readonly string[]
    }
  | {
      readonly do: 'setMembershipStatus'
      readonly organizationId: OrganizationId
      readonly subject: SubjectRef
      readonly status: MembershipStatus
    }
  | {
      readonly do: 'deleteMembership'
      readonly organizationId: OrganizationId
      readonly subject: SubjectRef
    }
  | {
      readonly do: 'createResource'
      readonly organizationId: OrganizationId
      readonly type: string
      readonly externalId: string
      readonly parent?: ResourceRef
    }
  | {
      readonly do: 'renameResource'
      readonly organizationId: OrganizationId
      readonly ref: ResourceRef
      readonly name: string
    }
  | {
      readonly do: 'moveResource'
      readonly organizationId: OrganizationId
      readonly ref: ResourceRef
      readonly parent: ResourceRef
    }
  | {
      readonly do: 'deleteResource'
      readonly organizationId: OrganizationId
      readonly ref: ResourceRef
      readonly cascade: boolean
    }
  | {
      readonly do: 'assignRole'
      readonly organizationId: OrganizationId
      readonly subject: SubjectRef
      readonly role: string
      readonly resource?: ResourceRef
    }
  | {
      readonly do: 'removeAssignment'
      readonly organizationId: OrganizationId
      readonly assignmentId: AssignmentId
    }

/** The commands of one kind. */
export type CommandOf<Kind extends Command['do']> = Extract<Command, { readonly do: Kind }>
