import type { CheckQuestion } from '@bailiwick/core'
import { fivePlain } from './plain-text.js'
import { renderCheckQuestion } from './questions.js'

/** A check as it is asked. */
export interface WrittenCheck {
  /** JSON. */
  readonly json: string
  /** The same for equal questions and for no others, and without a line break. */
  readonly key: string
}

/**
 * Ask a check, as text.
 *
 * What nearly all ask (may this membership do that with the resource of that external id) is put together by hand,
 * because a remote engine writes it down for every check.
 */
export function writeCheckQuestion(question: CheckQuestion): WrittenCheck {
  const { organizationId, subject, onBehalfOf, permission, resource } = question
  if (
    'membershipId' in subject &&
    onBehalfOf === undefined &&
    resource !== undefined &&
    'externalId' in resource
  ) {
    const { membershipId } = subject
    const { type, externalId } = resource
    if (!areText(organizationId, membershipId, permission, type, externalId)) return writtenAtLength(question)
    // Half as long as the JSON, for whoever has to find it among others.
    const key = `${organizationId}"${membershipId}"${permission}"${type}"${externalId}`
    if (fivePlain.test(key)) {
      const json = `{"organization_id":"${organizationId}","organization_membership_id":"${membershipId}","permission_slug":"${permission}","resource_external_id":"${externalId}","resource_type_slug":"${type}"}`
      return { json, key }
    }
  }
  return writtenAtLength(question)
}

function writtenAtLength(question: CheckQuestion): WrittenCheck {
  const json = JSON.stringify(renderCheckQuestion(question))
  // An odd number of quotation marks is what the other kind never has.
  return { json, key: `"${json}` }
}

/** Whether all are strings. Who writes no TypeScript may pass anything. */
function areText(one: unknown, two: unknown, three: unknown, four: unknown, five: unknown): boolean {
  return (
    typeof one === 'string' &&
    typeof two === 'string' &&
    typeof three === 'string' &&
    typeof four === 'string' &&
    typeof five === 'string'
  )
}
