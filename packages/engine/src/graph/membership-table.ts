import type { MembershipId, MembershipRecord, MembershipStatus, RoleId } from '@bailiwick/core'
import { absent, ByteArena, readText } from './byte-arena.js'
import { grownInts } from './grow.js'
import { NamedLists } from './named-lists.js'
import { OrderedEntries } from './ordered-ids.js'
import { none } from './resource-table.js'
import { Slots } from './slots.js'

/** What the graph keeps of a membership; dates stay in the store. */
export type MembershipFact = Pick<
  MembershipRecord,
  'id' | 'userId' | 'status' | 'roleIds' | 'rolesChosen' | 'rolesOverrideDirectory' | 'directoryGroups'
>

/** The part of a membership that decides its organization-level roles, where it is more than one chosen role. */
export type RoleFact = Pick<
  MembershipFact,
  'roleIds' | 'rolesChosen' | 'rolesOverrideDirectory' | 'directoryGroups'
>

const idPrefix = 'om_'
const statuses: readonly MembershipStatus[] = ['active', 'inactive', 'pending']
const stride = 8
const ID = 0
const ID_LENGTH = 1
const USER = 2
const USER_LENGTH = 3
const FIRST_ROW = 4
const FIRST_LINK = 5
const STATUS = 6
const ROLE = 7

/** In `ROLE`: no role at all, and more than a word can say. */
const noRole = -1
const manyRoles = -2

const idSalt = 1
const userSalt = 2

/**
 * The memberships of one organization as integers: eight words each, ids and user ids in an arena. One chosen
 * role, the common case, stands in the record; anything more is kept beside.
 */
export class MembershipTable {
  #records = new Int32Array(stride * 4)
  #used = 0
  #live = 0
  #firstFree = none
  readonly #arena = new ByteArena()
  readonly #byId = new Slots()
  readonly #byUser = new Slots()
  readonly #roleFacts = new Map<number, RoleFact>()
  /** All memberships in the order of their ids. */
  readonly ordered: OrderedEntries = new OrderedEntries((one, other) => this.compare(one, other))
  readonly #byRole = new NamedLists<number>(this.ordered, (entry) => this.#rolesOf(entry))
  readonly #byDirectoryGroup = new NamedLists<string>(this.ordered, (entry) => this.#directoryGroupsOf(entry))

  /** @param roleIndex - The entry of a role in the role table, or `none` for one that has gone. */
  constructor(
    private readonly roleIndex: (id: RoleId) => number,
    private readonly roleId: (role: number) => RoleId,
  ) {}

  get size(): number {
    return this.#live
  }

  get bytes(): number {
    return (
      this.#records.byteLength +
      this.#arena.bytes +
      this.#byId.bytes +
      this.#byUser.bytes +
      this.ordered.bytes +
      this.#byRole.bytes +
      this.#byDirectoryGroup.bytes
    )
  }

  findById(id: string): number {
    if (!id.startsWith(idPrefix)) return none
    return this.#find(this.#byId, readText(id, idPrefix.length, idSalt), ID)
  }

  findByUser(userId: string): number {
    return this.#find(this.#byUser, readText(userId, 0, userSalt), USER)
  }

  id(entry: number): MembershipId {
    return `${idPrefix}${this.#text(entry, ID)}` as MembershipId
  }

