import type { AuthorizationEngine, Membership, MembershipRef, OrganizationId } from '@bailiwick/core'
import {
  addMembership,
  deleteMembership,
  getMembership,
  listMemberships,
  membershipJson,
  parseMembership,
  renderSubjectRef,
  setMembershipRoles,
  setMembershipStatus,
} from '@bailiwick/wire'
import type { Service } from '../service.js'
import { membershipOf, orNothing } from './finding.js'

type Memberships = Pick<
  AuthorizationEngine,
  'findMembership' | 'createMembership' | 'setMembershipRoles' | 'setMembershipStatus' | 'deleteMembership'
>

const read = (json: unknown): Membership => parseMembership(membershipJson.parse(json))

/** Memberships, of a service elsewhere. */
export function remoteMemberships(
  service: Service,
  organizations: Pick<AuthorizationEngine, 'getOrganization'>,
): Memberships {
  const find = async (
    organizationId: OrganizationId,
    ref: MembershipRef,
  ): Promise<Membership | undefined> => {
    if ('userId' in ref) {
      const query = { user_id: ref.userId, organization_id: organizationId, statuses: everyStatus, limit: 1 }
      const readOne = (json: unknown) =>
        listMemberships.schemas.answer.parse(json).data.map(parseMembership)[0]
      return orNothing(service.ask({ operation: listMemberships, query, read: readOne }, organizationId))
    }
    const params = { organization_membership_id: ref.membershipId }
    const found = await orNothing(service.ask({ operation: getMembership, params, read }, organizationId))
    return found?.organizationId === organizationId ? found : undefined
  }
  const paramsOf = async (organizationId: OrganizationId, ref: MembershipRef) => {
    const { id } = await membershipOf({ findMembership: find, ...organizations }, organizationId, ref)
    return { organization_membership_id: id }
  }

  return {
    findMembership: find,

    createMembership: ({ organizationId, userId, id, roles, status }) =>
      service.write(
        {
          operation: addMembership,
          params: { organization_id: organizationId },
          body: { user_id: userId, id, status, role_slugs: roles },
          read,
        },
        organizationId,
      ),

    setMembershipRoles: (organizationId, ref, roles) =>
      service.write(
        {
          operation: setMembershipRoles,
          params: { organization_id: organizationId },
          body: { ...renderSubjectRef(ref), role_slugs: roles },
          read,
        },
        organizationId,
      ),

    setMembershipStatus: (organizationId, ref, status) =>
      service.write(
        {
          operation: setMembershipStatus,
          params: { organization_id: organizationId },
          body: { ...renderSubjectRef(ref), status },
          read,
        },
        organizationId,
      ),

    deleteMembership: async (organizationId, ref) =>
      service.write(
        {
          operation: deleteMembership,
          params: await paramsOf(organizationId, ref),
          read: () => undefined,
        },
        organizationId,
      ),
  }
}

const everyStatus = 'active,inactive,pending'
