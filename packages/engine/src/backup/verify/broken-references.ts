import { type AnyEntity, type EntityByKind, type EntityKind, rootType, type ShardId } from '@bailiwick/core'
import type { Environment } from '../../environment/environment.js'

/** What the entities of an organization name and what is not there, as sentences; a tree that is none, too. */
export function brokenReferences(
  shard: ShardId,
  entities: readonly AnyEntity[],
  environment: Environment,
): readonly string[] {
  const there = new Directory(entities)
  const faults = entities.flatMap((each) =>
    namesIn(each, environment, there)
      .filter(({ isThere }) => !isThere)
      .map(
        ({ what }) =>
          `the ${each.kind} \`${each.entity.id}\` of \`${shard}\` names ${what}, which is not there`,
      ),
  )
  return [...faults, ...brokenTree(shard, entities, there)]
}

interface Named {
  readonly what: string
  readonly isThere: boolean
}

function namesIn({ kind, entity }: AnyEntity, environment: Environment, there: Directory): readonly Named[] {
  const one = (of: EntityKind, id: string): Named => ({ what: `${of} \`${id}\``, isThere: there.has(of, id) })
  const role = (id: string): Named => ({
    what: `role \`${id}\``,
    isThere: there.has('organization_role', id) || environment.roleIndex(id as never) !== undefined,
  })
  const type = (slug: string): Named => ({
    what: `resource type \`${slug}\``,
    isThere: environment.findType(slug) !== undefined,
  })
  const holder = ({ kind: of, id }: EntityByKind['assignment']['subject']) =>
    one(of === 'agent' ? 'resource' : of, id)
  switch (kind) {
    case 'membership':
      return entity.roleIds.map(role)
    case 'resource':
      return [type(entity.type), ...(entity.parentId === null ? [] : [one('resource', entity.parentId)])]
    case 'assignment':
      return [holder(entity.subject), role(entity.roleId), one('resource', entity.resourceId)]
    case 'group_member':
      return [one('group', entity.groupId), one('membership', entity.membershipId)]
    case 'organization_role':
      return [type(entity.on)]
    case 'role_order':
      return entity.defaultRoleId === null ? [] : [role(entity.defaultRoleId)]
    case 'mapping':
      return [role(entity.roleId), one('resource', entity.resourceId)]
    case 'exclusion':
      return [
        holder(entity.subject),
        one('resource', entity.resourceId),
        {
          what: `permission \`${entity.permissionId}\``,
          isThere: environment.permissionIndexById(entity.permissionId) !== undefined,
        },
      ]
    default:
      return []
  }
}

/** One root, and a way from everywhere up to it. */
function brokenTree(shard: ShardId, entities: readonly AnyEntity[], there: Directory): readonly string[] {
  const resources = entities.flatMap((each) => (each.kind === 'resource' ? [each.entity] : []))
  const isOrganization = there.has('organization', shard)
  if (!isOrganization && entities.length > 0)
    return [`\`${shard}\` holds ${entities.length} entities, and no organization`]
  const roots = resources.filter(({ parentId, type }) => parentId === null || type === rootType)
  if (roots.length !== (isOrganization ? 1 : 0))
    return [`\`${shard}\` has ${roots.length} resources that are, or lie as, its root`]
  const reached = new Set<string>(roots.map(({ id }) => id))
  return resources.flatMap((resource) =>
    leadsUp(resource, there, reached)
      ? []
      : [`the resource \`${resource.id}\` of \`${shard}\` lies under itself`],
  )
}

/** @param reached - From where the way up is known already; what it finds is added. */
function leadsUp(from: EntityByKind['resource'], there: Directory, reached: Set<string>): boolean {
  const way = new Set<string>()
  for (let at: EntityByKind['resource'] | undefined = from; at !== undefined && !reached.has(at.id); ) {
    if (way.has(at.id)) return false
    way.add(at.id)
    at = at.parentId === null ? undefined : there.resource(at.parentId)
  }
  for (const id of way) reached.add(id)
  return true
}

class Directory {
  readonly #ids = new Map<EntityKind, Set<string>>()
  readonly #resources = new Map<string, EntityByKind['resource']>()

  constructor(entities: readonly AnyEntity[]) {
    for (const { kind, entity } of entities) {
      const ids = this.#ids.get(kind) ?? new Set<string>()
      this.#ids.set(kind, ids.add(entity.id))
      if (kind === 'resource') this.#resources.set(entity.id, entity)
    }
  }

  has(kind: EntityKind, id: string): boolean {
    return this.#ids.get(kind)?.has(id) === true
  }

  resource(id: string): EntityByKind['resource'] | undefined {
    return this.#resources.get(id)
  }
}
