import type { AuthorizationEngine, OrganizationId, Resource, ResourceRef } from '@bailiwick/core'
import {
  createResource,
  deleteResourceByExternalId,
  getResource,
  getResourceByExternalId,
  parseResource,
  renderParent,
  resourceJson,
  updateResourceByExternalId,
} from '@bailiwick/wire'
import type { Service } from '../service.js'
import { inOrganization, missing, orNothing } from './finding.js'

type Resources = Pick<
  AuthorizationEngine,
  'findResource' | 'createResource' | 'renameResource' | 'moveResource' | 'deleteResource'
>

const read = (json: unknown): Resource => parseResource(resourceJson.parse(json))

/** Resources, of a service elsewhere. */
export function remoteResources(
  service: Service,
  organizations: Pick<AuthorizationEngine, 'getOrganization'>,
): Resources {
  const find = async (organizationId: OrganizationId, ref: ResourceRef): Promise<Resource | undefined> => {
    if (!('resourceId' in ref)) {
      const params = byExternalId(organizationId, ref)
      return orNothing(service.ask({ operation: getResourceByExternalId, params, read }, organizationId))
    }
    const params = { resource_id: ref.resourceId }
    const found = await orNothing(service.ask({ operation: getResource, params, read }, organizationId))
    return found?.organizationId === organizationId ? found : undefined
  }
  // By the name that holds in this organization alone: an id of ours would lead into any other as well.
  const paramsOf = async (organizationId: OrganizationId, ref: ResourceRef) => {
    if (!('resourceId' in ref)) return byExternalId(organizationId, ref)
    const found = await find(organizationId, ref)
    return found === undefined
      ? missing(organizations, organizationId, 'resource', ref.resourceId)
      : byExternalId(organizationId, found)
  }
  const update = async (organizationId: OrganizationId, ref: ResourceRef, body: unknown) =>
    inOrganization(
      organizations,
      organizationId,
      service.write(
        {
          operation: updateResourceByExternalId,
          params: await paramsOf(organizationId, ref),
          body,
          read,
        },
        organizationId,
      ),
    )

  return {
    findResource: find,

    createResource: ({ organizationId, type, externalId, name, description, parent }) =>
      service.write(
        {
          operation: createResource,
          body: {
            organization_id: organizationId,
            resource_type_slug: type,
            external_id: externalId,
            name,
            description,
            ...renderParent(parent),
          },
          read,
        },
        organizationId,
      ),

    renameResource: (organizationId, ref, { name, description }) =>
      update(organizationId, ref, { name, description }),

    moveResource: (organizationId, ref, parent) => update(organizationId, ref, renderParent(parent)),

    deleteResource: async (organizationId, ref, { cascade = false } = {}) =>
      inOrganization(
        organizations,
        organizationId,
        service.write(
          {
            operation: deleteResourceByExternalId,
            params: await paramsOf(organizationId, ref),
            query: { cascade_delete: cascade },
            read: () => undefined,
          },
          organizationId,
        ),
      ),
  }
}

function byExternalId(
  organizationId: OrganizationId,
  { type, externalId }: { type: string; externalId: string },
) {
  return { organization_id: organizationId, resource_type_slug: type, external_id: externalId }
}
