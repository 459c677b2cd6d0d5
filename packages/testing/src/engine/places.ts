import { Misconfigured, shown } from '@bailiwick/core'
import type { ListedResource, ResourceTree } from './fixtures.js'

/** The type and the external id of a place; an external id may hold colons itself. */
export function parsePlace(place: string): { readonly type: string; readonly externalId: string } {
  const colon = place.indexOf(':')
  if (colon < 1)
    throw new Misconfigured(`fixtures name a resource as \`type:external-id\`, not ${shown(place)}`)
  return { type: place.slice(0, colon), externalId: place.slice(colon + 1) }
}

/** The resources of a tree or a list, each after the one it lies under, as the engine must make them. */
export function parentsFirst(resources: ResourceTree | readonly ListedResource[]): readonly ListedResource[] {
  return isList(resources) ? sortByParent(resources) : flatten(resources)
}

function flatten(tree: ResourceTree, under?: ListedResource['place']): readonly ListedResource[] {
  return (Object.keys(tree) as ListedResource['place'][]).flatMap((place) => [
    { place, ...(under && { under }) },
    ...flatten(tree[place] ?? {}, place),
  ])
}

/** One that lies under nothing in the list is left to the engine, which says what is missing. */
function sortByParent(resources: readonly ListedResource[]): readonly ListedResource[] {
  const byPlace = new Map(resources.map((resource) => [resource.place, resource]))
  const ordered = new Set<ListedResource>()
  const visit = (resource: ListedResource, below: readonly ListedResource[]) => {
    const parent = resource.under && byPlace.get(resource.under)
    if (below.includes(resource))
      throw new Misconfigured(`\`${resource.place}\` lies under itself in the fixtures`)
    if (parent !== undefined) visit(parent, [...below, resource])
    ordered.add(resource)
  }
  for (const resource of resources) visit(resource, [])
  return [...ordered]
}

function isList(resources: ResourceTree | readonly ListedResource[]): resources is readonly ListedResource[] {
  return Array.isArray(resources)
}
