import type { ResourceId } from '@bailiwick/core'
import { refToResource, type Telling } from './telling.js'
import { keyOf, type PlacedResource, type ResourceName, rootOf } from './world.js'

/**
 * The resources, some by way of another parent, some made again after they were deleted.
 *
 * @returns the engine's ids of the resources, by key.
 */
export async function tellPlaces(telling: Telling): Promise<ReadonlyMap<string, ResourceId>> {
  const { engine, organization, random } = telling
  const ids = new Map<string, ResourceId>()
  for (const placed of organization.resources) {
    const parent = random.pick(otherParents(telling, placed, ids)) ?? placed.parent
    if (random.chance(0.15)) await makePassing(telling, placed.name, parent)
    ids.set(keyOf(placed.name), await make(telling, placed.name, parent))
  }
  // From the top down, so that a whole subtree moves along with what it lies under.
  for (const { name, parent } of organization.resources)
    await engine.moveResource(organization.id, refToResource(name), refToResource(parent))
  return ids
}

async function make({ engine }: Telling, name: ResourceName, parent: ResourceName): Promise<ResourceId> {
  const { type, externalId, organization } = name
  const { value } = await engine.createResource({
    organizationId: organization,
    type,
    externalId,
    name: externalId,
    parent: refToResource(parent),
  })
  return value.id
}

/** A resource that bears the same name and goes, with a role on it for everybody: nothing of it may come back. */
async function makePassing(telling: Telling, name: ResourceName, parent: ResourceName): Promise<void> {
  const { engine, organization, world } = telling
  const resource = refToResource(name)
  await make(telling, name, parent)
  const role = Object.entries(world.model.roles).find(([, { on }]) => on === name.type)?.[0]
  for (const { id } of role === undefined ? [] : organization.memberships) {
    const subject = { membershipId: id }
    await engine.assignRole({ organizationId: organization.id, subject, role: role ?? '', resource })
  }
  await engine.deleteResource(organization.id, resource, { cascade: true })
}

/** Where else it may lie for a while: what exists already of a type that may be its parent. */
function otherParents(
  { world, organization, random }: Telling,
  { name }: PlacedResource,
  made: ReadonlyMap<string, ResourceId>,
): readonly ResourceName[] {
  if (random.chance(0.6)) return []
  const types = world.model.resourceTypes[name.type]?.parents ?? []
  return [rootOf(organization.id), ...organization.resources.map((placed) => placed.name)].filter(
    (other) => types.includes(other.type) && (other.type === 'organization' || made.has(keyOf(other))),
  )
}
