import {
  type CheckQuestion,
  idPrefixes,
  limits,
  type MembershipId,
  type OrganizationId,
} from '@bailiwick/core'
import { isShortId, plainId, plainText } from './plain-text.js'

const start = '{"answers":"rows","checks":['

/** The body of a batch whose checks and answers are all rows, as questions already. */
export class CheckRows {
  readonly answers = 'rows'
  constructor(readonly checks: CheckQuestion[]) {}
}

/**
 * Read the body of a batch out of its text, where every check is a row and is answered by one: may this membership do that with the resource
 * of that external id. One expression for the whole of a row takes half of the time of parsing it as JSON, strictly,
 * and looking at each field.
 *
 * @param text - The body. A byte of it that is no ASCII may stand in it as anything that is none.
 * @returns What `spellOut` and the schema would have made of it, or `undefined` for whatever they have to judge.
 */
export function readCheckRows(text: string): CheckRows | undefined {
  if (!text.startsWith(start)) return undefined
  const checks: CheckQuestion[] = []
  let organizationId: OrganizationId | undefined
  let membershipId: MembershipId | undefined
  let permission: string | undefined
  let type: string | undefined
  expression.lastIndex = start.length
  for (;;) {
    const found = expression.exec(text)
    if (found === null || checks.length === limits.checksPerBatch) return undefined
    const externalId = found[4] as string
    if (found[1] !== undefined) organizationId = ownText(found[1] as OrganizationId)
    if (found[2] !== undefined) membershipId = found[2] as MembershipId
    if (found[3] !== undefined) permission = found[3]
    if (found[5] !== undefined) type = found[5]
    if (
      organizationId === undefined ||
      membershipId === undefined ||
      permission === undefined ||
      type === undefined
    )
      return undefined
    const isShort =
      isShortId(organizationId, idPrefixes.organization) &&
      isShortId(membershipId, idPrefixes.membership) &&
      permission.length <= limits.slugLength &&
      externalId.length <= limits.externalIdLength &&
      type.length <= limits.slugLength
    if (!isShort) return undefined
    checks.push({ organizationId, subject: { membershipId }, permission, resource: { type, externalId } })
    if (found[6] === ',') continue
    return expression.lastIndex === text.length ? new CheckRows(checks) : undefined
  }
}

const expression = new RegExp(
  `\\[(?:0|"(${plainId('organization')})"),(?:0|"(${plainId('membership')})"),(?:0|"(${plainText})"),` +
    `"(${plainText})",(?:0|"(${plainText})")\\](,|\\]\\}$)`,
  'y',
)

/**
 * The same text, kept by itself. What has matched is a part of the body and keeps all of it, for as long as an engine
 * keeps the organization in memory under that name.
 */
function ownText<Text extends string>(text: Text): Text {
  return JSON.parse(`"${text}"`) as Text
}

/** The fields of a row in their order. */
const fields = [
  'organization_id',
  'organization_membership_id',
  'permission_slug',
  'resource_external_id',
  'resource_type_slug',
] as const

/**
 * Spell rows out as the objects that they are short for: each 0 as what the row before has there. What is no row of
 * that kind is left as it is, for the schema to refuse.
 */
export function spellOut(checks: readonly unknown[]): readonly unknown[] {
  let before: readonly unknown[] = []
  return checks.map((check) => {
    if (!Array.isArray(check) || check.length !== fields.length) return check
    const row = check.map((value: unknown, at) => (value === 0 ? before[at] : value))
    if (!row.every((value) => typeof value === 'string')) return check
    before = row
    return Object.fromEntries(fields.map((field, at) => [field, row[at]]))
  })
}
