import type { SubjectsQuestion } from '@bailiwick/core'
import { anyGrant } from '../decide/grants.js'
import { type GrantSink, walkDenials, walkGrants } from '../decide/walk.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { agentKind, holderOf, membershipKind } from '../graph/row-table.js'

/** Whether subjects belong in a list. */
export interface SubjectTest {
  passes(entry: number): boolean
  /** The same for one that is known to hold a grant which counts. */
  passesGranted(entry: number): boolean
  /** The same for a membership whose organization-level roles hold one that grants; it may not count. */
  passesWithRole(entry: number, role: number): boolean
  /** Whether every active membership that holds a grant which counts belongs in the list. */
  readonly takesAllActive: boolean
}

/** The test that a list of subjects of one kind puts to every candidate: a check, and where its grant is held. */
export function subjectTest(
  graph: OrganizationGraph,
  kind: number,
  permission: number,
  resource: number,
  access: NonNullable<SubjectsQuestion['access']>,
): SubjectTest {
  const sink = access === 'direct' ? grantOn(graph, resource) : anyGrant
  const canAct = (entry: number) =>
    kind === membershipKind ? graph.memberships.isActive(entry) : kind !== agentKind || graph.isAgent(entry)
  const passes = (entry: number) =>
    canAct(entry) &&
    walkGrants(graph, holderOf(kind, entry), permission, resource, sink) &&
    !walkDenials(graph, holderOf(kind, entry), permission, resource, anyGrant)
  const denies = graph.exclusions.denies(permission)
  const passesWithRole = (entry: number, role: number) =>
    // One role, and nothing to lose against: it counts.
    !denies && !graph.environment.singleRole && graph.memberships.soleRole(entry) === role
      ? canAct(entry)
      : passes(entry)
  return {
    passes,
    passesGranted: denies ? passes : canAct,
    passesWithRole,
    takesAllActive: kind === membershipKind && !denies,
  }
}

/** Hears of grants that are held on one resource, and of no others. */
function grantOn({ resources, rows }: OrganizationGraph, wanted: number): GrantSink {
  return {
    own: () => resources.root === wanted,
    row: (row) => rows.resource(row) === wanted,
    mapping: ({ resource }) => resource === wanted,
    single: ({ resource }) => resource === wanted,
  }
}
