import {
  type CheckQuestion,
  idPrefixes,
  limits,
  type MembershipId,
  type OrganizationId,
} from '@bailiwick/core'
import { isShortId, plainId, plainText } from './plain-text.js'

const start = '{"checks":['

/** The body of a batch whose checks are all of the form that nearly all have, as questions already. */
export class PlainChecks {
  constructor(readonly checks: CheckQuestion[]) {}
}

/**
 * Read the body of a batch out of its text, where every check asks what nearly all do: may this membership do that
 * with the resource of that external id, in this organization. One expression for the whole of a check takes a fifth
 * of the time of parsing it as JSON, strictly, and looking at each field.
 *
 * @param text - The body. A byte of it that is no ASCII may stand in it as anything that is none.
 * @returns What the schema would have made of it, or `undefined` for whatever the schema has to judge.
 */
export function readPlainChecks(text: string): PlainChecks | undefined {
  if (!text.startsWith(start)) return undefined
  const checks: CheckQuestion[] = []
  expression.lastIndex = start.length
  for (;;) {
    const found = expression.exec(text)
    const question = found && readQuestion(found, checks.at(-1)?.organizationId)
    if (!found || !question || checks.length === limits.checksPerBatch) return undefined
    checks.push(question)
    if (found[6] === ',') continue
    return expression.lastIndex === text.length ? new PlainChecks(checks) : undefined
  }
}

const expression = new RegExp(
  `\\{"organization_id":"(${plainId('organization')})",` +
    `"organization_membership_id":"(${plainId('membership')})","permission_slug":"(${plainText})",` +
    `"resource_external_id":"(${plainText})","resource_type_slug":"(${plainText})"\\}(,|\\]\\}$)`,
  'y',
)

/** @param last - The organization of the check before: most batches are about one. */
function readQuestion(found: RegExpExecArray, last: OrganizationId | undefined): CheckQuestion | undefined {
  const named = found[1] as OrganizationId
  const organizationId = named === last ? last : ownText(named)
  const membershipId = found[2] as MembershipId
  const permission = found[3] as string
  const externalId = found[4] as string
  const type = found[5] as string
  const isShort =
    isShortId(organizationId, idPrefixes.organization) &&
    isShortId(membershipId, idPrefixes.membership) &&
    permission.length <= limits.slugLength &&
    externalId.length <= limits.externalIdLength &&
    type.length <= limits.slugLength
  return isShort
    ? { organizationId, subject: { membershipId }, permission, resource: { type, externalId } }
    : undefined
}

/**
 * The same text, kept by itself. What has matched is a part of the body and keeps all of it, for as long as an engine
 * keeps the organization in memory under that name.
 */
function ownText<Text extends string>(text: Text): Text {
  return JSON.parse(`"${text}"`) as Text
}
