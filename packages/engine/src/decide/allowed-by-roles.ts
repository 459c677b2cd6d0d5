import { none, type Records } from '../graph/records.js'
import { type Holder, membershipKind } from '../graph/row-table.js'

/**
 * The common case of a check written out, for a third of the time of a walk: a membership with one role or
 * none, at most three levels below the organization, where nobody has an exception. `undefined` where there is more
 * to look at.
 */
export function allowedByRoles(
  records: Records,
  holder: Holder,
  permission: number,
  resource: number,
): boolean | undefined {
  if (records.isIntricate || (holder & 3) !== membershipKind) return undefined
  const membership = holder >> 2
  const own = records.roleWordOf(membership)
  if (own < none) return undefined
  if (own !== none && records.holds(own, permission)) return true
  const one = records.parentOf(resource)
  const two = one === none ? none : records.parentOf(one)
  const three = two === none ? none : records.parentOf(two)
  if (records.environment.levels > 3 && three !== none && records.parentOf(three) !== none) return undefined
  // Her own rows, then those of each of her groups.
  let row = records.firstRowOf(membership)
  let link = records.firstLinkOf(membership)
  for (;;) {
    for (; row !== none; row = records.nextRow(row)) {
      const at = records.resourceOf(row)
      if (at !== resource && at !== one && at !== two && at !== three) continue
      if (records.holds(records.roleOf(row), permission)) return true
    }
    if (link === none) return false
    row = records.firstRowOfGroup(records.groupOf(link))
    link = records.nextLink(link)
  }
}
