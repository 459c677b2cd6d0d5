import type { Environment } from '../environment/environment.js'
import { ByteArena } from './byte-arena.js'
import { type RecordPart, RecordSpace } from './record-space.js'
import { Slots } from './slots.js'
import type { Stretch } from './words.js'

export { none, type RecordKind } from './record-space.js'

/** The words of each record by name: first those that a check reads, which stand apart from the rest. */
export const membershipWord = { role: 0, firstRow: 1, firstLink: 2, state: 3, text: 4 } as const
export const resourceWord = {
  parent: 0,
  kind: 1,
  text: 2,
  firstRow: 3,
  firstChild: 4,
  next: 5,
  previous: 6,
} as const
export const groupWord = { firstRow: 0, firstLink: 1 } as const
export const linkWord = { group: 0, nextOfMembership: 1, membership: 2, nextOfGroup: 3 } as const
export const rowWord = { resource: 0, role: 1, nextOfHolder: 2, holder: 3, nextOnResource: 4 } as const

/** How many words of a record a check reads, and how many more there are, where not all are read. */
const wordsOfMembership = 5
const [hotOfResource, moreOfResource] = [1, 6]
const wordsOfGroup = 2
const [hotOfLink, moreOfLink] = [2, 2]
const [hotOfRow, moreOfRow] = [3, 2]

/** The stretches that each table has: what a check reads of its records, and the rest. */
const parts: readonly RecordPart[] = [
  { kind: 'memberships', start: 'memberships', words: wordsOfMembership },
  { kind: 'resources', start: 'resources', words: hotOfResource },
  { kind: 'groups', start: 'groups', words: wordsOfGroup },
  { kind: 'links', start: 'links', words: hotOfLink },
  { kind: 'rows', start: 'rows', words: hotOfRow },
  { kind: 'resources', start: 'moreOfResources', words: moreOfResource },
  { kind: 'links', start: 'moreOfLinks', words: moreOfLink },
  { kind: 'rows', start: 'moreOfRows', words: moreOfRow },
]

/** In the word `state` of a membership: the length of its id, that of its user id, its status. */
const lengthBits = 8
const lengthMask = (1 << lengthBits) - 1
const statusShift = 2 * lengthBits

/** In the word `kind` of a resource: its type, and the length of its external id. */
const typeBits = 8
const typeMask = (1 << typeBits) - 1

/** The word `state` of a membership. */
export function stateWord(idLength: number, userLength: number, status: number): number {
  return idLength | (userLength << lengthBits) | (status << statusShift)
}

/** The word `kind` of a resource. */
export function kindWord(type: number, externalIdLength: number): number {
  return type | (externalIdLength << typeBits)
}

/** The records of one organization: the numbers of all tables, the words that decide close together. */
export class Records extends RecordSpace {
  /** Where the slots of two look-ups begin, how many they are, and where the texts do. */
  membershipIds = 0
  membershipIdSlots = 0
  externalIds = 0
  externalIdSlots = 0
  texts = 0
  /**
   * Another number whenever an entry that was learned before may mean something else: after a removal, and when the
   * organization is let go or is no longer believed. Whoever keeps an entry keeps this with it.
   */
  epoch = nextEpoch()
  /** Counts changes: what was found out before the last one may not be true any more. */
  changes = 0
  /** Whether a check has more to look at than roles along chains. Most organizations have nothing of the kind. */
  isIntricate: boolean
  #exceptions = 0
  #anyCrowded = false
  /** The permissions of every role: one bit a permission, one run of words a role; see the role table. */
  roleBits: Uint32Array
  readonly byMembershipId: Slots
  readonly byExternalId: Slots
  /** Ids of memberships and users, and external ids. */
  readonly arena: ByteArena

  constructor(readonly environment: Environment) {
    super(parts)
    this.roleBits = environment.roleWords
    this.isIntricate = environment.singleRole
    this.byMembershipId = new Slots(this)
    this.byExternalId = new Slots(this)
    this.arena = new ByteArena(this)
    this.#findStretches()
  }

  override resize(lengths: Iterable<readonly [Stretch, number]>): void {
    super.resize(lengths)
    // Not yet there while it is being made.
    if (this.arena !== undefined) this.#findStretches()
  }

