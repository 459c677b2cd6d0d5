import {
  type MembershipId,
  type OrganizationId,
  parseMembershipId,
  parseOrganizationId,
  rootType,
} from '@bailiwick/core'
import type { Named } from './world.js'

/** `acme` → `org_acme` */
export function organizationIdOf(name: string): OrganizationId {
  return parseOrganizationId(`org_${name}`)
}

/** One person is one user everywhere, and another membership in each organization. */
export function membershipIdOf(person: string, organization: string): MembershipId {
  return parseMembershipId(`om_${organization}_${person}`)
}

/** `ada` → `user_ada` */
export function userIdOf(person: string): string {
  return `user_${person}`
}

/** `project/web`, or `organization` for the organization itself. @throws for any other text. */
export function readResource(text: string, organizationId: OrganizationId): Named {
  if (text === rootType) return { type: rootType, externalId: organizationId }
  const [type, externalId, ...rest] = text.split('/')
  if (!type || !externalId || rest.length > 0) {
    throw new Error(`\`${text}\` is no resource: write \`project/web\`, or \`${rootType}\``)
  }
  return { type, externalId }
}

/** A resource as worlds write it. */
export function showResource({ type, externalId }: Named): string {
  return type === rootType ? rootType : `${type}/${externalId}`
}
