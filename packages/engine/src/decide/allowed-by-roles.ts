import type { nextTold, wordsOf } from '../graph/record-words.js'
import type { none as noEntry, Records } from '../graph/records.js'
import type { Holder, membershipKind } from '../graph/row-table.js'

// Constants of this module alone are compiled into what uses them; those that are imported are read each time. Their
// types hold them to the layout.
const none: typeof noEntry = -1
const ofMembership: typeof membershipKind = 0
const wordsOfMembership: typeof wordsOf.membership = 5
const wordsOfResource: typeof wordsOf.resource = 1
const wordsOfGroup: typeof wordsOf.group = 2
const wordsOfLink: typeof wordsOf.link = 1
const wordsOfRow: typeof wordsOf.row = 2
const nextBits: typeof nextTold.bits = 2
const nextMask: typeof nextTold.mask = 3
const isLast: typeof nextTold.isLast = 0
const isBefore: typeof nextTold.isBefore = 1

/**
 * The common case of a check written out, for a third of the time of a walk: a membership with one role or
 * none, at most three levels below the organization, where nobody has an exception. `undefined` where there is more
 * to look at.
 *
 * It reads the words of records itself: of methods that are called, the compiler takes only so many into one
 * function, and which ones it left out was another matter in each process.
 */
export function allowedByRoles(
  records: Records,
  holder: Holder,
  permission: number,
  resource: number,
): boolean | undefined {
  if (records.isIntricate || (holder & 3) !== ofMembership) return undefined
  const { words, roleBits, environment, resources, rows } = records
  const membership = records.memberships + (holder >> 2) * wordsOfMembership
  const own = words[membership] as number
  if (own < none) return undefined
  const width = environment.wordsPerRole
  const word = permission >>> 5
  const bit = 1 << (permission & 31)
  if (own !== none && ((roleBits[own * width + word] as number) & bit) !== 0) return true
  const one = words[resources + resource * wordsOfResource] as number
  const two = one === none ? none : (words[resources + one * wordsOfResource] as number)
  const three = two === none ? none : (words[resources + two * wordsOfResource] as number)
  if (environment.levels > 3 && three !== none && words[resources + three * wordsOfResource] !== none)
    return undefined
  // Her own rows, then those of each of her groups.
  let row = words[membership + 1] as number
  let link = words[membership + 2] as number
  for (;;) {
    if (row !== none) {
      // By words, and the next one first that stands before: as numbers of rows it was a seventh of a check more.
      let at = rows + row * wordsOfRow
      for (;;) {
        const on = words[at] as number
        const given = words[at + 1] as number
        if (
          (on === resource || on === one || on === two || on === three) &&
          ((roleBits[(given >> nextBits) * width + word] as number) & bit) !== 0
        )
          return true
        const told = given & nextMask
        if (told === isBefore) {
          at -= wordsOfRow
          continue
        }
        if (told === isLast) break
        at = rows + records.nextRow((at - rows) / wordsOfRow) * wordsOfRow
      }
    }
    if (link === none) return false
    const joined = words[records.links + link * wordsOfLink] as number
    row = words[records.groups + (joined >> nextBits) * wordsOfGroup] as number
    const told = joined & nextMask
    link = told === isBefore ? link - 1 : told === isLast ? none : records.nextLink(link)
  }
}
