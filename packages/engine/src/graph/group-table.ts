import type { Group, GroupId } from '@bailiwick/core'
import { grownInts } from './grow.js'
import type { MembershipTable } from './membership-table.js'
import { OrderedEntries } from './ordered-ids.js'
import { none } from './resource-table.js'

const stride = 4
const MEMBERSHIP = 0
const GROUP = 1
const NEXT_OF_MEMBERSHIP = 2
const NEXT_OF_GROUP = 3

/**
 * The groups of one organization and who is in them: groups are few and stand in maps, members are many and
 * stand in links of four words, chained both ways.
 */
export class GroupTable {
  readonly #byId = new Map<string, number>()
  readonly #ids: (GroupId | undefined)[] = []
  readonly #firstLinks: number[] = []
  readonly #firstRows: number[] = []
  readonly #freeGroups: number[] = []
  #links = new Int32Array(0)
  #used = 0
  #live = 0
  #firstFree = none
  /** All groups in the order of their ids. */
  readonly ordered: OrderedEntries = new OrderedEntries((one, other) => this.compare(one, other))

  constructor(private readonly memberships: MembershipTable) {}

  /** Groups and links. */
  get size(): number {
    return this.#byId.size + this.#live
  }

  get bytes(): number {
    return this.#links.byteLength + this.#byId.size * 200
  }

  find(id: string): number {
    return this.#byId.get(id) ?? none
  }

  id(group: number): GroupId {
    return this.#ids[group] as GroupId
  }

  /** Order two groups by id. */
  compare(one: number, other: number): number {
    return compareText(this.id(one), this.id(other))
  }

  /** How groups are ordered against one id, which need not be there. */
  against(id: string): (group: number) => number {
    return (group) => compareText(this.id(group), id)
  }

  firstLink(group: number): number {
    return this.#firstLinks[group] as number
  }

  /** The head of its assignments in the row table. */
  firstRow(group: number): number {
    return this.#firstRows[group] as number
  }

  setFirstRow(group: number, row: number): void {
    this.#firstRows[group] = row
  }

  membership(link: number): number {
    return this.#links[link * stride + MEMBERSHIP] as number
  }

  group(link: number): number {
    return this.#links[link * stride + GROUP] as number
  }

  /** The next group of the same membership. */
  nextOfMembership(link: number): number {
    return this.#links[link * stride + NEXT_OF_MEMBERSHIP] as number
  }

  /** The next member of the same group. */
  nextOfGroup(link: number): number {
    return this.#links[link * stride + NEXT_OF_GROUP] as number
  }

  /** The link that puts a membership in a group, or `none`. */
  findLink(group: number, membership: number): number {
    for (
      let link = this.memberships.firstLink(membership);
      link !== none;
      link = this.nextOfMembership(link)
    ) {
      if (this.group(link) === group) return link
    }
    return none
  }

  add({ id }: Pick<Group, 'id'>): number {
    const group = this.#freeGroups.pop() ?? this.#ids.length
    this.#ids[group] = id
    this.#firstLinks[group] = none
    this.#firstRows[group] = none
    this.#byId.set(id, group)
    this.ordered.add(group)
    return group
  }

  remove(group: number): void {
    this.ordered.remove(group)
    this.#byId.delete(this.id(group))
    this.#ids[group] = undefined
    this.#freeGroups.push(group)
  }

  join(group: number, membership: number): void {
    const link = this.#take()
    const record = [membership, group, this.memberships.firstLink(membership), this.firstLink(group)]
    this.#links.set(record, link * stride)
    this.memberships.setFirstLink(membership, link)
    this.#firstLinks[group] = link
  }

  leave(link: number): void {
    const membership = this.membership(link)
    const group = this.group(link)
    if (this.memberships.firstLink(membership) === link)
      this.memberships.setFirstLink(membership, this.nextOfMembership(link))
    else this.#skip(this.memberships.firstLink(membership), link, NEXT_OF_MEMBERSHIP)
    if (this.firstLink(group) === link) this.#firstLinks[group] = this.nextOfGroup(link)
    else this.#skip(this.firstLink(group), link, NEXT_OF_GROUP)
    this.#links[link * stride + NEXT_OF_MEMBERSHIP] = this.#firstFree
    this.#firstFree = link
    this.#live -= 1
  }

  trim(): void {
    this.#links = this.#links.slice(0, this.#used * stride)
  }

  #take(): number {
    this.#live += 1
    const free = this.#firstFree
    if (free !== none) {
      this.#firstFree = this.nextOfMembership(free)
      return free
    }
    const link = this.#used++
    this.#links = grownInts(this.#links, this.#used * stride)
    return link
  }

  #skip(first: number, link: number, chain: number): void {
    let before = first
    while (this.#links[before * stride + chain] !== link)
      before = this.#links[before * stride + chain] as number
    this.#links[before * stride + chain] = this.#links[link * stride + chain] as number
  }
}

/** By UTF-16 units, which is byte order for ids. */
function compareText(one: string, other: string): number {
  return one < other ? -1 : one === other ? 0 : 1
}
