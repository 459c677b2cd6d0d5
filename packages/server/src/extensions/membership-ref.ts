import type { MembershipId, MembershipRef } from '@bailiwick/core'
import { parseSubjectRef } from '@bailiwick/wire'

/** The membership that a request names. @throws {InputInvalid} unless by its id or by its user, and not by both. */
export function membershipRefOf(json: {
  readonly organization_membership_id?: MembershipId | undefined
  readonly user_id?: string | undefined
}): MembershipRef {
  const { organization_membership_id, user_id } = json
  // Only these two fields are there, so whatever subject they name is a membership.
  return parseSubjectRef({ organization_membership_id, user_id }) as MembershipRef
}
