import {
  type Assignment,
  type AssignmentId,
  type AssignmentRecord,
  type Change,
  EntityExists,
  EntityNotFound,
  InputInvalid,
  limits,
  type OrganizationId,
  type ResourceRef,
  type RoleAssignment,
  type SubjectRef,
} from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import type { Holder } from '../graph/row-table.js'
import { newId } from '../new-id.js'
import type { Command, CommandContext } from './command.js'
import { requireHolder, requireOrganization, requirePlace, requireRole, requireRoleFits } from './find.js'
import { assignmentView } from './views.js'

/** A role on a resource. */
interface Target {
  readonly role: number
  readonly resource: number
}

/** Give a role on a resource of the role's own type. Giving it twice yields the assignment that is there. */
export function assignRole(input: RoleAssignment): Command<Assignment> {
  const { organizationId, subject } = input
  return (graph, context) => {
    requireOrganization(graph, organizationId)
    const holder = requireHolder(graph, subject)
    const target = requireTarget(graph, input)
    const held = graph.rows.find(holder, target.resource, target.role)
    if (held !== none) {
      return { changes: [], value: shown(graph, context.entity('assignment', graph.rows.id(held))) }
    }
    const entity = newRecord(graph, organizationId, holder, target, context)
    return { changes: [{ op: 'put', kind: 'assignment', entity }], value: shown(graph, entity) }
  }
}

/** Give a role that is not held yet. @throws {EntityExists} `assignment_exists`. */
export function createAssignment(input: RoleAssignment): Command<Assignment> {
  const assign = assignRole(input)
  return (graph, context) => {
    const outcome = assign(graph, context)
    if (outcome.changes.length === 0) throw new EntityExists('assignment', outcome.value.id)
    return outcome
  }
}

/** Take a role back. */
export function removeAssignment(organizationId: OrganizationId, id: AssignmentId): Command<undefined> {
  return (graph) => {
    requireOrganization(graph, organizationId)
    if (graph.rows.findById(id) === none) throw new EntityNotFound('assignment', id)
    return { changes: [{ op: 'remove', kind: 'assignment', id }], value: undefined }
  }
}

/** Make these the only roles assigned to a subject. What it holds already, and keeps, keeps its id. */
export function replaceAssignments(
  organizationId: OrganizationId,
  subject: SubjectRef,
  wanted: readonly { readonly role: string; readonly resource?: ResourceRef }[],
): Command<readonly Assignment[]> {
  const most = limits.assignmentsPerReplace
  if (!Array.isArray(wanted) || wanted.length > most)
    throw new InputInvalid('assignments', `must be an array of at most ${most} assignments`, wanted)
  return (graph, context) => {
    requireOrganization(graph, organizationId)
    const { rows } = graph
    const holder = requireHolder(graph, subject)
    const targets = distinct(wanted.map((each) => requireTarget(graph, each)))
    const kept = new Set<number>()
    const added: AssignmentRecord[] = []
    for (const target of targets) {
      const held = rows.find(holder, target.resource, target.role)
      if (held === none) added.push(newRecord(graph, organizationId, holder, target, context))
      else kept.add(held)
    }
    const changes: Change[] = []
    for (let row = rows.first(holder); row !== none; row = rows.nextOfHolder(row))
      if (!kept.has(row)) changes.push({ op: 'remove', kind: 'assignment', id: rows.id(row) })
    for (const entity of added) changes.push({ op: 'put', kind: 'assignment', entity })
    const keptRecords = context.entities(
      'assignment',
      [...kept].map((row) => rows.id(row)),
    )
    const value = [...keptRecords, ...added].map((record) => shown(graph, record))
    return { changes, value: value.sort((one, other) => (one.id < other.id ? -1 : 1)) }
  }
}

function requireTarget(
  graph: OrganizationGraph,
  { role: slug, resource: ref }: { readonly role: string; readonly resource?: ResourceRef },
): Target {
  const role = requireRole(graph, slug)
  const resource = requirePlace(graph, ref)
  requireRoleFits(graph, role, resource)
  return { role, resource }
}

function distinct(targets: readonly Target[]): readonly Target[] {
  return targets.filter(
    ({ role, resource }, index) =>
      targets.findIndex((other) => other.role === role && other.resource === resource) === index,
  )
}

function newRecord(
  graph: OrganizationGraph,
  organizationId: OrganizationId,
  holder: Holder,
  { role, resource }: Target,
  { at, ulid }: CommandContext,
): AssignmentRecord {
  return {
    id: newId<AssignmentId>('assignment', ulid),
    organizationId,
    subject: graph.subject(holder),
    resourceId: graph.resources.id(resource),
    roleId: graph.roles.role(role).id,
    createdAt: at,
    updatedAt: at,
  }
}

// The graph has the row, so it has the role.
function shown(graph: OrganizationGraph, record: AssignmentRecord): Assignment {
  return assignmentView(graph, record) as Assignment
}
