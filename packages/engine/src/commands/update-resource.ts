import type { OrganizationId, Resource, ResourceRef } from '@bailiwick/core'
import type { Command } from './command.js'
import { requireOrganization, requireOwnResource } from './find.js'
import { moveResource, renameResource } from './resources.js'

/** What may change of a resource: what people read, and its place. What is left out stays. */
export interface ResourceChanges {
  readonly name?: string
  readonly description?: string | null
  readonly parent?: ResourceRef
}

/** Rename a resource and move it, both or neither. Nothing to change changes nothing. */
export function updateResource(
  organizationId: OrganizationId,
  ref: ResourceRef,
  { parent, ...to }: ResourceChanges,
): Command<Resource> {
  if (parent === undefined && to.name === undefined && to.description === undefined)
    return (graph, { entity }) => {
      requireOrganization(graph, organizationId)
      const value = entity('resource', graph.resources.id(requireOwnResource(graph, ref)))
      return { changes: [], value }
    }
  const rename = renameResource(organizationId, ref, to)
  if (parent === undefined) return rename
  const move = moveResource(organizationId, ref, parent)
  return (graph, context) => {
    const { parentId } = move(graph, context).value
    const { value } = rename(graph, context)
    const entity = { ...value, parentId }
    return { changes: [{ op: 'put', kind: 'resource', entity }], value: entity }
  }
}
