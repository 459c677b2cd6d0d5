import type { AuthorizationEngine } from '@bailiwick/core'
import {
  createOrganization,
  deleteOrganization,
  getOrganization,
  organizationJson,
  parseOrganization,
  renderNewOrganization,
} from '@bailiwick/wire'
import type { Service } from '../service.js'
import { orNothing } from './finding.js'

type Organizations = Pick<
  AuthorizationEngine,
  'getOrganization' | 'createOrganization' | 'deleteOrganization'
>

const read = (json: unknown) => parseOrganization(organizationJson.parse(json))

/** Organizations, of a service elsewhere. */
export function remoteOrganizations(service: Service): Organizations {
  return {
    getOrganization: (id) =>
      orNothing(service.ask({ operation: getOrganization, params: { organization_id: id }, read }, id)),

    async createOrganization(organization) {
      const body = renderNewOrganization(organization)
      const written = await service.write({ operation: createOrganization, body, read }, organization.id)
      // One that had no id yet is known from here on, and nobody can have asked about it before.
      if (organization.id === undefined) service.ownWrites.begin(written.value.id)(written.token)
      return written
    },

    deleteOrganization: (id) =>
      service.write(
        { operation: deleteOrganization, params: { organization_id: id }, read: () => undefined },
        id,
      ),
  }
}
