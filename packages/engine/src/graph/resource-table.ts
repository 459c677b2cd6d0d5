import type { Resource, ResourceAddress, ResourceId } from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'
import { absent, ByteArena, readText } from './byte-arena.js'
import { DescendantLists } from './descendant-lists.js'
import { grownInts } from './grow.js'
import { OrderedEntries } from './ordered-ids.js'
import { Slots } from './slots.js'
import { UlidIndex } from './ulid-index.js'

/** What the graph keeps of a resource; names and dates stay in the store. */
export type ResourceFact = Pick<Resource, 'id' | 'type' | 'externalId' | 'parentId'>

/** No entry: not found, no parent, the end of a chain. */
export const none = -1

const stride = 8
const PARENT = 0
const TYPE = 1
const FIRST_CHILD = 2
const NEXT = 3
const PREVIOUS = 4
const FIRST_ROW = 5
const TEXT = 6
const TEXT_LENGTH = 7

/**
 * The resources of one organization as integers: one record of eight words a resource, its id as 16 bytes, its
 * external id in an arena. Entry numbers are used again after a removal.
 */
export class ResourceTable {
  #records = new Int32Array(stride * 4)
  #used = 0
  #live = 0
  #firstFree = none
  /** The ids, and the entries under them. */
  readonly ids: UlidIndex = new UlidIndex('authz_resource')
  readonly #arena = new ByteArena()
  readonly #byExternalId = new Slots()
  readonly #ordered = new Map<number, OrderedEntries>()
  /** Long lists of what lies below one resource. */
  readonly below: DescendantLists = new DescendantLists(this, (one, other) => this.ids.compare(one, other))
  /** The organization's own resource, or `none`. */
  root: number = none

  constructor(private readonly environment: Environment) {}

  get size(): number {
    return this.#live
  }

  get bytes(): number {
    let ordered = this.below.bytes
    for (const entries of this.#ordered.values()) ordered += entries.bytes
    return this.#records.byteLength + this.ids.bytes + this.#arena.bytes + this.#byExternalId.bytes + ordered
  }

  findById(id: string): number {
    return this.ids.find(id)
  }

  /** @param type - The index of the type, never the root's. */
  findByExternalId(type: number, externalId: string): number {
    const hash = readText(externalId, 0, type)
    if (hash === absent) return none
    const records = this.#records
    const slots = this.#byExternalId
    for (let place = slots.start(hash); ; place = slots.next(place)) {
      const entry = slots.at(place, hash)
      if (entry === none) return none
      const at = entry * stride
      if (
        entry >= 0 &&
        records[at + TYPE] === type &&
        this.#arena.isWanted(records[at + TEXT] as number, records[at + TEXT_LENGTH] as number)
      ) {
        return entry
      }
    }
  }

  parent(entry: number): number {
    return this.#records[entry * stride + PARENT] as number
  }

  /** The index of the type in the environment. */
  type(entry: number): number {
    return this.#records[entry * stride + TYPE] as number
  }

  firstChild(entry: number): number {
    return this.#records[entry * stride + FIRST_CHILD] as number
  }

  /** The next child of the same parent. */
  nextSibling(entry: number): number {
    return this.#records[entry * stride + NEXT] as number
  }

  /** The head of the assignments on this resource, in the row table. */
  firstRow(entry: number): number {
    return this.#records[entry * stride + FIRST_ROW] as number
  }

  setFirstRow(entry: number, row: number): void {
    this.#records[entry * stride + FIRST_ROW] = row
  }

  id(entry: number): ResourceId {
    return this.ids.id(entry) as ResourceId
  }

  externalId(entry: number): string {
    const at = entry * stride
    return this.#arena.read(this.#records[at + TEXT] as number, this.#records[at + TEXT_LENGTH] as number)
  }

  address(entry: number): ResourceAddress {
    const type = this.environment.typeSlug(this.type(entry))
    return { id: this.id(entry), type, externalId: this.externalId(entry) }
  }

  fact(entry: number): ResourceFact {
    const parent = this.parent(entry)
    return { ...this.address(entry), parentId: parent === none ? null : this.id(parent) }
  }

  /** The resources of a type in the order of their ids. */
  ofType(type: number): OrderedEntries {
    const entries = this.#ordered.get(type)
    if (entries !== undefined) return entries
    const created = new OrderedEntries((one, other) => this.ids.compare(one, other))
    this.#ordered.set(type, created)
    return created
  }

  /** Add a resource, not linked to its parent yet. @throws {Error} when its id is not one of ours. */
  add(fact: ResourceFact): number {
    const entry = this.#take()
    this.ids.add(entry, fact.id)
    const type = this.environment.typeIndex(fact.type)
    const text = this.#arena.add(fact.externalId)
    this.#records.set([none, type, none, none, none, none, text, fact.externalId.length], entry * stride)
    if (fact.parentId === null) this.root = entry
    else {
      this.#byExternalId.add(entry, (other) => this.#externalIdHash(other))
      this.ofType(type).add(entry)
    }
    return entry
  }

  /** Put a resource under a parent, taking it from where it was. */
  link(entry: number, parent: number): void {
    this.#unlink(entry)
    const records = this.#records
    const first = this.firstChild(parent)
    records[entry * stride + PARENT] = parent
    records[entry * stride + NEXT] = first
    if (first !== none) records[first * stride + PREVIOUS] = entry
    records[parent * stride + FIRST_CHILD] = entry
    this.below.linked(entry)
  }

  remove(entry: number): void {
    this.#unlink(entry)
    this.below.removing(entry)
    this.ids.remove(entry)
    if (entry === this.root) this.root = none
    else {
      this.#byExternalId.remove(entry, this.#externalIdHash(entry))
      this.ofType(this.type(entry)).remove(entry)
    }
    this.#records[entry * stride + TYPE] = none
    this.#records[entry * stride + NEXT] = this.#firstFree
    this.#firstFree = entry
    this.#live -= 1
  }

  /** Give back what growing took in advance. */
  trim(): void {
    this.#records = this.#records.slice(0, Math.max(this.#used, 1) * stride)
    this.ids.trim(this.#used)
    this.#arena.trim()
    for (const entries of this.#ordered.values()) entries.trim()
  }

  #take(): number {
    this.#live += 1
    const free = this.#firstFree
    if (free !== none) {
      this.#firstFree = this.nextSibling(free)
      return free
    }
    const entry = this.#used++
    this.#records = grownInts(this.#records, this.#used * stride)
    return entry
  }

  #unlink(entry: number): void {
    const parent = this.parent(entry)
    if (parent === none) return
    this.below.unlinking(entry)
    const records = this.#records
    const next = this.nextSibling(entry)
    const previous = records[entry * stride + PREVIOUS] as number
    if (previous === none) records[parent * stride + FIRST_CHILD] = next
    else records[previous * stride + NEXT] = next
    if (next !== none) records[next * stride + PREVIOUS] = previous
    records[entry * stride + PARENT] = none
    records[entry * stride + NEXT] = none
    records[entry * stride + PREVIOUS] = none
  }

  #externalIdHash(entry: number): number {
    const at = entry * stride
    return this.#arena.hashAt(
      this.#records[at + TEXT] as number,
      this.#records[at + TEXT_LENGTH] as number,
      this.type(entry),
    )
  }
}
