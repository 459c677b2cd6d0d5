import type { EntityId, EntityKind, OrganizationId } from '@bailiwick/core'
import { LRUCache } from 'lru-cache'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import type { Currency, Organizations } from '../shard/organizations.js'
import type { Store } from '../store/store.js'

/** The organizations in memory. */
type HeldOrganizations = Pick<Organizations, 'areShared' | 'warm' | 'open'>

const mostRemembered = 65_536

/**
 * Where things of organizations live. What is remembered is only where to look first: an id that an identity
 * provider has given may be deleted, and made again in another organization.
 */
export class Homes {
  /** Made when there is something to remember: room for all of it takes as long as opening a small store. */
  #remembered: LRUCache<string, OrganizationId> | undefined

  constructor(
    private readonly store: Store,
    private readonly organizations: HeldOrganizations,
  ) {}

  /** Where something was found before, without waiting; whether it is there still, the graph tells. */
  graphOf(id: EntityId, currency?: Currency): OrganizationGraph | undefined {
    const remembered = this.#remembered?.get(id)
    return remembered && this.organizations.warm(remembered, currency)?.graph
  }

  /** The organization, where that can be told without waiting. */
  now(id: EntityId, currency?: Currency): OrganizationId | undefined {
    const kind = kindOf(id)
    const graph = this.graphOf(id, currency)
    return kind !== undefined && graph !== undefined && isIn(graph, kind, id)
      ? this.#remembered?.get(id)
      : undefined
  }

  /** The organization, or `undefined` for what is nowhere. */
  async of(id: EntityId, currency?: Currency): Promise<OrganizationId | undefined> {
    const kind = kindOf(id)
    if (kind === undefined) return undefined
    const now = this.now(id, currency) ?? (await this.#shared(kind, id, currency))
    if (now !== undefined) return now
    const located = await this.store.find(kind, id)
    if (located === undefined) return undefined
    const { organizationId } = located.entity
    this.#remembered ??= new LRUCache({ max: mostRemembered })
    this.#remembered.set(id, organizationId)
    return organizationId
  }

  /** Where others write too, to ask whether an organization has changed costs less: many ask that together. */
  async #shared(
    kind: Kind,
    id: EntityId,
    currency: Currency | undefined,
  ): Promise<OrganizationId | undefined> {
    const remembered = this.organizations.areShared ? this.#remembered?.get(id) : undefined
    if (remembered === undefined) return undefined
    const { graph } = await this.organizations.open(remembered, currency)
    return isIn(graph, kind, id) ? remembered : undefined
  }
}

type Kind = Extract<EntityKind, 'membership' | 'resource' | 'group' | 'assignment'>

const kinds: readonly (readonly [start: string, kind: Kind])[] = [
  ['om_', 'membership'],
  ['authz_resource_', 'resource'],
  ['group_', 'group'],
  ['role_assignment_', 'assignment'],
]

function kindOf(id: unknown): Kind | undefined {
  return typeof id === 'string' ? kinds.find(([start]) => id.startsWith(start))?.[1] : undefined
}

function isIn({ memberships, resources, groups, rows }: OrganizationGraph, kind: Kind, id: string): boolean {
  switch (kind) {
    case 'membership':
      return memberships.findById(id) !== none
    case 'resource':
      return resources.findById(id) !== none
    case 'group':
      return groups.find(id) !== none
    case 'assignment':
      return rows.findById(id) !== none
  }
}
