import type { AssignmentId } from '@bailiwick/core'
import { assignmentPrefix, assignmentTexts } from './assignment-texts.js'
import type { IdTexts } from './id-texts.js'
import { rowWord } from './record-words.js'
import { none, type Records } from './records.js'
import type { ResourceTable } from './resource-table.js'
import { UlidIndex } from './ulid-index.js'
import type { Stretch } from './words.js'

/** Who holds a row: the kind in the two low bits, the entry above them. */
export type Holder = number

export const membershipKind = 0
export const groupKind = 1
export const agentKind = 2

export function holderOf(kind: number, entry: number): Holder {
  return (entry << 2) | kind
}

/** Past this many rows, a holder's are found by resource instead of being looked through. */
const manyRows = 128

/** Where the heads of a kind of holders' chains live. */
interface RowHeads {
  firstRow(entry: number): number
  setFirstRow(entry: number, row: number): void
}

/**
 * The assignments of one organization: a holder, a role and a resource in five words, chained by holder for
 * checks and by resource for lists, and the id in 16 bytes.
 */
export class RowTable {
  readonly #ids: UlidIndex
  readonly #texts: IdTexts
  readonly #agentHeads = new Map<Holder, number>()
  readonly #byResource = new Map<Holder, Map<number, number[]>>()

  constructor(
    private readonly records: Records,
    private readonly resources: ResourceTable,
    private readonly memberships: RowHeads,
    private readonly groups: RowHeads,
  ) {
    this.#ids = new UlidIndex(assignmentPrefix, records)
    this.#texts = assignmentTexts(this.#ids)
  }

  get size(): number {
    return this.records.count('rows')
  }

  get bytes(): number {
    return this.#ids.bytes
  }

  holder(row: number): Holder {
    return this.#word(row, rowWord.holder)
  }

  resource(row: number): number {
    return this.records.resourceOf(row)
  }

  role(row: number): number {
    return this.records.roleOf(row)
  }

  nextOfHolder(row: number): number {
    return this.records.nextRow(row)
  }

  nextOnResource(row: number): number {
    return this.#word(row, rowWord.nextOnResource)
  }

  id(row: number): AssignmentId {
    return this.#ids.id(row) as AssignmentId
  }

  /** The ids of some rows, in strings that are made together and not kept. */
  names(rows: readonly number[]): readonly string[] {
    return this.#texts.strings(rows)
  }

  /** The head of a holder's chain. */
  first(holder: Holder): number {
    switch (holder & 3) {
      case membershipKind:
        return this.memberships.firstRow(holder >> 2)
      case groupKind:
        return this.groups.firstRow(holder >> 2)
      default:
        return this.#agentHeads.get(holder) ?? none
    }
  }

  /** The rows of a holder by resource, when it has so many that looking through them would cost more. */
  manyByResource(holder: Holder): ReadonlyMap<number, readonly number[]> | undefined {
    return this.#manyOf(holder)
  }

  findById(id: string): number {
    return this.#ids.find(id)
  }

  /** Order two rows by id. */
  compare(one: number, other: number): number {
    return this.#ids.compare(one, other)
  }

  /** How rows are ordered against one id, which need not be there; `undefined` when it is not one of ours. */
  against(id: string): ((row: number) => number) | undefined {
    return this.#ids.against(id)
  }

  /** The row of exactly this assignment, or `none`. */
  find(holder: Holder, resource: number, role: number): number {
    const many = this.manyByResource(holder)
    if (many !== undefined) return many.get(resource)?.find((row) => this.role(row) === role) ?? none
    for (let row = this.first(holder); row !== none; row = this.nextOfHolder(row)) {
      if (this.resource(row) === resource && this.role(row) === role) return row
    }
    return none
  }

