import type { AuthorizationEngine } from '@bailiwick/core'
import {
  createExclusion,
  deleteExclusion,
  listExclusions,
  parseExclusion,
  renderResourceRef,
  renderSubjectRef,
} from '@bailiwick/wire'
import type { Service } from '../service.js'
import { orEmpty } from './finding.js'
import { everyItem } from './paging.js'

type Exclusions = Pick<AuthorizationEngine, 'listExclusions' | 'createExclusion' | 'deleteExclusion'>

/** Exclusions, of our server. */
export function remoteExclusions(service: Service): Exclusions {
  return {
    listExclusions: (organizationId) =>
      orEmpty(
        everyItem(service, {
          operation: listExclusions,
          organizationId,
          params: { organization_id: organizationId },
          item: parseExclusion,
        }),
      ),

    createExclusion: ({ organizationId, subject, permission, effect, resource }) =>
      service.write(
        {
          operation: createExclusion,
          params: { organization_id: organizationId },
          body: {
            ...renderSubjectRef(subject),
            permission_slug: permission,
            effect,
            ...renderResourceRef(resource),
          },
          read: parseExclusion,
        },
        organizationId,
      ),

    deleteExclusion: (organizationId, id) =>
      service.write(
        {
          operation: deleteExclusion,
          params: { organization_id: organizationId, exclusion_id: id },
          read: () => undefined,
        },
        organizationId,
      ),
  }
}
