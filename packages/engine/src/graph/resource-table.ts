import type { Resource, ResourceAddress, ResourceId } from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'
import { DescendantLists } from './descendant-lists.js'
import type { IdTexts } from './id-texts.js'
import { findByExternalId } from './lookup.js'
import { OrderedEntries } from './ordered-ids.js'
import { resourceWord } from './record-words.js'
import { kindWord, none, type Records } from './records.js'
import { resourceAddresses, resourcePrefix, resourceTexts } from './resource-texts.js'
import { UlidIndex } from './ulid-index.js'
import { WantedText } from './wanted-text.js'
import type { Stretch } from './words.js'

/** What the graph keeps of a resource; names and dates stay in the store. */
export type ResourceFact = Pick<Resource, 'id' | 'type' | 'externalId' | 'parentId'>

export { none }

const text = new WantedText()

/**
 * The resources of one organization as integers: one record a resource, its id as 16 bytes, its external id in an
 * arena. Entry numbers are used again after a removal.
 */
export class ResourceTable {
  /** The ids, and the entries under them. */
  readonly ids: UlidIndex
  /** By type, as far as there are any. */
  readonly #ordered: (OrderedEntries | undefined)[] = []
  readonly #texts: IdTexts
  /** Long lists of what lies below one resource. */
  readonly below: DescendantLists = new DescendantLists(this, (one, other) => this.ids.compare(one, other))
  /** The organization's own resource, or `none`. */
  root: number = none

  constructor(
    private readonly environment: Environment,
    private readonly records: Records,
  ) {
    this.ids = new UlidIndex(resourcePrefix, records)
    this.#texts = resourceTexts(records, this.ids)
  }

  get size(): number {
    return this.records.count('resources')
  }