  /** Have room for so many rows, none of which is there yet. Returns what is left to be stretched. */
  reserve(rows: number): readonly (readonly [Stretch, number])[] {
    return [this.#ids.reserve(rows)]
  }

  /** @throws {Error} when the id is not one of ours. */
  add(id: string, holder: Holder, resource: number, role: number): number {
    const row = this.records.take('rows')
    this.#ids.add(row, id)
    this.#chain(row, holder, resource, role)
    return row
  }

  /** The same for the ULID that was parsed last. */
  addParsed(holder: Holder, resource: number, role: number): void {
    const row = this.records.take('rows')
    this.#ids.addParsed(row)
    this.#chain(row, holder, resource, role)
  }

  #chain(row: number, holder: Holder, resource: number, role: number): void {
    this.#set(row, rowWord.holder, holder)
    this.#set(row, rowWord.resource, resource)
    this.records.setRow(row, role, this.first(holder))
    this.#set(row, rowWord.nextOnResource, this.resources.firstRow(resource))
    this.#setFirst(holder, row)
    this.resources.setFirstRow(resource, row)
    this.#count(holder, row)
  }

  remove(row: number): void {
    const holder = this.holder(row)
    const resource = this.resource(row)
    if (this.first(holder) === row) this.#setFirst(holder, this.nextOfHolder(row))
    else this.#skipOfHolder(this.first(holder), row)
    if (this.resources.firstRow(resource) === row)
      this.resources.setFirstRow(resource, this.nextOnResource(row))
    else this.#skipOnResource(this.resources.firstRow(resource), row)
    this.#uncount(holder, resource, row)
    this.#ids.remove(row)
    this.records.give('rows', row)
  }

  trim(): void {
    this.#ids.trim()
  }

  #setFirst(holder: Holder, row: number): void {
    if ((holder & 3) === membershipKind) this.memberships.setFirstRow(holder >> 2, row)
    else if ((holder & 3) === groupKind) this.groups.setFirstRow(holder >> 2, row)
    else if (row === none) this.#agentHeads.delete(holder)
    else this.#agentHeads.set(holder, row)
  }

  #skipOfHolder(first: number, row: number): void {
    let before = first
    while (this.nextOfHolder(before) !== row) before = this.nextOfHolder(before)
    this.records.setRow(before, this.role(before), this.nextOfHolder(row))
  }

  #skipOnResource(first: number, row: number): void {
    let before = first
    while (this.nextOnResource(before) !== row) before = this.nextOnResource(before)
    this.#set(before, rowWord.nextOnResource, this.nextOnResource(row))
  }

  #word(row: number, word: number): number {
    return this.records.words[this.records.atRow(row, word)] as number
  }

  #set(row: number, word: number, value: number): void {
    this.records.words[this.records.atRow(row, word)] = value
  }

  #manyOf(holder: Holder): Map<number, number[]> | undefined {
    return this.records.anyCrowded ? this.#byResource.get(holder) : undefined
  }

  #count(holder: Holder, row: number): void {
    const many = this.#manyOf(holder)
    if (many !== undefined) {
      const here = many.get(this.resource(row))
      if (here === undefined) many.set(this.resource(row), [row])
      else here.push(row)
      return
    }
    let count = 0
    for (let each = row; each !== none && count <= manyRows; each = this.nextOfHolder(each)) count += 1
    if (count <= manyRows) return
    const byResource = new Map<number, number[]>()
    for (let each = row; each !== none; each = this.nextOfHolder(each)) {
      const here = byResource.get(this.resource(each))
      if (here === undefined) byResource.set(this.resource(each), [each])
      else here.push(each)
    }
    this.#byResource.set(holder, byResource)
    this.records.anyCrowded = true
  }

  #uncount(holder: Holder, resource: number, row: number): void {
    const many = this.#manyOf(holder)
    if (many === undefined) return
    const left = (many.get(resource) ?? []).filter((other) => other !== row)
    if (left.length > 0) many.set(resource, left)
    else many.delete(resource)
    if (many.size > 0) return
    this.#byResource.delete(holder)
    this.records.anyCrowded = this.#byResource.size > 0
  }
}
