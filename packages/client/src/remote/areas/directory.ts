import type { AuthorizationEngine, MembershipRef } from '@bailiwick/core'
import {
  applyDirectoryGroupEvent,
  createDirectoryMapping,
  deleteDirectoryMapping,
  listDirectoryMappings,
  membershipJson,
  parseDirectoryMapping,
  parseMembership,
  renderResourceRef,
  renderSubjectRef,
  syncDirectoryGroups,
} from '@bailiwick/wire'
import type { Service } from '../service.js'
import { orEmpty } from './finding.js'
import { everyItem } from './paging.js'

type Directory = Pick<
  AuthorizationEngine,
  | 'listDirectoryMappings'
  | 'createDirectoryMapping'
  | 'deleteDirectoryMapping'
  | 'syncDirectoryGroups'
  | 'applyDirectoryGroupEvent'
>

const readMembership = (json: unknown) => parseMembership(membershipJson.parse(json))
const named = (membership: MembershipRef) => renderSubjectRef(membership)

/** What identity providers tell, and what comes of it, of our server. */
export function remoteDirectory(service: Service): Directory {
  return {
    listDirectoryMappings: (organizationId) =>
      orEmpty(
        everyItem(service, {
          operation: listDirectoryMappings,
          organizationId,
          params: { organization_id: organizationId },
          item: parseDirectoryMapping,
        }),
      ),

    createDirectoryMapping: ({ organizationId, directoryGroup, role, resource }) =>
      service.write(
        {
          operation: createDirectoryMapping,
          params: { organization_id: organizationId },
          body: { directory_group: directoryGroup, role_slug: role, ...renderResourceRef(resource) },
          read: parseDirectoryMapping,
        },
        organizationId,
      ),

    deleteDirectoryMapping: (organizationId, id) =>
      service.write(
        {
          operation: deleteDirectoryMapping,
          params: { organization_id: organizationId, directory_mapping_id: id },
          read: () => undefined,
        },
        organizationId,
      ),

    syncDirectoryGroups: (organizationId, membership, groups, source) =>
      service.write(
        {
          operation: syncDirectoryGroups,
          params: { organization_id: organizationId },
          body: { ...named(membership), directory_groups: groups, source },
          read: readMembership,
        },
        organizationId,
      ),

    applyDirectoryGroupEvent: (organizationId, membership, { kind, directoryGroup }) =>
      service.write(
        {
          operation: applyDirectoryGroupEvent,
          params: { organization_id: organizationId },
          body: { ...named(membership), kind, directory_group: directoryGroup },
          read: readMembership,
        },
        organizationId,
      ),
  }
}
