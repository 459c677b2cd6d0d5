import type { EntityPage, EntityPageOptions, Organization } from '@bailiwick/core'
import type { Store } from '../store/store.js'
import { placesOf } from './entity-page.js'
import { pageOfRows } from './reading.js'
import { filtered, merged, type ReadRows, rowsOf } from './rows.js'

/** Which organizations to list: those with one of the domains, and with a text in the name in any case. */
export interface OrganizationsFilter {
  readonly domains?: readonly string[]
  readonly search?: string
}

/** Organizations in the order of their ids. A search looks through all that have one of the domains. */
export async function listOrganizations(
  store: Store,
  { domains, search }: OrganizationsFilter,
  page: EntityPageOptions | undefined,
): Promise<EntityPage<Organization>> {
  const read: ReadRows<Organization> =
    domains === undefined
      ? async (part) => rowsOf(await store.scan('organization', part))
      : merged(
          domains.map(
            (domain) => async (part) => rowsOf(await store.lookup('organization_domain', domain, part)),
          ),
        )
  const wanted = search?.toLowerCase()
  const searched =
    wanted === undefined ? read : filtered(read, ({ name }) => name.toLowerCase().includes(wanted))
  return pageOfRows(page, placesOf('organization'), searched, (organization) => organization)
}
