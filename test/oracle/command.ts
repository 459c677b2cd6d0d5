import type {
  AssignmentId,
  DirectoryGroupEvent,
  DirectorySource,
  ExclusionId,
  GroupId,
  MappingId,
  MembershipId,
  MembershipRef,
  MembershipStatus,
  OrganizationId,
  ResourceRef,
  SubjectRef,
} from '@bailiwick/core'

interface Fields {
  readonly createOrganization: { readonly id: OrganizationId; readonly externalId?: string }
  readonly deleteOrganization: { readonly id: OrganizationId }
  readonly createMembership: InOrganization & {
    readonly id: MembershipId
    readonly userId: string
    readonly roles?: readonly string[]
    readonly status?: MembershipStatus
  }
  readonly setMembershipRoles: OfMembership & { readonly roles: readonly string[] }
  readonly setMembershipStatus: OfMembership & { readonly status: MembershipStatus }
  readonly deleteMembership: OfMembership
  readonly syncDirectoryGroups: OfMembership & {
    readonly groups: readonly string[]
    readonly source: DirectorySource
  }
  readonly applyDirectoryGroupEvent: OfMembership & { readonly event: DirectoryGroupEvent }
  readonly createResource: InOrganization & {
    readonly type: string
    readonly externalId: string
    readonly parent?: ResourceRef
  }
  readonly renameResource: InOrganization & { readonly ref: ResourceRef; readonly name: string }
  readonly moveResource: InOrganization & { readonly ref: ResourceRef; readonly parent: ResourceRef }
  readonly deleteResource: InOrganization & { readonly ref: ResourceRef; readonly cascade: boolean }
  readonly createGroup: InOrganization & { readonly name: string }
  readonly renameGroup: OfGroup & { readonly name: string }
  readonly deleteGroup: OfGroup
  readonly addGroupMember: OfGroup & { readonly member: MembershipRef }
  readonly removeGroupMember: OfGroup & { readonly member: MembershipRef }
  readonly assignRole: InOrganization & RoleThere & { readonly subject: SubjectRef }
  readonly removeAssignment: InOrganization & { readonly assignmentId: AssignmentId }
  readonly replaceAssignments: InOrganization & {
    readonly subject: SubjectRef
    readonly assignments: readonly RoleThere[]
  }
  readonly createOrganizationRole: InOrganization & {
    readonly name: string
    readonly slug?: string
    readonly on?: string
    readonly permissions: readonly string[]
  }
  readonly updateOrganizationRole: InOrganization & {
    readonly slug: string
    readonly permissions: readonly string[]
  }
  readonly deleteOrganizationRole: InOrganization & { readonly slug: string }
  readonly setRoleOrder: InOrganization & {
    readonly defaultRole?: string | null
    readonly priority?: readonly string[]
  }
  readonly createDirectoryMapping: InOrganization & RoleThere & { readonly directoryGroup: string }
  readonly deleteDirectoryMapping: InOrganization & { readonly mappingId: MappingId }
  readonly createExclusion: InOrganization & {
    readonly subject: SubjectRef
    readonly permission: string
    readonly effect: 'deny' | 'allow'
    readonly resource?: ResourceRef
  }
  readonly deleteExclusion: InOrganization & { readonly exclusionId: ExclusionId }
}

interface InOrganization {
  readonly organizationId: OrganizationId
}

interface OfMembership extends InOrganization {
  readonly subject: MembershipRef
}

interface OfGroup extends InOrganization {
  readonly groupId: GroupId
}

/** A role and where: on the organization itself where no resource is named. */
export interface RoleThere {
  readonly role: string
  readonly resource?: ResourceRef
}

/** A write, as data: it can be played to an engine and to the oracle, and printed when the two disagree. */
export type Command = { [Kind in keyof Fields]: { readonly do: Kind } & Fields[Kind] }[keyof Fields]

/** The commands of one kind. */
export type CommandOf<Kind extends Command['do']> = Extract<Command, { readonly do: Kind }>
