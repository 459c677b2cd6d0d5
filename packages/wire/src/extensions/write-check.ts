import type { CheckQuestion } from '@bailiwick/core'
import { isPlainText } from './plain-text.js'
import { renderCheckQuestion } from './questions.js'

/** A check as it is asked. */
export interface WrittenCheck {
  /** JSON, the same for equal questions and for no others. */
  readonly json: string
  /**
   * The same for equal questions, and for few others: who asks, and about what. To find a question among others by
   * this costs half of what it costs by all of its JSON. It holds no line break.
   */
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
    if (
      isPlain(organizationId) &&
      isPlain(membershipId) &&
      isPlain(permission) &&
      isPlain(type) &&
      isPlain(externalId)
    ) {
      const json = `{"organization_id":"${organizationId}","organization_membership_id":"${membershipId}","permission_slug":"${permission}","resource_external_id":"${externalId}","resource_type_slug":"${type}"}`
      return { json, key: `${membershipId}"${externalId}` }
    }
  }
  const json = JSON.stringify(renderCheckQuestion(question))
  return { json, key: json }
}

/** Who writes no TypeScript may pass anything. */
function isPlain(text: unknown): boolean {
  return typeof text === 'string' && isPlainText(text)
}
