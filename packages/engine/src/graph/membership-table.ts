import type { MembershipId, MembershipRecord, MembershipStatus, RoleId } from '@bailiwick/core'
import { wholeWords } from './byte-arena.js'
import type { IdTexts } from './id-texts.js'
import { findMembershipById, membershipPrefix, membershipSalt } from './lookup.js'
import { type MembershipKey, membershipKeys, membershipTexts } from './membership-texts.js'
import { NamedLists } from './named-lists.js'
import { OrderedEntries } from './ordered-ids.js'
import { membershipWord } from './record-words.js'
import { none, type Records, stateWord } from './records.js'
import { Slots } from './slots.js'
import type { Span } from './span.js'
import { absent, WantedText } from './wanted-text.js'
import type { Stretch } from './words.js'

/** What the graph keeps of a membership; dates stay in the store. */
export type MembershipFact = Pick<
  MembershipRecord,
  'id' | 'userId' | 'status' | 'roleIds' | 'rolesOverrideDirectory' | 'directoryGroups'
>

/** The part of a membership that decides its organization-level roles, where it is more than one role. */
export type RoleFact = Pick<MembershipFact, 'roleIds' | 'rolesOverrideDirectory' | 'directoryGroups'>

const statuses: readonly MembershipStatus[] = ['active', 'inactive', 'pending']
/** In the word `role`: no role at all, and more than a word can say. */
const noRole = -1
const manyRoles = -2

const userSalt = 2

const text = new WantedText()

/**
 * The memberships of one organization as integers: one record each, ids and user ids in an arena. One role, the
 * common case, stands in the record; anything more is kept beside.
 */
export class MembershipTable {
  readonly #byUser: Slots
  readonly #roleFacts = new Map<number, RoleFact>()
  /** All memberships in the order of their ids. */
  readonly ordered: OrderedEntries = new OrderedEntries((one, other) => this.compare(one, other))
  readonly #byRole = new NamedLists<number>(this.ordered, (entry) => this.#rolesOf(entry))
  readonly #texts: IdTexts
  readonly #byDirectoryGroup = new NamedLists<string>(this.ordered, (entry) => this.#directoryGroupsOf(entry))

  /** @param roleIndex - The entry of a role in the role table, or `none` for one that has gone. */
  constructor(
    private readonly records: Records,
    private readonly roleIndex: (id: RoleId) => number,
    private readonly roleId: (role: number) => RoleId,
  ) {
    this.#byUser = new Slots(records)
    this.#texts = membershipTexts(records)
  }

  get size(): number {
    return this.records.count('memberships')
  }

  get bytes(): number {
    return this.ordered.bytes + this.#byRole.bytes + this.#byDirectoryGroup.bytes
  }

  findById(id: string): number {
    return findMembershipById(this.records, id)
  }

