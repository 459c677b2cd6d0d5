import {
  InputInvalid,
  type Page,
  type PageOptions,
  type SubjectKey,
  type SubjectsQuestion,
} from '@bailiwick/core'
import type { OrderedEntries } from '../graph/ordered-ids.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none, type RecordKind } from '../graph/records.js'
import { agentKind, groupKind, membershipKind } from '../graph/row-table.js'
import { Continuation, subjectsList } from './continuation.js'
import { type Effort, usualEffort } from './effort.js'
import { findNearest, type Gather } from './find-nearest.js'
import { gatherSubjects } from './gather-subjects.js'
import { subjectsKey } from './question-key.js'
import { subjectTest } from './subject-test.js'
import { type IdOrder, pageOf, readWindow, type Window } from './window.js'

/** The kind of subject that is listed, as a holder's low bits tell it. */
const kinds = { membership: membershipKind, group: groupKind, agent: agentKind } as const

/** Where each of them is kept. */
const tables: Readonly<Record<number, RecordKind>> = {
  [membershipKind]: 'memberships',
  [groupKind]: 'groups',
  [agentKind]: 'resources',
}

/**
 * A page of the subjects of one kind to whom a check would allow, ordered by id.
 *
 * A resource or an organization that is unknown has nobody: an empty page.
 *
 * @throws {PermissionUnknown}, {InputInvalid} or {CursorInvalid} for a question that makes no sense.
 */
export function listSubjects(
  graph: OrganizationGraph,
  question: SubjectsQuestion,
  page?: PageOptions,
  effort: Effort = usualEffort,
): Page<SubjectKey> {
  const key = subjectsKey(question)
  const permission = graph.environment.permissionIndex(question.permission)
  const kind = kinds[oneOf('kind', question.kind ?? 'membership', ['membership', 'group', 'agent'])]
  const access = oneOf('access', question.access ?? 'any', ['any', 'direct'])
  const window = readWindow(key, page, orderOf(graph, kind))
  const found = find(graph, question, { kind, permission, access, window, effort })
  return pageOf(key, window, found, (entries) => subjectsOf(graph, kind, entries))
}

interface Wanted {
  readonly kind: number
  readonly permission: number
  readonly access: NonNullable<SubjectsQuestion['access']>
  readonly window: Window
  readonly effort: Effort
}

function find(graph: OrganizationGraph, question: SubjectsQuestion, wanted: Wanted): readonly number[] {
  const { kind, permission, access, window, effort } = wanted
  const resource =
    question.resource === undefined ? graph.resources.root : graph.findResource(question.resource)
  if (graph.organization === undefined || resource === none) return []
  const order = orderOf(graph, kind)
  const about = () => [subjectsList, permission, resource, kind, access === 'direct' ? 1 : 0]
  const continuation = new Continuation(graph.records, about, order)
  const next = continuation.find(window)
  if (next !== undefined) return next
  const test = subjectTest(graph, kind, permission, resource, access)
  const bound = graph.records.bound(tables[kind] as RecordKind)
  const gathered = { kind, permission, resource, access, test, bound }
  const gather: Gather = (nearest, steps) => gatherSubjects(graph, gathered, nearest, steps)
  const candidates = { all: everybody(graph, kind), bound, passes: test.passes }
  return findNearest(order, window, candidates, gather, effort, continuation)
}

function oneOf<const Value extends string>(field: string, value: unknown, values: readonly Value[]): Value {
  const known = values.find((each) => each === value)
  if (known === undefined)
    throw new InputInvalid(field, `must be ${values.map((each) => `\`${each}\``).join(' or ')}`, value)
  return known
}

function subjectsOf(
  { memberships, groups, resources }: OrganizationGraph,
  kind: number,
  entries: readonly number[],
): SubjectKey[] {
  if (kind === membershipKind) return memberships.subjects(entries)
  if (kind === groupKind) return entries.map((entry) => ({ kind: 'group', id: groups.id(entry) }))
  return entries.map((entry) => ({ kind: 'agent', id: resources.id(entry) }))
}

function orderOf({ resources, memberships, groups }: OrganizationGraph, kind: number): IdOrder {
  return kind === membershipKind ? memberships : kind === groupKind ? groups : resources.ids
}

/** All subjects of a kind in the order of their ids; agents may be of several types. */
function everybody(graph: OrganizationGraph, kind: number): readonly OrderedEntries[] {
  if (kind === membershipKind) return [graph.memberships.ordered]
  if (kind === groupKind) return [graph.groups.ordered]
  return [...graph.environment.model.types.values()]
    .filter(({ agent }) => agent)
    .map(({ slug }) => graph.resources.ofType(graph.environment.typeIndex(slug)))
}
