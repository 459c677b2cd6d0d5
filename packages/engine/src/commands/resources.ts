import {
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
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { newId } from '../new-id.js'
import type { Command, Outcome } from './command.js'
import { requireOrganization, requireOwnResource, requirePlace, requireResource } from './find.js'
import { dependentsOfResources, removalsOfResource } from './removals.js'

/** Make a resource under a parent that its type allows; without one, directly under the organization. */
export function createResource(input: NewResource): Command<Resource> {
  const externalId = parseExternalId(input.externalId)
  const name = parseName(input.name)
  const description = parseDescription(input.description)
  const { organizationId, type } = input
  return (graph, { at, ulid }) => {
    requireOrganization(graph, organizationId)
    if (type === rootType) throw new RootResourceFixed(organizationId)
    graph.environment.model.type(type)
    const parent = requirePlace(graph, input.parent)
    requireFittingParent(graph, type, parent)
    if (graph.findResource({ type, externalId }) !== none)
      throw new EntityExists('resource', `${type}/${externalId}`)
    const id = newId<ResourceId>('resource', ulid)
    const parentId = graph.resources.id(parent)
    const stamps = { createdAt: at, updatedAt: at }
    return put({ id, organizationId, type, externalId, name, description, parentId, ...stamps })
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
  return (graph, { at, entity }) => {
    requireOrganization(graph, organizationId)
    const resource = entity('resource', graph.resources.id(requireOwnResource(graph, ref)))
    return put({ ...resource, ...name, ...description, updatedAt: at })
  }
}

/** Move a resource, and all below it. The model has no type under itself, so no move can grow too deep. */
export function moveResource(
  organizationId: OrganizationId,
  ref: ResourceRef,
  to: ResourceRef,
): Command<Resource> {
  return (graph, { at, entity }) => {
    requireOrganization(graph, organizationId)
    const { resources, environment } = graph
    const resource = requireOwnResource(graph, ref)
    const parent = requireResource(graph, to)
    const parentId = resources.id(parent)
    for (let above = parent; above !== none; above = resources.parent(above)) {
      if (above === resource) throw new ParentCycle(resources.id(resource), parentId)
    }
    requireFittingParent(graph, environment.typeSlug(resources.type(resource)), parent)
    const whole = entity('resource', resources.id(resource))
    if (resources.parent(resource) === parent) return { changes: [], value: whole }
    return put({ ...whole, parentId, updatedAt: at })
  }
}

/** Delete a resource; with `cascade`, all below it as well, and what is held there or by agents among them. */
export function deleteResource(
  organizationId: OrganizationId,
  ref: ResourceRef,
  options: { readonly cascade?: boolean } = {},
): Command<undefined> {
  return (graph) => {
    requireOrganization(graph, organizationId)
    const resource = requireOwnResource(graph, ref)
    if (options.cascade !== true) requireNoDependents(graph, resource)
    return { changes: removalsOfResource(graph, resource), value: undefined }
  }
}

function requireNoDependents(graph: OrganizationGraph, resource: number): void {
  const { resources } = graph
  let children = 0
  for (let child = resources.firstChild(resource); child !== none; child = resources.nextSibling(child))
    children += 1
  const { assignments, mappings, exclusions } = dependentsOfResources(graph, new Set([resource]))
  if (children + assignments.size + mappings.size + exclusions.size === 0) return
  throw new ResourceHasDependents(resources.id(resource), {
    children,
    assignments: assignments.size,
    mappings: mappings.size,
    exclusions: exclusions.size,
  })
}

function requireFittingParent({ environment, resources }: OrganizationGraph, type: string, parent: number) {
  const { parents } = environment.model.type(type)
  const parentType = environment.typeSlug(resources.type(parent))
  if (!parents.includes(parentType)) throw new ParentTypeNotAllowed(type, parentType, parents)
}

function put(entity: Resource): Outcome<Resource> {
  return { changes: [{ op: 'put', kind: 'resource', entity }], value: entity }
}