  findByUser(userId: string): number {
    const hash = text.read(userId, 0, userSalt)
    if (hash === absent) return none
    const slots = this.#byUser
    for (let place = hash; ; place++) {
      const entry = slots.entryAt(place, hash)
      if (entry === none) return none
      if (entry >= 0 && this.records.arena.isWanted(text, this.#userText(entry), this.#userLength(entry)))
        return entry
    }
  }

  id(entry: number): MembershipId {
    return `${membershipPrefix}${this.records.arena.read(this.#idText(entry), this.#idLength(entry))}` as MembershipId
  }

  /** Many entries as subjects, in their order. */
  subjects(entries: readonly number[]): MembershipKey[] {
    return membershipKeys(this.#texts, entries)
  }

  /** Order two entries by id. */
  compare(one: number, other: number): number {
    return this.records.arena.compare(
      this.#idText(one),
      this.#idLength(one),
      this.#idText(other),
      this.#idLength(other),
    )
  }

  /** How entries are ordered against one id, which need not be there; `undefined` when it is not one of ours. */
  against(id: string): ((entry: number) => number) | undefined {
    if (!id.startsWith(membershipPrefix)) return undefined
    const wanted = id.slice(membershipPrefix.length)
    return (entry) => this.records.arena.compareTo(this.#idText(entry), this.#idLength(entry), wanted)
  }

  userId(entry: number): string {
    return this.records.arena.read(this.#userText(entry), this.#userLength(entry))
  }

  isActive(entry: number): boolean {
    return this.records.isActive(entry)
  }

  /** The head of its assignments in the row table. */
  firstRow(entry: number): number {
    return this.records.firstRowOf(entry)
  }

  setFirstRow(entry: number, row: number): void {
    this.#set(entry, membershipWord.firstRow, row)
  }

  /** The head of the groups it is in, in the link table. */
  firstLink(entry: number): number {
    return this.records.firstLinkOf(entry)
  }

  setFirstLink(entry: number, link: number): void {
    this.#set(entry, membershipWord.firstLink, link)
  }

  /** The one role, or `none`; only where `roleFact` is undefined. */
  soleRole(entry: number): number {
    const role = this.records.roleWordOf(entry)
    return role === manyRoles ? none : role
  }

  /** What decides the organization-level roles when it is more than one role. */
  roleFact(entry: number): RoleFact | undefined {
    return this.records.roleWordOf(entry) === manyRoles ? this.#roleFacts.get(entry) : undefined
  }

  /** The memberships that have a role, in the order of their ids; it may not count at the moment. */
  withRole(role: number): OrderedEntries {
    return this.#byRole.list(role)
  }

  /** The memberships that a group of the identity provider holds, whichever source says so. */
  inDirectoryGroup(directoryGroup: string): OrderedEntries {
    return this.#byDirectoryGroup.list(directoryGroup)
  }

  fact(entry: number): MembershipFact {
    const status = statuses[this.records.statusOf(entry)] as MembershipStatus
    const sole = this.soleRole(entry)
    const roles = this.roleFact(entry) ?? { ...untold, roleIds: sole === none ? [] : [this.roleId(sole)] }
    return { id: this.id(entry), userId: this.userId(entry), status, ...roles }
  }

  /** The room that so many memberships need, none of which is there yet. */
  reserve(memberships: number): readonly (readonly [Stretch, number])[] {
    return [this.records.byMembershipId.lengthFor(memberships), this.#byUser.lengthFor(memberships)]
  }

  add(fact: MembershipFact): number {
    const entry = this.records.take('memberships')
    // The user id comes right behind the id, so that one place is enough to know of.
    this.#set(entry, membershipWord.text, this.records.arena.add(fact.id, membershipPrefix.length))
    this.records.arena.add(fact.userId)
    this.#setState(entry, fact, fact.id.length - membershipPrefix.length, fact.userId.length)
    this.#write(entry, fact)
    this.#list(entry, this.#idHash(entry), this.#userHash(entry))
    return entry
  }

  /** Add one that is active and has one role, or `none`. What its id has behind the prefix, and its user id, are bytes. */
  addActive(bytes: Uint8Array, id: Span, userId: Span, role: number): void {
    const entry = this.records.take('memberships')
    const idHash = text.readBytes(bytes, id.from, id.to, membershipSalt)
    this.#set(entry, membershipWord.text, this.records.arena.addRead(text))
    const userHash = text.readBytes(bytes, userId.from, userId.to, userSalt)
    this.records.arena.addRead(text)
    this.#setState(entry, { status: 'active' }, id.to - id.from, userId.to - userId.from)
    this.#set(entry, membershipWord.role, role)
    this.#list(entry, idHash, userHash)
  }

  /** Status and roles; the id and the user never change. */
  update(entry: number, fact: MembershipFact): void {
    // Who was found to be active is not asked again.
    if (statuses.indexOf(fact.status) !== this.records.statusOf(entry)) this.records.renew()
    this.#setState(entry, fact, this.#idLength(entry), this.#userLength(entry))
    this.#byRole.remove(entry)
    this.#byDirectoryGroup.remove(entry)
    this.#write(entry, fact)
    this.#byRole.add(entry)
    this.#byDirectoryGroup.add(entry)
  }

  remove(entry: number): void {
    this.#byRole.remove(entry)
    this.#byDirectoryGroup.remove(entry)
    this.ordered.remove(entry)
    this.records.byMembershipId.remove(entry, this.#idHash(entry))
    this.#byUser.remove(entry, this.#userHash(entry))
    this.#roleFacts.delete(entry)
    this.records.give('memberships', entry)
  }

  trim(): void {
    this.ordered.trim()
  }

  #list(entry: number, idHash: number, userHash: number): void {
    this.#texts.forget(entry)
    this.#set(entry, membershipWord.firstRow, none)
    this.#set(entry, membershipWord.firstLink, none)
    this.records.byMembershipId.add(entry, (other) => this.#idHash(other), idHash)
    this.#byUser.add(entry, (other) => this.#userHash(other), userHash)
    this.ordered.add(entry)
    this.#byRole.add(entry)
    this.#byDirectoryGroup.add(entry)
  }

  #write(entry: number, fact: MembershipFact): void {
    const sole = soleRoleOf(fact)
    const role = sole === undefined ? manyRoles : sole === null ? noRole : this.roleIndex(sole)
    this.#set(entry, membershipWord.role, role === none && sole !== null ? manyRoles : role)
    if (this.records.roleWordOf(entry) !== manyRoles) {
      this.#roleFacts.delete(entry)
      return
    }
    const { roleIds, rolesOverrideDirectory, directoryGroups } = fact
    this.#roleFacts.set(entry, { roleIds, rolesOverrideDirectory, directoryGroups })
  }

  #setState(entry: number, fact: Pick<MembershipFact, 'status'>, idLength: number, userLength: number): void {
    const status = statuses.indexOf(fact.status)
    this.#set(entry, membershipWord.state, stateWord(idLength, userLength, status))
  }

  #rolesOf(entry: number): readonly number[] {
    const sole = this.records.roleWordOf(entry)
    if (sole !== manyRoles) return [sole]
    return this.#roleFacts.get(entry)?.roleIds.map((id) => this.roleIndex(id)) ?? []
  }

  #directoryGroupsOf(entry: number): readonly string[] {
    const { directory, sso } = this.roleFact(entry)?.directoryGroups ?? untold.directoryGroups
    return [...(directory ?? []), ...(sso ?? [])]
  }

  #set(entry: number, word: number, value: number): void {
    this.records.words[this.records.atMembership(entry, word)] = value
  }

  #idText(entry: number): number {
    return this.records.textOf(entry)
  }

  #idLength(entry: number): number {
    return this.records.idLengthOf(entry)
  }

  #idHash(entry: number): number {
    return this.records.arena.hashAt(this.#idText(entry), this.#idLength(entry), membershipSalt)
  }

  #userText(entry: number): number {
    return this.#idText(entry) + wholeWords(this.#idLength(entry))
  }

  #userLength(entry: number): number {
    return this.records.userLengthOf(entry)
  }

  #userHash(entry: number): number {
    return this.records.arena.hashAt(this.#userText(entry), this.#userLength(entry), userSalt)
  }
}

const untold = {
  rolesOverrideDirectory: false,
  directoryGroups: { sso: null, directory: null },
} as const

/** The one role, `null` for none, `undefined` when there is more to say. */
function soleRoleOf({
  roleIds,
  rolesOverrideDirectory,
  directoryGroups,
}: MembershipFact): RoleId | null | undefined {
  const { sso, directory } = directoryGroups
  if (sso !== null || directory !== null || rolesOverrideDirectory || roleIds.length > 1) return undefined
  return roleIds[0] ?? null
}
