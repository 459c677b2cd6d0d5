import {
  type GroupId,
  type MembershipId,
  type OrganizationId,
  parseGroupId,
  parseMembershipId,
  parseOrganizationId,
  rootType,
} from '@bailiwick/core'
import type { Named, Subject } from './world.js'

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

/** The id under which worlds know a group, until an engine has given it its own. */
export function groupIdOf(name: string, organization: string): GroupId {
  return parseGroupId(`group_${organization}_${name}`)
}

/**
 * `ada`, `group/builders`, or an agent: `bot/helper`.
 *
 * @param employer - The organization in which somebody is known.
 */
export function readSubject(text: string, employer: string): Subject {
  if (!text.includes('/')) {
    const refs = [{ membershipId: membershipIdOf(text, employer) }, { userId: userIdOf(text) }] as const
    return { kind: 'membership', name: text, refs }
  }
  if (text.startsWith('group/')) {
    const groupId = groupIdOf(text.slice('group/'.length), employer)
    return { kind: 'group', name: text, refs: [{ groupId }] }
  }
  const agent = readResource(text, organizationIdOf(employer))
  return { kind: 'agent', name: text, refs: [{ agent }] }
}
