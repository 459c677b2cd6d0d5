import type { HeldRole, MembershipId, OrganizationId, Stamped } from '@bailiwick/core'
import { assignmentView, mappingView } from '../commands/views.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import type { Store } from '../store/store.js'
import type { Held } from './held.js'
import { findIn } from './reading.js'

/** A held role by ids and slugs: entries are good only until the organization changes. */
export interface HeldFact
  extends Pick<HeldRole, 'membershipId' | 'role' | 'resource'>,
    Pick<Held, 'via' | 'at'> {
  /** The membership, the mapping or the assignment that says so. */
  readonly sourceId: string
}

/** What is to be kept of a held role while its source is read. */
export function factOf({ roles, resources }: OrganizationGraph, held: Held): HeldFact {
  const { via, at } = held
  const [membershipId, sourceId] =
    via === 'assignment' ? [at[1], at[0]] : [at[0], via === 'mapping' ? at[1] : at[0]]
  return {
    via,
    at,
    membershipId: membershipId as MembershipId,
    sourceId,
    role: roles.role(held.role).slug,
    resource: resources.address(held.resource),
  }
}

/** Held roles as callers see them. What was taken back since they were looked up is left out. */
export async function viewsOf(
  store: Store,
  shard: OrganizationId,
  graph: OrganizationGraph,
  facts: readonly HeldFact[],
): Promise<readonly HeldRole[]> {
  const views = await Promise.all(
    facts.map(async (fact): Promise<HeldRole | undefined> => {
      const source = await sourceOf(store, shard, graph, fact)
      if (source === undefined) return undefined
      const { membershipId, role, resource } = fact
      const [shown, { createdAt, updatedAt }] = source
      return { membershipId, role, resource, source: shown, createdAt, updatedAt }
    }),
  )
  return views.filter((view) => view !== undefined)
}

/** The source, and since when it is. */
async function sourceOf(
  store: Store,
  shard: OrganizationId,
  graph: OrganizationGraph,
  { via, sourceId }: HeldFact,
): Promise<readonly [HeldRole['source'], Stamped] | undefined> {
  switch (via) {
    case 'membership': {
      const membership = await findIn(store, shard, 'membership', sourceId)
      return membership && [{ kind: 'membership' }, membership]
    }
    case 'mapping': {
      const found = await findIn(store, shard, 'mapping', sourceId)
      const mapping = found && mappingView(graph, found)
      return mapping && [{ kind: 'mapping', mapping }, mapping]
    }
    case 'assignment': {
      const found = await findIn(store, shard, 'assignment', sourceId)
      const assignment = found && assignmentView(graph, found)
      if (assignment === undefined) return undefined
      return [{ kind: assignment.subject.kind === 'group' ? 'group' : 'direct', assignment }, assignment]
    }
  }
}
