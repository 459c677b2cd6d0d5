import type { Moment } from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'
import { ByteArena } from './byte-arena.js'
import { CurrentMoment } from './current-moment.js'
import { none, type RecordPart, RecordSpace } from './record-space.js'
import type { nextTold, wordsOf } from './record-words.js'
import { Slots } from './slots.js'
import type { Stretch } from './words.js'

export { none, type RecordKind } from './record-space.js'

// Constants of this module alone are compiled into what uses them; those that are imported are read each time.
const wordsOfMembership: typeof wordsOf.membership = 5
const hotOfResource: typeof wordsOf.resource = 1
const moreOfResource: typeof wordsOf.moreOfResource = 6
const wordsOfGroup: typeof wordsOf.group = 2
const hotOfLink: typeof wordsOf.link = 1
const moreOfLink: typeof wordsOf.moreOfLink = 3
const hotOfRow: typeof wordsOf.row = 2
const moreOfRow: typeof wordsOf.moreOfRow = 3
const nextBits: typeof nextTold.bits = 2
const nextMask: typeof nextTold.mask = 3
const isLast: typeof nextTold.isLast = 0
const isBefore: typeof nextTold.isBefore = 1
const isElsewhere: typeof nextTold.isElsewhere = 2

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
  readonly #moment = new CurrentMoment()
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
    this.#moment.end()
  }

  /** To be called before anything is changed: let nobody go on with what was found out. */
  change(): void {
    this.changes += 1
    this.#moment.end()
  }

  /** Over with the next change, or when the organization is let go. It holds on to nothing of this. */
  get moment(): Moment {
    return this.#moment.get()
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
    return (this.words[this.links + link * hotOfLink] as number) >> nextBits
  }

  /** The link of the same membership to its next group. */
  nextLink(link: number): number {
    const told = (this.words[this.links + link * hotOfLink] as number) & nextMask
    if (told === isBefore) return link - 1
    return told === isLast ? none : (this.words[this.moreOfLinks + link * moreOfLink + 2] as number)
  }

  /** Set what a link leads to, and the next one of the same membership. */
  setLink(link: number, group: number, next: number): void {
    this.words[this.links + link * hotOfLink] = (group << nextBits) | whereIs(next, link)
    this.words[this.moreOfLinks + link * moreOfLink + 2] = next
  }

  firstRowOfGroup(group: number): number {
    return this.words[this.groups + group * wordsOfGroup] as number
  }

  resourceOf(row: number): number {
    return this.words[this.rows + row * hotOfRow] as number
  }

  roleOf(row: number): number {
    return (this.words[this.rows + row * hotOfRow + 1] as number) >> nextBits
  }

  /** The next assignment of the same holder. */
  nextRow(row: number): number {
    const told = (this.words[this.rows + row * hotOfRow + 1] as number) & nextMask
    if (told === isBefore) return row - 1
    return told === isLast ? none : (this.words[this.moreOfRows + row * moreOfRow + 2] as number)
  }

  /** Set the role of an assignment, and the next one of the same holder. */
  setRow(row: number, role: number, next: number): void {
    this.words[this.rows + row * hotOfRow + 1] = (role << nextBits) | whereIs(next, row)
    this.words[this.moreOfRows + row * moreOfRow + 2] = next
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

function whereIs(next: number, entry: number): number {
  return next === none ? isLast : next === entry - 1 ? isBefore : isElsewhere
}

let lastEpoch = 0

/** Never the same number twice, over all organizations. */
function nextEpoch(): number {
  lastEpoch += 1
  return lastEpoch
}
