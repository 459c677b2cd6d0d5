import {
  EntityNotFound,
  type Exclusion,
  type ExclusionId,
  type ExclusionRecord,
  InputInvalid,
  type NewExclusion,
  type OrganizationId,
} from '@bailiwick/core'
import { newId } from '../new-id.js'
import type { Command } from './command.js'
import { requireHolder, requireOrganization, requirePlace } from './find.js'
import { exclusionView } from './views.js'

/**
 * Deny a subject one permission on a resource and below, or grant it without a role. The same twice yields the one
 * that is there.
 */
export function createExclusion(input: NewExclusion): Command<Exclusion> {
  const { organizationId, effect = 'deny' } = input
  if (effect !== 'deny' && effect !== 'allow')
    throw new InputInvalid('effect', 'must be `deny` or `allow`', effect)
  return (graph, { at, ulid, entity: whole }) => {
    requireOrganization(graph, organizationId)
    const { environment, exclusions, resources } = graph
    const holder = requireHolder(graph, input.subject)
    const permission = environment.permissionIndex(input.permission)
    const resource = requirePlace(graph, input.resource)
    const known = exclusions
      .of(holder)
      .find((each) => each.permission === permission && each.resource === resource && each.effect === effect)
    const entity: ExclusionRecord =
      known === undefined
        ? {
            id: newId<ExclusionId>('exclusion', ulid),
            organizationId,
            subject: graph.subject(holder),
            effect,
            permissionId: environment.permissionId(permission),
            resourceId: resources.id(resource),
            createdAt: at,
            updatedAt: at,
          }
        : whole('exclusion', known.id)
    return {
      changes: known === undefined ? [{ op: 'put', kind: 'exclusion', entity }] : [],
      // Its permission was found in the model above.
      value: exclusionView(environment, entity) as Exclusion,
    }
  }
}

/** Remove an exclusion: what it denied is allowed again where something grants it. */
export function deleteExclusion(organizationId: OrganizationId, id: ExclusionId): Command<undefined> {
  return (graph) => {
    requireOrganization(graph, organizationId)
    if (graph.exclusions.find(id) === undefined) throw new EntityNotFound('exclusion', id)
    return { changes: [{ op: 'remove', kind: 'exclusion', id }], value: undefined }
  }
}
