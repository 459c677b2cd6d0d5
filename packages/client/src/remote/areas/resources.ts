import {
  type AuthorizationEngine,
  EntityNotFound,
  type Model,
  type OrganizationId,
  type Resource,
  type ResourceRef,
} from '@bailiwick/core'
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
import { missing, orNothing } from './finding.js'

type Resources = Pick<
  AuthorizationEngine,
  'findResource' | 'createResource' | 'renameResource' | 'moveResource' | 'deleteResource'
>

const read = (json: unknown): Resource => parseResource(resourceJson.parse(json))

/** Resources, of a service elsewhere. */
export function remoteResources(
  service: Service,
  model: Model,
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
  // An engine in this process says first that there is no such organization, and then that there is no such type.
  const written = async <Value>(
    organizationId: OrganizationId,
    ref: ResourceRef,
    command: Promise<Value>,
  ) => {
    try {
      return await command
    } catch (error) {
      if (!(error instanceof EntityNotFound) || error.noun !== 'resource') throw error
      if ((await organizations.getOrganization(organizationId)) === undefined)
        throw new EntityNotFound('organization', organizationId)
      if (!('resourceId' in ref)) model.type(ref.type)
      throw error
    }
  }
  const update = async (organizationId: OrganizationId, ref: ResourceRef, body: unknown) =>
    written(
      organizationId,
      ref,
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
      written(
        organizationId,
        ref,
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
