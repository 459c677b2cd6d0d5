import { none, type Records } from './records.js'
import { entryOf } from './slots.js'
import { absent, WantedText } from './wanted-text.js'

// A constant of this module alone is compiled into the look-up; one that is exported is read each time.
const prefix = 'om_'
const salt = 1

/** What every id of a membership begins with; only what follows is kept. */
export const membershipPrefix = prefix
export const membershipSalt = salt

const wantedMembership = new WantedText()
const wantedResource = new WantedText()

/** What `findBoth` found: one for all, since whoever asks has read it before anybody asks again. */
const both = { membership: none, resource: none }

/** The entry of a membership, or `none`. One of the two look-ups of every check: it touches the records alone. */
export function findMembershipById(records: Records, id: string): number {
  const hash = readMembershipId(wantedMembership, id)
  return membershipFrom(records, wantedMembership, hash, slotOfMembership(records, hash))
}

/** The same where what an id has behind the prefix stands in bytes. */
export function findMembershipByBytes(records: Records, bytes: Uint8Array, from: number, to: number): number {
  const hash = wantedMembership.readBytes(bytes, from, to, salt)
  return membershipFrom(records, wantedMembership, hash, slotOfMembership(records, hash))
}

/** The entry of a resource by its type and external id, or `none`. */
export function findByExternalId(records: Records, type: number, externalId: string): number {
  const hash = readExternalId(wantedResource, type, externalId)
  return resourceFrom(records, wantedResource, type, hash, slotOfResource(records, hash))
}

/**
 * Both look-ups of a check. Each waits for memory three times, for one thing after the other. Where both strings are
 * read first, and both slots asked for before either is looked at, the two wait at the same time: among 1 500 000
 * assignments that is a quarter of a check.
 *
 * @returns Both entries, each of which may be `none`, until the next call.
 */
export function findBoth(
  records: Records,
  membershipId: string,
  type: number,
  externalId: string,
): Readonly<typeof both> {
  const membershipHash = readMembershipId(wantedMembership, membershipId)
  const resourceHash = readExternalId(wantedResource, type, externalId)
  // Of what is absent the slot is that of another one, and is not looked at.
  const membershipSlot = slotOfMembership(records, membershipHash)
  const resourceSlot = slotOfResource(records, resourceHash)
  both.membership = membershipFrom(records, wantedMembership, membershipHash, membershipSlot)
  both.resource = resourceFrom(records, wantedResource, type, resourceHash, resourceSlot)
  return both
}

/** Read the id of a membership to be sought. @returns The hash under which it is found, or `absent`. */
export function readMembershipId(wanted: WantedText, id: string): number {
  return id.startsWith(prefix) ? wanted.read(id, prefix.length, salt) : absent
}

/** The same for an external id, which is sought among those of its type. */
export function readExternalId(wanted: WantedText, type: number, externalId: string): number {
  return wanted.read(externalId, 0, type)
}

/** The slot in which a search begins. */
export function slotOfMembership({ words, membershipIds, membershipIdSlots }: Records, hash: number): number {
  return words[membershipIds + (hash & (membershipIdSlots - 1))] as number
}

/** The same for a resource. */
export function slotOfResource({ words, externalIds, externalIdSlots }: Records, hash: number): number {
  return words[externalIds + (hash & (externalIdSlots - 1))] as number
}

/** Search on from the first slot for the membership whose id was read. */
export function membershipFrom(records: Records, wanted: WantedText, hash: number, first: number): number {
  if (hash === absent) return none
  const { words, membershipIds, texts } = records
  const mask = records.membershipIdSlots - 1
  for (let slot = first, place = hash + 1; ; slot = words[membershipIds + (place++ & mask)] as number) {
    const entry = entryOf(slot, mask, hash)
    if (entry === none) return none
    if (entry < 0) continue
    const at = texts + (records.textOf(entry) >>> 2)
    if (wanted.liesAt(words, at, records.idLengthOf(entry))) return entry
  }
}

/** The same for a resource. */
export function resourceFrom(
  records: Records,
  wanted: WantedText,
  type: number,
  hash: number,
  first: number,
): number {
  if (hash === absent) return none
  const { words, externalIds, texts } = records
  const mask = records.externalIdSlots - 1
  for (let slot = first, place = hash + 1; ; slot = words[externalIds + (place++ & mask)] as number) {
    const entry = entryOf(slot, mask, hash)
    if (entry === none) return none
    if (entry < 0 || records.typeOf(entry) !== type) continue
    const at = texts + (records.externalIdOf(entry) >>> 2)
    if (wanted.liesAt(words, at, records.externalIdLengthOf(entry))) return entry
  }
}
