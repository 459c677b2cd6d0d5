import type { CheckQuestion } from '@bailiwick/core'
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
  const rows: (CheckRow | string)[] = []
  let before: CheckTexts | undefined
  let areRows = true
  for (const check of checks) {
    if (typeof check === 'string') {
      rows.push(check)
      areRows = false
      continue
    }
    const { organizationId, membershipId, permission, externalId, type } = check
    rows.push([
      organizationId === before?.organizationId ? 0 : organizationId,
      membershipId === before?.membershipId ? 0 : membershipId,
      permission === before?.permission ? 0 : permission,
      externalId,
      type === before?.type ? 0 : type,
    ])
    before = check
  }
  const list = areRows ? JSON.stringify(rows) : `[${rows.map(jsonOf).join(',')}]`
  return `{"answers":"rows","checks":${list}}`
}

type CheckRow = readonly (string | 0)[]

function jsonOf(row: CheckRow | string): string {
  return typeof row === 'string' ? row : JSON.stringify(row)
}
