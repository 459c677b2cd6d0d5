import type { MembershipId } from '@bailiwick/core'
import { IdTexts, inWords } from './id-texts.js'
import { membershipPrefix } from './lookup.js'
import type { Records } from './records.js'

/** A membership as a subject. */
export interface MembershipKey {
  readonly kind: 'membership'
  readonly id: MembershipId
}

/** A row: the prefix and the rest of the id. */
const prefix = inWords(membershipPrefix)
const fixedWords = prefix.length
const idAt = fixedWords * 4 - membershipPrefix.length

/** The ids of memberships as strings. */
export function membershipTexts(records: Records): IdTexts {
  return new IdTexts({
    fixedWords,
    lengthOf: (entry) => records.idLengthOf(entry),
    write: (entry, into, at) => {
      for (let word = 0; word < fixedWords; word++) into[at + word] = prefix[word] as number
      return records.arena.copy(records.textOf(entry), records.idLengthOf(entry), into, at + fixedWords)
    },
    width: 1,
    cut: (text, start, length, into) => {
      into.push(text.substring(start + idAt, start + fixedWords * 4 + length))
    },
  })
}

/** Many entries as subjects, in their order. */
export function membershipKeys(texts: IdTexts, entries: readonly number[]): MembershipKey[] {
  return texts.items(entries, key)
}

function key(strings: readonly string[], at: number): MembershipKey {
  return { kind: 'membership', id: strings[at] as MembershipId }
}
