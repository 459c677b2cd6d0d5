import {
  type Assignment,
  type AssignmentId,
  type EntityPage,
  type EntityPageOptions,
  type OrganizationId,
  type SubjectKey,
  type SubjectRef,
} from '@bailiwick/core'
import { findHolder, requireHolder } from '../commands/find.js'
import { assignmentView } from '../commands/views.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import type { Holder } from '../graph/row-table.js'
import { placesOf } from './entity-page.js'
import { nearAmong } from './near.js'
import { existing, findIn, pageOfRows, type Reading, rowsNear } from './reading.js'

/** An assignment of an organization by its id. */
export async function findAssignment(
  reading: Reading,
  id: OrganizationId,
  assignmentId: AssignmentId,
): Promise<Assignment | undefined> {
  const graph = await reading.graph(id)
  if (graph.rows.findById(assignmentId) === none) return undefined
  const found = await findIn(reading.store, id, 'assignment', assignmentId)
  return found && assignmentView(graph, found)
}

/** The roles assigned to one subject itself. */
export async function listAssignmentPage(
  reading: Reading,
  id: OrganizationId,
  subject: SubjectKey,
  page: EntityPageOptions | undefined,
): Promise<EntityPage<Assignment>> {
  const graph = await existing(reading, id)
  const ref = refOf(subject)
  requireHolder(graph, ref)
  const near = nearAmong(() => rowsOfHolder(graph, findHolder(graph, ref)), graph.rows)
  const read = rowsNear(reading, id, 'assignment', near, (row) => graph.rows.id(row))
  return pageOfRows(page, placesOf('assignment'), read, (record) => assignmentView(graph, record))
}

/** What a holder is given itself, as rows. */
export function* rowsOfHolder({ rows }: OrganizationGraph, holder: Holder | undefined): Generator<number> {
  const first = holder === undefined ? none : rows.first(holder)
  for (let row = first; row !== none; row = rows.nextOfHolder(row)) yield row
}

function refOf(subject: SubjectKey): SubjectRef {
  switch (subject.kind) {
    case 'membership':
      return { membershipId: subject.id }
    case 'group':
      return { groupId: subject.id }
    case 'agent':
      return { agent: { resourceId: subject.id } }
  }
}
