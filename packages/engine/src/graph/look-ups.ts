import {
  membershipFrom,
  readExternalId,
  readMembershipId,
  resourceFrom,
  slotOfMembership,
  slotOfResource,
} from './lookup.js'
import type { nextTold, wordsOf } from './record-words.js'
import type { none as noEntry, Records } from './records.js'
import { entryOf } from './slots.js'
import { WantedText } from './wanted-text.js'

// Constants of this module alone are compiled into what uses them. Their types hold them to the layout.
const none: typeof noEntry = -1
const wordsOfMembership: typeof wordsOf.membership = 5
const wordsOfResource: typeof wordsOf.resource = 1
const moreOfResource: typeof wordsOf.moreOfResource = 6
const wordsOfGroup: typeof wordsOf.group = 2
const wordsOfLink: typeof wordsOf.link = 1
const wordsOfRow: typeof wordsOf.row = 2
const nextBits: typeof nextTold.bits = 2

/** How many are looked up at a time. */
const most = 128

/**
 * Both look-ups of many checks, in steps that each all of them take before any takes the next. What a check waits for
 * follows from what it has just waited for, but not from what others wait for: memory is asked for many at a time.
 * What deciding reads after that is touched on the way: see `#touch`.
 */
export class LookUps {
  readonly #membershipIds: WantedText[] = []
  readonly #membershipHashes = new Int32Array(most)
  readonly #membershipSlots = new Int32Array(most)
  readonly #externalIds: WantedText[] = []
  readonly #resourceHashes = new Int32Array(most)
  readonly #resourceSlots = new Int32Array(most)
  readonly #types = new Int32Array(most)
  #count = 0
  /** Where what was touched is added up, so that no compiler takes it for needless. */
  readonly #touched = new Int32Array(1)

  /** The entries of the memberships that were found, or `none`, each in the place in which it was added. */
  readonly memberships: Int32Array = new Int32Array(most)
  /** The same of resources. */
  readonly resources: Int32Array = new Int32Array(most)

  get isFull(): boolean {
    return this.#count === most
  }

  get count(): number {
    return this.#count
  }

  /** Forget what was added. */
  clear(): void {
    this.#count = 0
  }

  /** Have a membership and a resource looked up. */
  add(membershipId: string, type: number, externalId: string): void {
    const n = this.#count++
    if (n === this.#membershipIds.length) {
      this.#membershipIds.push(new WantedText())
      this.#externalIds.push(new WantedText())
    }
    this.#membershipHashes[n] = readMembershipId(this.#membershipIds[n] as WantedText, membershipId)
    this.#resourceHashes[n] = readExternalId(this.#externalIds[n] as WantedText, type, externalId)
    this.#types[n] = type
  }

  /** Find all that was added. */
  find(records: Records): void {
    this.#findSlots(records)
    this.#touch(records)
    for (let n = 0; n < this.#count; n++) {
      this.memberships[n] = membershipFrom(
        records,
        this.#membershipIds[n] as WantedText,
        this.#membershipHashes[n] as number,
        this.#membershipSlots[n] as number,
      )
      this.resources[n] = resourceFrom(
        records,
        this.#externalIds[n] as WantedText,
        this.#types[n] as number,
        this.#resourceHashes[n] as number,
        this.#resourceSlots[n] as number,
      )
    }
  }

  #findSlots(records: Records): void {
    for (let n = 0; n < this.#count; n++) {
      this.#membershipSlots[n] = slotOfMembership(records, this.#membershipHashes[n] as number)
      this.#resourceSlots[n] = slotOfResource(records, this.#resourceHashes[n] as number)
    }
  }

  /**
   * Read one word of each thing that is compared or decided by, one step after the other, and do nothing with it. It
   * goes by what slots say, which is nearly always what will be found: nothing is decided by it.
   */
  #touch(records: Records): void {
    const { words, texts, memberships, resources, moreOfResources, rows, links, groups } = records
    const membershipMask = records.membershipIdSlots - 1
    const resourceMask = records.externalIdSlots - 1
    const count = this.#count
    const ofMemberships = this.memberships
    const ofResources = this.resources
    let sum = 0
    // What slots lead to.
    for (let n = 0; n < count; n++) {
      const membership = entryOf(
        this.#membershipSlots[n] as number,
        membershipMask,
        this.#membershipHashes[n] as number,
      )
      ofMemberships[n] = membership
      if (membership >= 0) {
        const at = memberships + membership * wordsOfMembership
        sum += (words[at] as number) ^ (words[at + wordsOfMembership - 1] as number)
      }
      const resource = entryOf(
        this.#resourceSlots[n] as number,
        resourceMask,
        this.#resourceHashes[n] as number,
      )
      ofResources[n] = resource
      if (resource >= 0) {
        const more = moreOfResources + resource * moreOfResource
        sum += (words[more] as number) ^ (words[more + 1] as number)
        sum += words[resources + resource * wordsOfResource] as number
      }
    }
    // What those lead to: the ids to compare, the parent, the first row, the first group.
    for (let n = 0; n < count; n++) {
      const membership = ofMemberships[n] as number
      if (membership >= 0) {
        const at = memberships + membership * wordsOfMembership
        const text = texts + ((words[at + 4] as number) >>> 2)
        // What is compared first is the end.
        sum += (words[text] as number) ^ (words[text + ((records.idLengthOf(membership) - 1) >> 2)] as number)
        const row = words[at + 1] as number
        const link = words[at + 2] as number
        if (row !== none) sum += words[rows + row * wordsOfRow] as number
        if (link !== none) sum += words[links + link * wordsOfLink] as number
        ofMemberships[n] = link
      }
      const resource = ofResources[n] as number
      if (resource >= 0) {
        sum += words[
          texts + ((words[moreOfResources + resource * moreOfResource + 1] as number) >>> 2)
        ] as number
        const parent = words[resources + resource * wordsOfResource] as number
        if (parent !== none) sum += words[resources + parent * wordsOfResource] as number
      }
    }
    // The first row of that group.
    for (let n = 0; n < count; n++) {
      const link = ofMemberships[n] as number
      if (link < 0) continue
      const group = (words[links + link * wordsOfLink] as number) >> nextBits
      const row = words[groups + group * wordsOfGroup] as number
      if (row !== none) sum += words[rows + row * wordsOfRow] as number
    }
    this.#touched[0] = sum
  }
}
