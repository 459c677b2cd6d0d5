import type { AssignmentId } from '@bailiwick/core'
import { grownInts } from './grow.js'
import type { ResourceTable } from './resource-table.js'
import { none } from './resource-table.js'
import { UlidIndex } from './ulid-index.js'

/** Who holds a row: the kind in the two low bits, the entry above them. */
export type Holder = number

export const membershipKind = 0
export const groupKind = 1
export const agentKind = 2

export function holderOf(kind: number, entry: number): Holder {
  return (entry << 2) | kind
}

const stride = 5
const HOLDER = 0
const RESOURCE = 1
const ROLE = 2
const NEXT_OF_HOLDER = 3
const NEXT_ON_RESOURCE = 4

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
  #records = new Int32Array(stride * 4)
  #used = 0
  #live = 0
  #firstFree = none
  readonly #ids = new UlidIndex('role_assignment')
  readonly #agentHeads = new Map<Holder, number>()
  readonly #byResource = new Map<Holder, Map<number, number[]>>()
  #haveMany = 0

  constructor(
    private readonly resources: ResourceTable,
    private readonly memberships: RowHeads,
    private readonly groups: RowHeads,
  ) {}

  get size(): number {
    return this.#live
  }

  get bytes(): number {
    return this.#records.byteLength + this.#ids.bytes
  }

  holder(row: number): Holder {
    return this.#records[row * stride + HOLDER] as number
  }

  resource(row: number): number {
    return this.#records[row * stride + RESOURCE] as number
  }

  role(row: number): number {
    return this.#records[row * stride + ROLE] as number
  }

  nextOfHolder(row: number): number {
    return this.#records[row * stride + NEXT_OF_HOLDER] as number
  }

  nextOnResource(row: number): number {
    return this.#records[row * stride + NEXT_ON_RESOURCE] as number
  }

  id(row: number): AssignmentId {
    return this.#ids.id(row) as AssignmentId
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

  /** The row of exactly this assignment, or `none`. */
  find(holder: Holder, resource: number, role: number): number {
    const many = this.manyByResource(holder)
    if (many !== undefined) return many.get(resource)?.find((row) => this.role(row) === role) ?? none
    for (let row = this.first(holder); row !== none; row = this.nextOfHolder(row)) {
      if (this.resource(row) === resource && this.role(row) === role) return row
    }
    return none
  }

  /** @throws {Error} when the id is not one of ours. */
  add(id: string, holder: Holder, resource: number, role: number): number {
    const row = this.#take()
    this.#ids.add(row, id)
    this.#records.set(
      [holder, resource, role, this.first(holder), this.resources.firstRow(resource)],
      row * stride,
    )
    this.#setFirst(holder, row)
    this.resources.setFirstRow(resource, row)
    this.#count(holder, row)
    return row
  }

  remove(row: number): void {
    const holder = this.holder(row)
    const resource = this.resource(row)
    if (this.first(holder) === row) this.#setFirst(holder, this.nextOfHolder(row))
    else this.#skip(this.first(holder), row, NEXT_OF_HOLDER)
    if (this.resources.firstRow(resource) === row)
      this.resources.setFirstRow(resource, this.nextOnResource(row))
    else this.#skip(this.resources.firstRow(resource), row, NEXT_ON_RESOURCE)
    this.#uncount(holder, resource, row)
    this.#ids.remove(row)
    this.#records[row * stride + NEXT_OF_HOLDER] = this.#firstFree
    this.#firstFree = row
    this.#live -= 1
  }

  trim(): void {
    this.#records = this.#records.slice(0, Math.max(this.#used, 1) * stride)
    this.#ids.trim(this.#used)
  }

  #take(): number {
    this.#live += 1
    const free = this.#firstFree
    if (free !== none) {
      this.#firstFree = this.nextOfHolder(free)
      return free
    }
    const row = this.#used++
    this.#records = grownInts(this.#records, this.#used * stride)
    return row
  }

  #setFirst(holder: Holder, row: number): void {
    if ((holder & 3) === membershipKind) this.memberships.setFirstRow(holder >> 2, row)
    else if ((holder & 3) === groupKind) this.groups.setFirstRow(holder >> 2, row)
    else if (row === none) this.#agentHeads.delete(holder)
    else this.#agentHeads.set(holder, row)
  }

  #skip(first: number, row: number, link: number): void {
    let before = first
    while (this.#records[before * stride + link] !== row)
      before = this.#records[before * stride + link] as number
    this.#records[before * stride + link] = this.#records[row * stride + link] as number
  }

  #manyOf(holder: Holder): Map<number, number[]> | undefined {
    return this.#haveMany === 0 ? undefined : this.#byResource.get(holder)
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
    this.#haveMany += 1
  }

  #uncount(holder: Holder, resource: number, row: number): void {
    const many = this.#manyOf(holder)
    if (many === undefined) return
    const left = (many.get(resource) ?? []).filter((other) => other !== row)
    if (left.length > 0) many.set(resource, left)
    else many.delete(resource)
    if (many.size > 0) return
    this.#byResource.delete(holder)
    this.#haveMany -= 1
  }
}