  /** Order two entries by id. */
  compare(one: number, other: number): number {
    const records = this.#records
    const a = one * stride + ID
    const b = other * stride + ID
    return this.#arena.compare(
      records[a] as number,
      records[a + 1] as number,
      records[b] as number,
      records[b + 1] as number,
    )
  }

  /** How entries are ordered against one id, which need not be there; `undefined` when it is not one of ours. */
  against(id: string): ((entry: number) => number) | undefined {
    if (!id.startsWith(idPrefix)) return undefined
    const wanted = id.slice(idPrefix.length)
    return (entry) => {
      const at = entry * stride + ID
      return this.#arena.compareTo(this.#records[at] as number, this.#records[at + 1] as number, wanted)
    }
  }

  userId(entry: number): string {
    return this.#text(entry, USER)
  }

  isActive(entry: number): boolean {
    return this.#records[entry * stride + STATUS] === 0
  }

  /** The head of its assignments in the row table. */
  firstRow(entry: number): number {
    return this.#records[entry * stride + FIRST_ROW] as number
  }

  setFirstRow(entry: number, row: number): void {
    this.#records[entry * stride + FIRST_ROW] = row
  }

  /** The head of the groups it is in, in the link table. */
  firstLink(entry: number): number {
    return this.#records[entry * stride + FIRST_LINK] as number
  }

  setFirstLink(entry: number, link: number): void {
    this.#records[entry * stride + FIRST_LINK] = link
  }

  /** The one chosen role, or `none`; only where `roleFact` is undefined. */
  soleRole(entry: number): number {
    const role = this.#records[entry * stride + ROLE] as number
    return role === manyRoles ? none : role
  }

  /** What decides the organization-level roles when it is more than one chosen role. */
  roleFact(entry: number): RoleFact | undefined {
    return this.#records[entry * stride + ROLE] === manyRoles ? this.#roleFacts.get(entry) : undefined
  }

  /** The entries whose roles are more than one chosen role. */
  roleFacts(): IterableIterator<[number, RoleFact]> {
    return this.#roleFacts.entries()
  }

  /** The memberships for which a role was chosen, in the order of their ids; the role may not count at the moment. */
  withRole(role: number): OrderedEntries {
    return this.#byRole.list(role)
  }

  /** The memberships that a group of the identity provider holds, whichever source says so. */
  inDirectoryGroup(directoryGroup: string): OrderedEntries {
    return this.#byDirectoryGroup.list(directoryGroup)
  }

  fact(entry: number): MembershipFact {
    const at = entry * stride
    const status = statuses[this.#records[at + STATUS] as number] as MembershipStatus
    const sole = this.soleRole(entry)
    const roles = this.roleFact(entry) ?? { ...plain, roleIds: sole === none ? [] : [this.roleId(sole)] }
    return { id: this.id(entry), userId: this.userId(entry), status, ...roles }
  }

  add(fact: MembershipFact): number {
    const entry = this.#take()
    const id = this.#arena.add(fact.id, idPrefix.length)
    const idLength = fact.id.length - idPrefix.length
    const user = this.#arena.add(fact.userId)
    this.#records.set([id, idLength, user, fact.userId.length, none, none, 0, noRole], entry * stride)
    this.#set(entry, fact)
    this.#byId.add(entry, (other) => this.#hash(other, ID, idSalt))
    this.#byUser.add(entry, (other) => this.#hash(other, USER, userSalt))
    this.ordered.add(entry)
    this.#byRole.add(entry)
    this.#byDirectoryGroup.add(entry)
    return entry
  }

  /** Status and roles; the id and the user never change. */
  update(entry: number, fact: MembershipFact): void {
    this.#byRole.remove(entry)
    this.#byDirectoryGroup.remove(entry)
    this.#set(entry, fact)
    this.#byRole.add(entry)
    this.#byDirectoryGroup.add(entry)
  }

  remove(entry: number): void {
    this.#byRole.remove(entry)
    this.#byDirectoryGroup.remove(entry)
    this.ordered.remove(entry)
    this.#byId.remove(entry, this.#hash(entry, ID, idSalt))
    this.#byUser.remove(entry, this.#hash(entry, USER, userSalt))
    this.#roleFacts.delete(entry)
    this.#records[entry * stride + FIRST_ROW] = this.#firstFree
    this.#firstFree = entry
    this.#live -= 1
  }

  trim(): void {
    this.#records = this.#records.slice(0, Math.max(this.#used, 1) * stride)
    this.#arena.trim()
    this.ordered.trim()
  }

  #set(entry: number, fact: MembershipFact): void {
    const at = entry * stride
    this.#records[at + STATUS] = statuses.indexOf(fact.status)
    const sole = soleRoleOf(fact)
    const role = sole === undefined ? manyRoles : sole === null ? noRole : this.roleIndex(sole)
    this.#records[at + ROLE] = role === none && sole !== null ? manyRoles : role
    if (this.#records[at + ROLE] !== manyRoles) {
      this.#roleFacts.delete(entry)
      return
    }
    const { roleIds, rolesChosen, rolesOverrideDirectory, directoryGroups } = fact
    this.#roleFacts.set(entry, { roleIds, rolesChosen, rolesOverrideDirectory, directoryGroups })
  }

  #rolesOf(entry: number): readonly number[] {
    const sole = this.#records[entry * stride + ROLE] as number
    if (sole !== manyRoles) return [sole]
    return this.#roleFacts.get(entry)?.roleIds.map((id) => this.roleIndex(id)) ?? []
  }

  #directoryGroupsOf(entry: number): readonly string[] {
    const { directory, sso } = this.roleFact(entry)?.directoryGroups ?? plain.directoryGroups
    return [...(directory ?? []), ...(sso ?? [])]
  }

  /** The entry whose id, or user id, is the text that was read last. */
  #find(slots: Slots, hash: number, field: number): number {
    if (hash === absent) return none
    const records = this.#records
    for (let place = slots.start(hash); ; place = slots.next(place)) {
      const entry = slots.at(place, hash)
      if (entry === none) return none
      const at = entry * stride + field
      if (entry >= 0 && this.#arena.isWanted(records[at] as number, records[at + 1] as number)) return entry
    }
  }

  #text(entry: number, field: number): string {
    const at = entry * stride + field
    return this.#arena.read(this.#records[at] as number, this.#records[at + 1] as number)
  }

  #hash(entry: number, field: number, salt: number): number {
    const at = entry * stride + field
    return this.#arena.hashAt(this.#records[at] as number, this.#records[at + 1] as number, salt)
  }

  #take(): number {
    this.#live += 1
    const free = this.#firstFree
    if (free !== none) {
      this.#firstFree = this.firstRow(free)
      return free
    }
    const entry = this.#used++
    this.#records = grownInts(this.#records, this.#used * stride)
    return entry
  }
}

const plain = {
  rolesChosen: true,
  rolesOverrideDirectory: false,
  directoryGroups: { sso: null, directory: null },
} as const

/** The one chosen role, `null` for none, `undefined` when there is more to say. */
function soleRoleOf(fact: MembershipFact): RoleId | null | undefined {
  const { sso, directory } = fact.directoryGroups
  const untold = sso === null && directory === null && !fact.rolesOverrideDirectory
  if (!untold || !fact.rolesChosen || fact.roleIds.length > 1) return undefined
  return fact.roleIds[0] ?? null
}
