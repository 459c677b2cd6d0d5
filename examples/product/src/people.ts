import { type MembershipId, type OrganizationId, parseMembershipId, type RoleSlug } from '@bailiwick/core'
import { model } from './model.js'
import { acme, globex } from './organizations.js'

/** Somebody who uses the product, in one organization. */
export interface Person {
  readonly name: string
  /** In a few words, what she holds. */
  readonly holds: string
  readonly userId: string
  readonly organizationId: OrganizationId
  readonly membershipId: MembershipId
  /** Organization-level roles. The identity provider writes them, and what they permit, into her token. */
  readonly roles: readonly RoleSlug[]
  /** Roles on one resource. Only the engine knows of these. */
  readonly assignments: readonly {
    readonly role: RoleSlug
    readonly type: 'workspace' | 'project'
    readonly id: string
  }[]
}

export const people = {
  ada: person('Ada', acme, 'owner of Acme', { roles: ['owner'] }),
  wanda: person('Wanda', acme, 'admin of the workspace `engineering` at Acme', {
    assignments: [{ role: 'workspace-admin', type: 'workspace', id: 'engineering' }],
  }),
  pia: person('Pia', acme, 'editor of the project `web` at Acme', {
    assignments: [{ role: 'project-editor', type: 'project', id: 'web' }],
  }),
  noor: person('Noor', acme, 'no role at Acme', {}),
  gus: person('Gus', globex, 'owner of Globex', { roles: ['owner'] }),
}

/** The people, by the names that the table of requests uses. */
export type PersonKey = keyof typeof people

/** What her token says of the whole organization: everything that her organization-level roles permit. */
export function organizationWidePermissions({ roles }: Person): readonly string[] {
  return [...new Set(roles.flatMap((role) => model.role(role).permissions))].sort()
}

function person(
  name: string,
  organizationId: OrganizationId,
  holds: string,
  { roles = [], assignments = [] }: Partial<Pick<Person, 'roles' | 'assignments'>>,
): Person {
  const key = name.toLowerCase()
  return {
    name,
    holds,
    userId: `user_${key}`,
    organizationId,
    membershipId: parseMembershipId(`om_${key}`),
    roles,
    assignments,
  }
}
