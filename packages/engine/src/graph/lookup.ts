import { absent, isWantedAt, readBytes, readText } from './byte-arena.js'
import { none, type Records } from './records.js'
import { entryIn } from './slots.js'

// A constant of this module alone is compiled into the look-up; one that is exported is read each time.
const prefix = 'om_'

/** What every id of a membership begins with; only what follows is kept. */
export const membershipPrefix = prefix
export const membershipSalt = 1

/** The entry of a membership, or `none`. One of the two look-ups of every check: it touches the records alone. */
export function findMembershipById(records: Records, id: string): number {
  if (!id.startsWith(prefix)) return none
  const hash = readText(id, prefix.length, membershipSalt)
  if (hash === absent) return none
  const { words, membershipIds, membershipIdSlots, texts } = records
  for (let place = hash; ; place++) {
    const entry = entryIn(words, membershipIds, membershipIdSlots, place, hash)
    if (entry === none) return none
    if (entry < 0) continue
    if (isWantedAt(words, texts + (records.textOf(entry) >>> 2), records.idLengthOf(entry))) return entry
  }
}

/** The same where what an id has behind the prefix stands in bytes. */
export function findMembershipByBytes(records: Records, bytes: Uint8Array, from: number, to: number): number {
  const hash = readBytes(bytes, from, to, membershipSalt)
  for (let place = hash; ; place++) {
    const entry = records.byMembershipId.entryAt(place, hash)
    if (entry === none) return none
    if (entry >= 0 && records.arena.isWanted(records.textOf(entry), records.idLengthOf(entry))) return entry
  }
}

/** The entry of a resource by its type and external id, or `none`. */
export function findByExternalId(records: Records, type: number, externalId: string): number {
  const hash = readText(externalId, 0, type)
  if (hash === absent) return none
  const { words, externalIds, externalIdSlots, texts } = records
  for (let place = hash; ; place++) {
    const entry = entryIn(words, externalIds, externalIdSlots, place, hash)
    if (entry === none) return none
    if (entry < 0 || records.typeOf(entry) !== type) continue
    if (isWantedAt(words, texts + (records.externalIdOf(entry) >>> 2), records.externalIdLengthOf(entry)))
      return entry
  }
}
