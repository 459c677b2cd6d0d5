import { IdTexts, inWords } from './id-texts.js'
import type { UlidIndex } from './ulid-index.js'

/** What every id of an assignment begins with, and an underscore. */
export const assignmentPrefix = 'role_assignment'

/** A row: the prefix and a ULID. */
const prefix = inWords(`${assignmentPrefix}_`)
const fixedWords = prefix.length + 7
const idAt = prefix.length * 4 - assignmentPrefix.length - 1
const idEnd = prefix.length * 4 + 26

/** The ids of assignments as strings. */
export function assignmentTexts(ids: UlidIndex): IdTexts {
  return new IdTexts({
    fixedWords,
    lengthOf: () => 0,
    write: (row, into, at) => {
      for (let word = 0; word < prefix.length; word++) into[at + word] = prefix[word] as number
      ids.write(row, into, at + prefix.length)
      return at + fixedWords
    },
    width: 1,
    cut: (text, start, _, into) => {
      into.push(text.substring(start + idAt, start + idEnd))
    },
  })
}
