import type {
  AssignmentId,
  ExclusionId,
  GroupId,
  MappingId,
  OrganizationId,
  ResourceId,
  SubjectKey,
} from '@bailiwick/core'
import type { Facts, MappingFact, MembershipFact } from './facts.js'
import { find, sameSubject } from './find.js'

/** Something that grants, and where it is held. */
export type GrantFact =
  | { readonly from: 'membership'; readonly role: string; readonly on: ResourceId }
  | {
      readonly from: 'assignment'
      readonly assignmentId: AssignmentId
      readonly role: string
      readonly on: ResourceId
    }
  | {
      readonly from: 'group'
      readonly groupId: GroupId
      readonly assignmentId: AssignmentId
      readonly role: string
      readonly on: ResourceId
    }
  | {
      readonly from: 'directory'
      readonly mappingId: MappingId
      readonly directoryGroup: string
      readonly role: string
      readonly on: ResourceId
    }
  | {
      readonly from: 'permission'
      readonly exclusionId: ExclusionId
      readonly holder: SubjectKey
      readonly on: ResourceId
    }

/** A grant with all that it grants. */
export interface Holding {
  readonly grant: GrantFact
  readonly permissions: readonly string[]
}

/** One permission denied, there and below. */
export interface DenialFact {
  readonly exclusionId: ExclusionId
  readonly holder: SubjectKey
  readonly on: ResourceId
  readonly permission: string
}

/** Everything that a subject holds or is denied, wherever. */
export interface Holdings {
  readonly holdings: readonly Holding[]
  readonly denials: readonly DenialFact[]
  /** In single-role mode, the organization-level role that counts. */
  readonly countingRole: string | undefined
}

/** What a subject holds, by itself and through its groups. Asked again for the same facts, it is not worked out again. */
export function holdingsOf(facts: Facts, organizationId: OrganizationId, subject: SubjectKey): Holdings {
  const known = remembered.get(facts) ?? new Map<string, Holdings>()
  remembered.set(facts, known)
  const key = `${subject.kind} ${subject.id}`
  const holdings = known.get(key) ?? workOut(facts, organizationId, subject)
  known.set(key, holdings)
  return holdings
}

const remembered = new WeakMap<Facts, Map<string, Holdings>>()

function workOut(facts: Facts, organizationId: OrganizationId, subject: SubjectKey): Holdings {
  const root = find.root(facts, organizationId)
  const groups = facts.groups.filter(
    ({ members }) => subject.kind === 'membership' && members.includes(subject.id),
  )
  const holders: readonly SubjectKey[] = [
    subject,
    ...groups.map(({ id }): SubjectKey => ({ kind: 'group', id })),
  ]
  const isHolder = (other: SubjectKey) => holders.some((holder) => sameSubject(holder, other))
  const self = facts.memberships.find(({ id }) => subject.kind === 'membership' && id === subject.id)

  const assigned = facts.assignments
    .filter((assignment) => isHolder(assignment.subject))
    .map(({ id, subject: holder, role, resourceId }): Exclude<GrantFact, { from: 'permission' }> => {
      const held = { assignmentId: id, role, on: resourceId }
      return holder.kind === 'group' && !sameSubject(holder, subject)
        ? { from: 'group', groupId: holder.id, ...held }
        : { from: 'assignment', ...held }
    })
  const own = self === undefined || root === undefined ? [] : [...ownGrants(facts, self, root.id)]
  const mapped = self === undefined ? [] : mappedBelow(facts, self, root?.id)
  const roles = [...own, ...assigned, ...mapped]

  // One organization-level role at a time, and a membership alone has organization-level roles to choose among.
  const onRoot = roles.filter(({ on }) => on === root?.id).map(({ role }) => role)
  const counting =
    facts.roleMode === 'single' && self !== undefined
      ? priorityOf(facts, organizationId).find((slug) => onRoot.includes(slug))
      : undefined
  const counts = ({ role, on }: { readonly role: string; readonly on: ResourceId }) =>
    on !== root?.id || facts.roleMode === 'multiple' || self === undefined || role === counting

  const singles = facts.exclusions.filter((exclusion) => isHolder(exclusion.subject))
  return {
    countingRole: counting,
    holdings: [
      ...roles.filter(counts).map((grant) => ({
        grant,
        permissions: find.role(facts, organizationId, grant.role)?.permissions ?? [],
      })),
      ...singles
        .filter(({ effect }) => effect === 'allow')
        .map(({ id, subject: holder, resourceId, permission }) => ({
          grant: { from: 'permission', exclusionId: id, holder, on: resourceId } as const,
          permissions: [permission],
        })),
    ],
    denials: singles
      .filter(({ effect }) => effect === 'deny')
      .map(({ id, subject: holder, resourceId, permission }) => ({
        exclusionId: id,
        holder,
        on: resourceId,
        permission,
      })),
  }
}

type RoleGrant = Extract<GrantFact, { from: 'membership' | 'directory' }>

/**
 * The organization-level roles of a membership by itself. An explicit mapping goes before what was chosen by hand,
 * directory sync before a sign-in, and a choice made after the identity provider told last holds until it tells again.
 */
function ownGrants(facts: Facts, self: MembershipFact, root: ResourceId): readonly RoleGrant[] {
  const byHand = self.roles.map((role): RoleGrant => ({ from: 'membership', role, on: root }))
  if (self.isChosenSince) return byHand
  const onRoot = (groups: readonly string[] | null) =>
    mappingsOf(facts, self, groups ?? [])
      .filter(({ resourceId }) => resourceId === root)
      .map(mappedGrant)
  const { directory, sso } = self.directoryGroups
  const [synced, signedIn] = [onRoot(directory), onRoot(sso)]
  return synced.length > 0 ? synced : signedIn.length > 0 ? signedIn : byHand
}

/** Roles mapped below the organization come in addition, whatever is chosen. */
function mappedBelow(facts: Facts, self: MembershipFact, root: ResourceId | undefined): readonly RoleGrant[] {
  const { directory, sso } = self.directoryGroups
  return mappingsOf(facts, self, [...(directory ?? []), ...(sso ?? [])])
    .filter(({ resourceId }) => resourceId !== root)
    .map(mappedGrant)
}

function mappingsOf(facts: Facts, self: MembershipFact, groups: readonly string[]): readonly MappingFact[] {
  return facts.mappings.filter(
    ({ organizationId, directoryGroup }) =>
      organizationId === self.organizationId && groups.includes(directoryGroup),
  )
}

function mappedGrant({ id, directoryGroup, role, resourceId }: MappingFact): RoleGrant {
  return { from: 'directory', mappingId: id, directoryGroup, role, on: resourceId }
}

/**
 * Every organization-level role that an organization can give, highest first: in its own order if it has one, then
 * in that of the model, then those that nobody has put in order.
 */
export function priorityOf(facts: Facts, organizationId: OrganizationId): readonly string[] {
  const order = facts.roleOrders.find((each) => each.organizationId === organizationId)
  const onRoot = facts.roles.filter(({ on }) => on === 'organization').map(({ slug }) => slug)
  const own = facts.ownRoles.filter((role) => role.organizationId === organizationId)
  return [
    ...new Set([
      ...(order?.priority ?? []),
      ...facts.rolePriority,
      ...onRoot,
      ...own.filter(({ on }) => on === 'organization').map(({ slug }) => slug),
    ]),
  ]
}