  get bytes(): number {
    let ordered = this.below.bytes
    for (const entries of this.#ordered) ordered += entries?.bytes ?? 0
    return this.ids.bytes + ordered
  }

  findById(id: string): number {
    return this.ids.find(id)
  }

  /** @param type - The index of the type, never the root's. */
  findByExternalId(type: number, externalId: string): number {
    return findByExternalId(this.records, type, externalId)
  }

  parent(entry: number): number {
    return this.records.parentOf(entry)
  }

  /** The index of the type in the environment. */
  type(entry: number): number {
    return this.records.typeOf(entry)
  }

  firstChild(entry: number): number {
    return this.#word(entry, resourceWord.firstChild)
  }

  /** The next child of the same parent. */
  nextSibling(entry: number): number {
    return this.#word(entry, resourceWord.next)
  }

  /** The head of the assignments on this resource, in the row table. */
  firstRow(entry: number): number {
    return this.#word(entry, resourceWord.firstRow)
  }

  setFirstRow(entry: number, row: number): void {
    this.#set(entry, resourceWord.firstRow, row)
  }

  id(entry: number): ResourceId {
    return this.ids.id(entry) as ResourceId
  }

  externalId(entry: number): string {
    return this.records.arena.read(this.records.externalIdOf(entry), this.records.externalIdLengthOf(entry))
  }

  address(entry: number): ResourceAddress {
    return this.addresses([entry], this.environment.typeSlug(this.type(entry)))[0] as ResourceAddress
  }

  /** The ids of some entries, each followed by the external id, in strings that are made together and not kept. */
  names(entries: readonly number[]): readonly string[] {
    return this.#texts.strings(entries)
  }

  /** The addresses of many entries of one type, in their order. */
  addresses(entries: readonly number[], type: string): ResourceAddress[] {
    return resourceAddresses(this.#texts, entries, type)
  }

  fact(entry: number): ResourceFact {
    const parent = this.parent(entry)
    return { ...this.address(entry), parentId: parent === none ? null : this.id(parent) }
  }

  /** The resources of a type in the order of their ids. */
  ofType(type: number): OrderedEntries {
    const entries = this.#ordered[type]
    if (entries !== undefined) return entries
    const created = new OrderedEntries((one, other) => this.ids.compare(one, other))
    while (this.#ordered.length < type) this.#ordered.push(undefined)
    this.#ordered[type] = created
    return created
  }

  /** Have room for so many resources, none of which is there yet. Returns what is left to be stretched. */
  reserve(resources: number): readonly (readonly [Stretch, number])[] {
    return [this.ids.reserve(resources), this.records.byExternalId.lengthFor(resources)]
  }

  /** Add a resource, not linked to its parent yet. @throws {Error} when its id is not one of ours. */
  add(fact: ResourceFact): number {
    const entry = this.records.take('resources')
    this.ids.add(entry, fact.id)
    const type = this.environment.typeIndex(fact.type)
    this.#begin(entry, type, fact.externalId.length, this.records.arena.add(fact.externalId))
    if (fact.parentId === null) this.root = entry
    else this.#list(entry, type, this.#externalIdHash(entry))
    return entry
  }

  /** The same for one that has a parent, and whose ULID was parsed last. Its external id stands in bytes. */
  addParsed(type: number, bytes: Uint8Array, from: number, to: number): number {
    const entry = this.records.take('resources')
    this.ids.addParsed(entry)
    const hash = text.readBytes(bytes, from, to, type)
    this.#begin(entry, type, to - from, this.records.arena.addRead(text))
    this.#list(entry, type, hash)
    return entry
  }

  #begin(entry: number, type: number, externalIdLength: number, text: number): void {
    this.#texts.forget(entry)
    this.#set(entry, resourceWord.parent, none)
    this.#set(entry, resourceWord.kind, kindWord(type, externalIdLength))
    this.#set(entry, resourceWord.firstChild, none)
    this.#set(entry, resourceWord.next, none)
    this.#set(entry, resourceWord.previous, none)
    this.#set(entry, resourceWord.firstRow, none)
    this.#set(entry, resourceWord.text, text)
  }

  #list(entry: number, type: number, hash: number): void {
    this.records.byExternalId.add(entry, (other) => this.#externalIdHash(other), hash)
    this.ofType(type).add(entry)
  }

  /** Put a resource under a parent, taking it from where it was. */
  link(entry: number, parent: number): void {
    this.#unlink(entry)
    const first = this.firstChild(parent)
    this.#set(entry, resourceWord.parent, parent)
    this.#set(entry, resourceWord.next, first)
    if (first !== none) this.#set(first, resourceWord.previous, entry)
    this.#set(parent, resourceWord.firstChild, entry)
    this.below.linked(entry)
  }

  /** The root follows its organization; the external id of any other resource never changes. Returns whether it did. */
  renameRoot(externalId: string): boolean {
    const { root } = this
    if (this.externalId(root) === externalId) return false
    this.#texts.forget(root)
    this.#set(root, resourceWord.kind, kindWord(this.type(root), externalId.length))
    this.#set(root, resourceWord.text, this.records.arena.add(externalId))
    return true
  }

  remove(entry: number): void {
    this.#unlink(entry)
    this.below.removing(entry)
    this.ids.remove(entry)
    if (entry === this.root) this.root = none
    else {
      this.records.byExternalId.remove(entry, this.#externalIdHash(entry))
      this.ofType(this.type(entry)).remove(entry)
    }
    this.records.give('resources', entry)
  }

  /** Give back what growing took in advance. */
  trim(): void {
    this.ids.trim()
    for (const entries of this.#ordered) entries?.trim()
  }

  #unlink(entry: number): void {
    const parent = this.parent(entry)
    if (parent === none) return
    this.below.unlinking(entry)
    const next = this.nextSibling(entry)
    const previous = this.#word(entry, resourceWord.previous)
    if (previous === none) this.#set(parent, resourceWord.firstChild, next)
    else this.#set(previous, resourceWord.next, next)
    if (next !== none) this.#set(next, resourceWord.previous, previous)
    this.#set(entry, resourceWord.parent, none)
    this.#set(entry, resourceWord.next, none)
    this.#set(entry, resourceWord.previous, none)
  }

  #word(entry: number, word: number): number {
    return this.records.words[this.records.atResource(entry, word)] as number
  }

  #set(entry: number, word: number, value: number): void {
    this.records.words[this.records.atResource(entry, word)] = value
  }

  #externalIdHash(entry: number): number {
    const { arena } = this.records
    return arena.hashAt(
      this.records.externalIdOf(entry),
      this.records.externalIdLengthOf(entry),
      this.type(entry),
    )
  }
}
