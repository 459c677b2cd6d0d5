import { none, type Records } from '../graph/records.js'
import { type Holder, membershipKind } from '../graph/row-table.js'

/**
 * The common case of a check written out, for a third of the time of a walk: a membership with one chosen role or
 * none, at most three levels below the organization, where nobody has an exception. `undefined` where there is more
 * to look at.
 */
export function allowedByRoles(
  records: Records,
  holder: Holder,
  permission: number,
  resource: number,
): boolean | undefined {
  if (records.exceptions > 0 || records.anyCrowded || records.environment.singleRole) return undefined
  if ((holder & 3) !== membershipKind) return undefined
  const membership = holder >> 2
  const own = records.roleWordOf(membership)
  if (own < none) return undefined
  if (own !== none && records.holds(own, permission)) return true
  const one = records.parentOf(resource)
  const two = one === none ? none : records.parentOf(one)
  const three = two === none ? none : records.parentOf(two)
  if (three !== none && records.parentOf(three) !== none) return undefined
  const first = records.firstRowOf(membership)
  if (anyRowGrants(records, first, permission, resource, one, two, three)) return true
  for (let link = records.firstLinkOf(membership); link !== none; link = records.nextLink(link)) {
    const row = records.firstRowOfGroup(records.groupOf(link))
    if (anyRowGrants(records, row, permission, resource, one, two, three)) return true
  }
  return false
}

/** Whether one of a holder's rows lies on the way and holds the permission. */
function anyRowGrants(
  records: Records,
  first: number,
  permission: number,
  resource: number,
  one: number,
  two: number,
  three: number,
): boolean {
  for (let row = first; row !== none; row = records.nextRow(row)) {
    const at = records.resourceOf(row)
    if (at !== resource && at !== one && at !== two && at !== three) continue
    if (records.holds(records.roleOf(row), permission)) return true
  }
  return false
}