  #findStretches(): void {
    this.membershipIds = this.byMembershipId.at
    this.membershipIdSlots = this.byMembershipId.length
    this.externalIds = this.byExternalId.at
    this.externalIdSlots = this.byExternalId.length
    this.texts = this.arena.at
  }

  /** How many mappings and exclusions there are. */
  get exceptions(): number {
    return this.#exceptions
  }

  set exceptions(count: number) {
    this.#exceptions = count
    this.#weigh()
  }

  /** Whether any holder has so many rows that they are found by resource; see the row table. */
  get anyCrowded(): boolean {
    return this.#anyCrowded
  }

  set anyCrowded(any: boolean) {
    this.#anyCrowded = any
    this.#weigh()
  }

  #weigh(): void {
    this.isIntricate = this.#exceptions > 0 || this.#anyCrowded || this.environment.singleRole
  }

  /** Let nobody go on with an entry that was learned before. */
  renew(): void {
    this.epoch = nextEpoch()
  }

  /** Whether a role holds a permission. */
  holds(role: number, permission: number): boolean {
    const word = this.roleBits[role * this.environment.wordsPerRole + (permission >>> 5)] as number
    return ((word >>> (permission & 31)) & 1) === 1
  }

  isActive(membership: number): boolean {
    return this.statusOf(membership) === 0
  }

  /** The status of a membership as a number: 0 is active. */
  statusOf(membership: number): number {
    return this.#stateOf(membership) >>> statusShift
  }

  /** Where the id of a membership stands in the arena; its user id follows. */
  textOf(membership: number): number {
    return this.words[this.memberships + membership * wordsOfMembership + 4] as number
  }

  idLengthOf(membership: number): number {
    return this.#stateOf(membership) & lengthMask
  }

  userLengthOf(membership: number): number {
    return (this.#stateOf(membership) >>> lengthBits) & lengthMask
  }

  /** The index of a resource's type in the environment. */
  typeOf(resource: number): number {
    return this.#kindOf(resource) & typeMask
  }

  /** Where the external id of a resource stands in the arena. */
  externalIdOf(resource: number): number {
    return this.words[this.moreOfResources + resource * moreOfResource + 1] as number
  }

  externalIdLengthOf(resource: number): number {
    return this.#kindOf(resource) >>> typeBits
  }

  /** How the organization-level role of a membership is told: see the membership table. */
  roleWordOf(membership: number): number {
    return this.words[this.memberships + membership * wordsOfMembership] as number
  }

  parentOf(resource: number): number {
    return this.words[this.resources + resource * hotOfResource] as number
  }

  /** The first assignment of a membership. */
  firstRowOf(membership: number): number {
    return this.words[this.memberships + membership * wordsOfMembership + 1] as number
  }

  /** The link of a membership to the first of its groups. */
  firstLinkOf(membership: number): number {
    return this.words[this.memberships + membership * wordsOfMembership + 2] as number
  }

  groupOf(link: number): number {
    return this.words[this.links + link * hotOfLink] as number
  }

  /** The link of the same membership to its next group. */
  nextLink(link: number): number {
    return this.words[this.links + link * hotOfLink + 1] as number
  }

  firstRowOfGroup(group: number): number {
    return this.words[this.groups + group * wordsOfGroup] as number
  }

  resourceOf(row: number): number {
    return this.words[this.rows + row * hotOfRow] as number
  }

  roleOf(row: number): number {
    return this.words[this.rows + row * hotOfRow + 1] as number
  }

  /** The next assignment of the same holder. */
  nextRow(row: number): number {
    return this.words[this.rows + row * hotOfRow + 2] as number
  }

  /** Where a word of a record stands. */
  atMembership(entry: number, word: number): number {
    return this.memberships + entry * wordsOfMembership + word
  }

  atResource(entry: number, word: number): number {
    return word < hotOfResource
      ? this.resources + entry * hotOfResource + word
      : this.moreOfResources + entry * moreOfResource + word - hotOfResource
  }

  atGroup(entry: number, word: number): number {
    return this.groups + entry * wordsOfGroup + word
  }

  atLink(entry: number, word: number): number {
    return word < hotOfLink
      ? this.links + entry * hotOfLink + word
      : this.moreOfLinks + entry * moreOfLink + word - hotOfLink
  }

  atRow(entry: number, word: number): number {
    return word < hotOfRow
      ? this.rows + entry * hotOfRow + word
      : this.moreOfRows + entry * moreOfRow + word - hotOfRow
  }

  #stateOf(membership: number): number {
    return this.words[this.memberships + membership * wordsOfMembership + 3] as number
  }

  #kindOf(resource: number): number {
    return this.words[this.moreOfResources + resource * moreOfResource] as number
  }
}

let lastEpoch = 0

/** Never the same number twice, over all organizations. */
function nextEpoch(): number {
  lastEpoch += 1
  return lastEpoch
}
