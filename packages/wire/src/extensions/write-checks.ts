import type { CheckQuestion } from '@bailiwick/core'
import { QuotedWords, quoted } from './plain-text.js'
import { renderCheckQuestion } from './questions.js'

/** A check as it is asked: its texts, where it asks what nearly all do, and JSON for whatever asks more than that. */
export type WrittenCheck = CheckTexts | string

/** May this membership do that with the resource of that external id, in this organization. */
export interface CheckTexts {
  readonly organizationId: string
  readonly membershipId: string
  readonly permission: string
  readonly externalId: string
  readonly type: string
}

/** Take down a check as it is asked now. */
export function takeDown(question: CheckQuestion): WrittenCheck {
  const { organizationId, subject, onBehalfOf, permission, resource } = question
  if (
    'membershipId' in subject &&
    onBehalfOf === undefined &&
    resource !== undefined &&
    'externalId' in resource
  ) {
    const { membershipId } = subject
    const { type, externalId } = resource
    // Who writes no TypeScript may pass anything.
    if (
      typeof organizationId === 'string' &&
      typeof membershipId === 'string' &&
      typeof permission === 'string' &&
      typeof externalId === 'string' &&
      typeof type === 'string'
    )
      return { organizationId, membershipId, permission, externalId, type }
  }
  return JSON.stringify(renderCheckQuestion(question))
}

/** The same for equal checks, and for few others: who asks, and about what. */
export function keyOf(check: WrittenCheck): string {
  return typeof check === 'string' ? check : `${check.membershipId}"${check.externalId}`
}

/** Whether two ask the same. */
export function isSameCheck(one: WrittenCheck, other: WrittenCheck): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other
  return (
    one.externalId === other.externalId &&
    one.membershipId === other.membershipId &&
    one.permission === other.permission &&
    one.organizationId === other.organizationId &&
    one.type === other.type
  )
}

/** The body of a batch that wants rows: of rows too, as far as they will do. A 0 is what the row before has there. */
export function writeChecks(checks: readonly WrittenCheck[]): string {
  let text = '{"answers":"rows","checks":['
  let before: CheckTexts | undefined
  const words = new QuotedWords()
  for (let at = 0; at < checks.length; at++) {
    const check = checks[at] as WrittenCheck
    if (at > 0) text += ','
    if (typeof check === 'string') {
      text += check
      continue
    }
    const { organizationId, membershipId, permission, externalId, type } = check
    text += `[${organizationId === before?.organizationId ? '0' : quoted(organizationId)},`
    text += `${membershipId === before?.membershipId ? '0' : quoted(membershipId)},`
    text += `${permission === before?.permission ? '0' : words.quote(permission)},`
    text += `${quoted(externalId)},${type === before?.type ? '0' : words.quote(type)}]`
    before = check
  }
  return `${text}]}`
}
