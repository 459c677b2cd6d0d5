import type { ResourceAddress, ResourceId } from '@bailiwick/core'
import { IdTexts, inWords } from './id-texts.js'
import type { Records } from './records.js'
import type { UlidIndex } from './ulid-index.js'

/** What every id of a resource begins with, and an underscore. */
export const resourcePrefix = 'authz_resource'

/** A row: the prefix, a ULID, the external id. In words, and where each begins and ends in characters. */
const prefix = inWords(`${resourcePrefix}_`)
const fixedWords = prefix.length + 7
const idAt = prefix.length * 4 - resourcePrefix.length - 1
const idEnd = prefix.length * 4 + 26
const externalIdAt = fixedWords * 4

/** The ids of resources as strings, ours and the application's. */
export function resourceTexts(records: Records, ids: UlidIndex): IdTexts {
  return new IdTexts({
    fixedWords,
    lengthOf: (entry) => records.externalIdLengthOf(entry),
    write: (entry, into, at) => {
      for (let word = 0; word < prefix.length; word++) into[at + word] = prefix[word] as number
      ids.write(entry, into, at + prefix.length)
      const length = records.externalIdLengthOf(entry)
      return records.arena.copy(records.externalIdOf(entry), length, into, at + fixedWords)
    },
    width: 2,
    cut: (text, start, length, into) => {
      const external = start + externalIdAt
      into.push(text.substring(start + idAt, start + idEnd), text.substring(external, external + length))
    },
  })
}

/** The addresses of many entries of one type, in their order. */
export function resourceAddresses(
  texts: IdTexts,
  entries: readonly number[],
  type: string,
): ResourceAddress[] {
  return texts.items(entries, (strings, at) => ({
    id: strings[at] as ResourceId,
    type,
    externalId: strings[at + 1] as string,
  }))
}
