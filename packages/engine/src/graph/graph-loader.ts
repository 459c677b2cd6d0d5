import { type AnyEntity, type AssignmentRecord, type EntityKind, idPrefixes } from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'
import { applyChange } from './apply-change.js'
import { found } from './found.js'
import { grownInts, grownWords } from './grow.js'
import { OrganizationGraph } from './organization-graph.js'
import { parsed, parseUlid } from './packed-ulid.js'
import { none } from './resource-table.js'
import { together } from './together.js'

/** In this order entities must come: each refers to what stands before it. */
export const loadOrder: readonly EntityKind[] = [
  'organization',
  'organization_role',
  'role_order',
  'resource',
  'membership',
  'group',
  'group_member',
  'assignment',
  'mapping',
  'exclusion',
]

/**
 * The graph of a shard whose entities come one page after the other, none of which is needed any more when the next one
 * comes. Until all have come it is nobody's graph.
 */
export class GraphLoader {
  readonly #graph: OrganizationGraph
  /** Resources that came before their parents. */
  readonly #orphans: { readonly entry: number; readonly parentId: string }[] = []
  /** What is looked through together stands together: these are added when all have come. */
  readonly #members = new NumberRows(2)
  readonly #rows = new NumberRows(3)
  #rowIds: Uint32Array<ArrayBuffer> = new Uint32Array(0)

  constructor(environment: Environment) {
    this.#graph = new OrganizationGraph(environment)
  }

  add(page: Iterable<AnyEntity>): void {
    for (const each of page) this.#add(each)
  }

  /** To be called once, after the last page. */
  finish(): OrganizationGraph {
    const graph = this.#graph
    for (const { entry, parentId } of this.#orphans) graph.resources.link(entry, graph.resource(parentId))
    const [memberships, groups] = [this.#members.column(0), this.#members.column(1)]
    for (const n of together(memberships)) graph.groups.join(groups[n] as number, memberships[n] as number)
    const [holders, resources, roles] = [0, 1, 2].map((at) => this.#rows.column(at)) as [
      Int32Array,
      Int32Array,
      Int32Array,
    ]
    for (const n of together(holders)) {
      parsed.set(this.#rowIds.subarray(n * 4, n * 4 + 4))
      graph.rows.addParsed(holders[n] as number, resources[n] as number, roles[n] as number)
    }
    graph.trim()
    return graph
  }

  #add(each: AnyEntity): void {
    const graph = this.#graph
    switch (each.kind) {
      case 'resource': {
        const entry = graph.resources.add(each.entity)
        const { parentId } = each.entity
        if (parentId === null) return
        const parent = graph.resources.findById(parentId)
        if (parent === none) this.#orphans.push({ entry, parentId })
        else graph.resources.link(entry, parent)
        return
      }
      case 'membership':
        graph.memberships.add(each.entity)
        return
      case 'group':
        graph.groups.add(each.entity)
        return
      case 'group_member': {
        const { groupId, membershipId } = each.entity
        const membership = found(graph.memberships.findById(membershipId), membershipId)
        this.#members.add(membership, found(graph.groups.find(groupId), groupId))
        return
      }
      case 'assignment':
        this.#addRow(each.entity)
        return
      default:
        // Of the other kinds there are few.
        applyChange(graph, { op: 'put', ...each } as Parameters<typeof applyChange>[1])
    }
  }

  #addRow({ id, subject, resourceId, roleId }: AssignmentRecord): void {
    const graph = this.#graph
    const holder = graph.holder(subject)
    const resource = graph.resource(resourceId)
    const n = this.#rows.add(holder, resource, found(graph.roles.byId(roleId), roleId))
    if (!id.startsWith(rowPrefix) || !parseUlid(id, rowPrefix.length))
      throw new Error(`${id} does not read ${rowPrefix} and a ULID`)
    this.#rowIds = grownWords(this.#rowIds, (n + 1) * 4)
    this.#rowIds.set(parsed, n * 4)
  }
}

const rowPrefix = `${idPrefixes.assignment}_`

/** Rows of so many numbers each, as many as come. */
class NumberRows {
  #numbers: Int32Array<ArrayBuffer> = new Int32Array(0)
  #count = 0

  constructor(private readonly width: number) {}

  /** @returns its place among the rows. */
  add(...numbers: readonly number[]): number {
    const at = this.#count * this.width
    this.#numbers = grownInts(this.#numbers, at + this.width)
    for (let n = 0; n < this.width; n++) this.#numbers[at + n] = numbers[n] as number
    this.#count += 1
    return this.#count - 1
  }

  /** One number of each row. */
  column(at: number): Int32Array {
    return Int32Array.from({ length: this.#count }, (_, n) => this.#numbers[n * this.width + at] as number)
  }
}
