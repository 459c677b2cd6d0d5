import type { CheckQuestion } from '@bailiwick/core'
import { renderCheckQuestion } from './questions.js'

/**
 * Ask a check, as text: equal questions are the same text.
 *
 * What nearly all ask (may this membership do that with the resource of that external id) is put together by hand,
 * because a remote engine writes it down for every check.
 */
export function writeCheckQuestion(question: CheckQuestion): string {
  const { organizationId, subject, onBehalfOf, permission, resource } = question
  if (
    'membershipId' in subject &&
    onBehalfOf === undefined &&
    resource !== undefined &&
    'externalId' in resource
  ) {
    const { membershipId } = subject
    const { type, externalId } = resource
    if (areText(organizationId, membershipId, permission, type, externalId)) {
      return `{"organization_id":"${organizationId}","organization_membership_id":"${membershipId}","permission_slug":"${permission}","resource_external_id":"${externalId}","resource_type_slug":"${type}"}`
    }
  }
  return JSON.stringify(renderCheckQuestion(question))
}

/** Whether all are strings that JSON writes as they are. Who writes no TypeScript may pass anything. */
function areText(one: unknown, two: unknown, three: unknown, four: unknown, five: unknown): boolean {
  return (
    typeof one === 'string' &&
    typeof two === 'string' &&
    typeof three === 'string' &&
    typeof four === 'string' &&
    typeof five === 'string' &&
    plain.test(one + two + three + four + five)
  )
}

// Printable ASCII but for the quotation mark and the backslash.
const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/
