import type { Group, GroupId } from '@bailiwick/core'
import { EntryBits } from './entry-bits.js'
import type { MembershipTable } from './membership-table.js'
import { OrderedEntries } from './ordered-ids.js'
import { groupWord, linkWord } from './record-words.js'
import { none, type Records } from './records.js'

/** A group with more than one of so many memberships keeps its members as a set, once somebody has asked for it. */
const sparse = 16

/**
 * The groups of one organization and who is in them: the ids of groups are few and stand in a map, members are many
 * and stand in links, chained both ways.
 */
export class GroupTable {
  readonly #byId = new Map<string, number>()
  readonly #ids: (GroupId | undefined)[] = []
  /** All groups in the order of their ids. */
  readonly ordered: OrderedEntries = new OrderedEntries((one, other) => this.compare(one, other))

  /** The sets of large groups, `null` for small ones, as long as nothing has been taken away or switched off. */
  #activeMembers: (EntryBits | null | undefined)[] = []
  #epoch: number = none

  constructor(
    private readonly memberships: MembershipTable,
    private readonly records: Records,
  ) {}

  /** Groups and links. */
  get size(): number {
    return this.#byId.size + this.records.count('links')
  }

  get bytes(): number {
    const sets = this.#activeMembers.reduce((sum, set) => sum + (set?.bytes ?? 0), 0)
    return this.#byId.size * 200 + sets
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

  /** How groups are ordered against one id, which need not be there; `undefined` when it is no group's. */
  against(id: string): ((group: number) => number) | undefined {
    if (!id.startsWith('group_')) return undefined
    return (group) => compareText(this.id(group), id)
  }

  firstLink(group: number): number {
    return this.records.words[this.records.atGroup(group, groupWord.firstLink)] as number
  }

  /** The head of its assignments in the row table. */
  firstRow(group: number): number {
    return this.records.firstRowOfGroup(group)
  }

  setFirstRow(group: number, row: number): void {
    this.records.words[this.records.atGroup(group, groupWord.firstRow)] = row
  }

  membership(link: number): number {
    return this.#word(link, linkWord.membership)
  }

  group(link: number): number {
    return this.records.groupOf(link)
  }

  /** The next group of the same membership. */
  nextOfMembership(link: number): number {
    return this.records.nextLink(link)
  }

  /** The next member of the same group. */
  nextOfGroup(link: number): number {
    return this.#word(link, linkWord.nextOfGroup)
  }

  /** The active members of a group as a set; `undefined` for a group so small that it is sooner looked through. */
  activeMembers(group: number): EntryBits | undefined {
    if (this.#epoch !== this.records.epoch) {
      this.#epoch = this.records.epoch
      this.#activeMembers = []
    }
    let members = this.#activeMembers[group]
    if (members === undefined) {
      members = this.#findActive(group)
      this.#activeMembers[group] = members
    }
    return members ?? undefined
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
    const group = this.records.take('groups')
    this.#ids[group] = id
    this.#setFirstLink(group, none)
    this.setFirstRow(group, none)
    this.#byId.set(id, group)
    this.ordered.add(group)
    return group
  }

  remove(group: number): void {
    this.ordered.remove(group)
    this.#byId.delete(this.id(group))
    this.#ids[group] = undefined
    this.records.give('groups', group)
  }

  join(group: number, membership: number): void {
    const link = this.records.take('links')
    this.#set(link, linkWord.membership, membership)
    this.records.setLink(link, group, this.memberships.firstLink(membership))
    this.#set(link, linkWord.nextOfGroup, this.firstLink(group))
    this.memberships.setFirstLink(membership, link)
    this.#setFirstLink(group, link)
    this.#activeMembers[group] = undefined
  }

  leave(link: number): void {
    const membership = this.membership(link)
    const group = this.group(link)
    this.#activeMembers[group] = undefined
    if (this.memberships.firstLink(membership) === link)
      this.memberships.setFirstLink(membership, this.nextOfMembership(link))
    else this.#skipOfMembership(this.memberships.firstLink(membership), link)
    if (this.firstLink(group) === link) this.#setFirstLink(group, this.nextOfGroup(link))
    else this.#skipOfGroup(this.firstLink(group), link)
    this.records.give('links', link)
  }

  #findActive(group: number): EntryBits | null {
    const members = new EntryBits(this.records.bound('memberships'))
    let count = 0
    for (let link = this.firstLink(group); link !== none; link = this.nextOfGroup(link), count++) {
      const membership = this.membership(link)
      if (this.memberships.isActive(membership)) members.add(membership)
    }
    return count * sparse > this.memberships.size ? members : null
  }

  #skipOfMembership(first: number, link: number): void {
    let before = first
    while (this.nextOfMembership(before) !== link) before = this.nextOfMembership(before)
    this.records.setLink(before, this.group(before), this.nextOfMembership(link))
  }

  #skipOfGroup(first: number, link: number): void {
    let before = first
    while (this.nextOfGroup(before) !== link) before = this.nextOfGroup(before)
    this.#set(before, linkWord.nextOfGroup, this.nextOfGroup(link))
  }

  #setFirstLink(group: number, link: number): void {
    this.records.words[this.records.atGroup(group, groupWord.firstLink)] = link
  }

  #word(link: number, word: number): number {
    return this.records.words[this.records.atLink(link, word)] as number
  }

  #set(link: number, word: number, value: number): void {
    this.records.words[this.records.atLink(link, word)] = value
  }
}

/** By UTF-16 units, which is byte order for ids. */
function compareText(one: string, other: string): number {
  return one < other ? -1 : one === other ? 0 : 1
}
