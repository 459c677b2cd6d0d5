import type { CheckQuestion, MembershipId, OrganizationId } from '@bailiwick/core'
import { idPatterns, isExternalId, isKnownSlug } from '../ids.js'

/**
 * Read a check of a batch in the form that nearly all have: may this membership do that with the resource of that
 * external id, in this organization. A schema takes several times as long, for every check of a batch.
 *
 * @returns What the schema would have made of it, or `undefined` for whatever the schema has to judge.
 */
export function readPlainQuestion(json: unknown): CheckQuestion | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  const {
    organization_id: organizationId,
    organization_membership_id: membershipId,
    permission_slug: permission,
    resource_external_id: externalId,
    resource_type_slug: type,
    resource_id,
    user_id,
    group_id,
    agent_resource_id,
    agent_resource_external_id,
    agent_resource_type_slug,
    on_behalf_of,
    explain,
  } = json as Readonly<Record<string, unknown>>
  const isPlain =
    resource_id === undefined &&
    user_id === undefined &&
    group_id === undefined &&
    agent_resource_id === undefined &&
    agent_resource_external_id === undefined &&
    agent_resource_type_slug === undefined &&
    on_behalf_of === undefined &&
    explain === undefined
  if (!isPlain || !isKnownSlug(permission) || !isKnownSlug(type) || !isExternalId(externalId))
    return undefined
  if (typeof organizationId !== 'string' || !idPatterns.organization.test(organizationId)) return undefined
  if (typeof membershipId !== 'string' || !idPatterns.membership.test(membershipId)) return undefined
  return {
    organizationId: organizationId as OrganizationId,
    subject: { membershipId: membershipId as MembershipId },
    permission,
    resource: { type, externalId },
  }
}
