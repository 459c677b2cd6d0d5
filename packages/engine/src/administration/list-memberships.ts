import {
  type EntityPage,
  type EntityPageOptions,
  InputInvalid,
  type Membership,
  type MembershipRecord,
  type MembershipStatus,
  type OrganizationId,
  type UserId,
} from '@bailiwick/core'
import { membershipView } from '../commands/views.js'
import type { Environment } from '../environment/environment.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import type { Store } from '../store/store.js'
import { placesOf } from './entity-page.js'
import { nearAmong, nearInOrder } from './near.js'
import { pageOfRows, type Reading, rowsNear } from './reading.js'
import { filtered, type ReadRows, rowsOf } from './rows.js'

/** Which memberships to list; all that is given must hold. */
export interface MembershipsFilter {
  readonly organizationId?: OrganizationId
  readonly userId?: UserId
  readonly statuses?: readonly MembershipStatus[]
}

/** Memberships of an organization, of a user over all organizations, or all there are. */
export async function listMemberships(
  reading: Reading,
  environment: Environment,
  filter: MembershipsFilter,
  page: EntityPageOptions | undefined,
): Promise<EntityPage<Membership>> {
  const statuses = parseStatuses(filter.statuses)
  const { organizationId } = filter
  if (organizationId !== undefined) {
    const graph = await reading.graph(organizationId)
    const read = ofOrganization(reading, graph, organizationId, filter.userId, statuses)
    return pageOfRows(page, places, read, (record) => membershipView(graph, record))
  }
  const read =
    statuses === undefined
      ? everywhere(reading.store, filter.userId)
      : filtered(everywhere(reading.store, filter.userId), ({ status }) => statuses.includes(status))
  // The roles are looked up one by one: to open every organization for its roles would cost far more.
  return pageOfRows(page, places, read, (record) => viewFromAfar(reading.store, environment, record))
}

const places = placesOf('membership')

const known: readonly MembershipStatus[] = ['active', 'inactive', 'pending']

function parseStatuses(statuses: readonly MembershipStatus[] | undefined) {
  if (statuses === undefined) return undefined
  if (!Array.isArray(statuses) || statuses.some((status) => !known.includes(status)))
    throw new InputInvalid('statuses', `must be an array of ${known.join(', ')}`, statuses)
  return statuses
}

function ofOrganization(
  reading: Reading,
  { memberships, records }: OrganizationGraph,
  organizationId: OrganizationId,
  userId: UserId | undefined,
  statuses: readonly MembershipStatus[] | undefined,
): ReadRows<MembershipRecord> {
  const passes = (entry: number) =>
    statuses === undefined || statuses.includes(known[records.statusOf(entry)] as MembershipStatus)
  const hers = () => [memberships.findByUser(userId ?? '')].filter((entry) => entry !== none && passes(entry))
  const near =
    userId === undefined
      ? nearInOrder([memberships.ordered], memberships, passes)
      : nearAmong(hers, memberships)
  return rowsNear(reading, organizationId, 'membership', near, (entry) => memberships.id(entry))
}

function everywhere(store: Store, userId: UserId | undefined): ReadRows<MembershipRecord> {
  return async (page) =>
    rowsOf(
      await (userId === undefined
        ? store.scan('membership', page)
        : store.lookup('membership_user', userId, page)),
    )
}

async function viewFromAfar(
  store: Store,
  environment: Environment,
  { roleIds, rolesChosen: _, rolesOverrideDirectory: __, ...rest }: MembershipRecord,
): Promise<Membership> {
  const slugs = await Promise.all(
    roleIds.map(async (id) => {
      const index = environment.roleIndex(id)
      if (index !== undefined) return environment.roles[index]?.slug
      return (await store.find('organization_role', id))?.entity.slug
    }),
  )
  return { ...rest, roles: slugs.filter((slug) => slug !== undefined).sort() }
}
