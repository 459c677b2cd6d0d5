import {
  type Change,
  EntityExists,
  type NewResource,
  type OrganizationId,
  ParentCycle,
  ParentTypeNotAllowed,
  parseDescription,
  parseExternalId,
  parseName,
  type Resource,
  ResourceHasDependents,
  type ResourceId,
  type ResourceRef,
  RootResourceFixed,
  rootType,
} from '@bailiwick/core'
import type { ResourceNode } from '../graph/nodes.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { newId } from '../new-id.js'
import type { Command, Outcome } from './command.js'
import { requireOrganization, requireOwnResource, requireResource } from './find.js'

/** Make a resource under a parent that its type allows; without one, directly under the organization. */
export function createResource(input: NewResource): Command<Resource> {
  const externalId = parseExternalId(input.externalId)
  const name = parseName(input.name)
  const description = parseDescription(input.description)
  const { organizationId, type } = input
  return (graph, { at, ulid }) => {
    const { root } = requireOrganization(graph, organizationId)
    if (type === rootType) throw new RootResourceFixed(organizationId)
    graph.environment.model.type(type)
    const parent = input.parent === undefined ? root : requireResource(graph, input.parent)
    requireFittingParent(graph, type, parent)
    if (graph.findResource({ type, externalId }) !== undefined)
      throw new EntityExists('resource', `${type}/${externalId}`)
    const id = newId<ResourceId>('resource', ulid)
    const parentId = parent.entity.id
    return put({
      id,
      organizationId,
      type,
      externalId,
      name,
      description,
      parentId,
      createdAt: at,
      updatedAt: at,
    })
  }
}

/** Change what people read. */
export function renameResource(
  organizationId: OrganizationId,
  ref: ResourceRef,
  to: { readonly name?: string; readonly description?: string | null },
): Command<Resource> {
  const name = to.name === undefined ? {} : { name: parseName(to.name) }
  const description = to.description === undefined ? {} : { description: parseDescription(to.description) }
  return (graph, { at }) => {
    requireOrganization(graph, organizationId)
    const { entity } = requireOwnResource(graph, ref)
    return put({ ...entity, ...name, ...description, updatedAt: at })
  }
}

/** Move a resource, and all below it. The model has no type under itself, so no move can grow too deep. */
export function moveResource(
  organizationId: OrganizationId,
  ref: ResourceRef,
  to: ResourceRef,
): Command<Resource> {
  return (graph, { at }) => {
    requireOrganization(graph, organizationId)
    const resource = requireOwnResource(graph, ref)
    const parent = requireResource(graph, to)
    for (let node: ResourceNode | undefined = parent; node !== undefined; node = node.parent) {
      if (node === resource) throw new ParentCycle(resource.entity.id, parent.entity.id)
    }
    requireFittingParent(graph, resource.entity.type, parent)
    if (resource.parent === parent) return { changes: [], value: resource.entity }
    return put({ ...resource.entity, parentId: parent.entity.id, updatedAt: at })
  }
}

/** Delete a resource; with `cascade`, everything below it and every assignment there as well. */
export function deleteResource(
  organizationId: OrganizationId,
  ref: ResourceRef,
  options: { readonly cascade?: boolean } = {},
): Command<undefined> {
  return (graph) => {
    requireOrganization(graph, organizationId)
    const resource = requireOwnResource(graph, ref)
    const { children, assignments } = resource
    if (options.cascade !== true && children.size + assignments.size > 0) {
      throw new ResourceHasDependents(resource.entity.id, children.size, assignments.size)
    }
    return { changes: removals(resource), value: undefined }
  }
}

/** Deepest first, so that nothing is removed while something still refers to it. */
function removals(resource: ResourceNode): Change[] {
  return [
    ...[...resource.children].flatMap(removals),
    ...[...resource.assignments].map(({ entity }): Change => ({ op: 'remove', kind: 'assignment', entity })),
    { op: 'remove', kind: 'resource', entity: resource.entity },
  ]
}

function requireFittingParent(graph: OrganizationGraph, type: string, parent: ResourceNode): void {
  const { parents } = graph.environment.model.type(type)
  if (!parents.includes(parent.entity.type)) throw new ParentTypeNotAllowed(type, parent.entity.type, parents)
}

function put(entity: Resource): Outcome<Resource> {
  return { changes: [{ op: 'put', kind: 'resource', entity }], value: entity }
}
