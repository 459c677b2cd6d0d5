import type { DirectorySource, Membership, User } from '@bailiwick/core'
import { z } from 'zod'
import { knownSlug, membershipId, organizationId, userId } from '../ids.js'
import { timestamp } from '../primitives.js'
import { renderUser, userJson } from './users.js'

const roleJson = z.object({ slug: z.string() })
const directoryGroups = z.array(z.string()).nullable()

const plainFields = {
  object: z.literal('organization_membership'),
  id: membershipId,
  user_id: z.string(),
  organization_id: organizationId,
  organization_name: z.string().optional(),
  status: z.enum(['active', 'inactive', 'pending']),
  directory_managed: z.boolean().optional(),
  custom_attributes: z.record(z.string(), z.unknown()).optional(),
  created_at: timestamp,
  updated_at: timestamp,
}

/** A membership in lists of who may, and of the members of a group: without its roles. */
export const plainMembershipJson = z
  .object({ ...plainFields, user: userJson.optional() })
  .meta({ id: 'MembershipWithoutRoles' })

/** A membership, as it is answered. */
export const membershipJson = z
  .object({
    ...plainFields,
    /** Of its own roles the one of highest priority. */
    role: roleJson.nullable(),
    /** Its own roles, highest priority first. */
    roles: z.array(roleJson).optional(),
    user: userJson.optional(),
    /** Ours: what the identity provider told of groups last, by source. */
    directory_groups: z.object({ sso: directoryGroups, directory: directoryGroups }).optional(),
  })
  .meta({ id: 'OrganizationMembership' })

export type PlainMembershipJson = z.output<typeof plainMembershipJson>
export type MembershipJson = z.output<typeof membershipJson>

/** What is said of a membership beside what it says itself. */
export interface MembershipSurroundings {
  readonly organizationName: string
  readonly user?: User | undefined
}

const roleChoice = {
  role_slug: knownSlug.optional(),
  role_slugs: z.array(knownSlug).min(1).max(100).optional(),
}

type RoleChoice = { readonly role_slug?: unknown; readonly role_slugs?: unknown }

const oneRoleChoice = ({ role_slug, role_slugs }: RoleChoice) =>
  role_slug === undefined || role_slugs === undefined
const notBoth = { path: ['role_slug'], error: 'must not come together with `role_slugs`' }

/** A membership to be made. `id` and `status` are ours. */
export const newMembershipJson = z
  .object({
    organization_id: organizationId,
    user_id: userId,
    id: membershipId.optional(),
    status: plainFields.status.optional(),
    ...roleChoice,
  })
  .refine(oneRoleChoice, notBoth)

export type NewMembershipJson = z.output<typeof newMembershipJson>

/** The roles that a membership has from now on. */
export const membershipChangesJson = z.object(roleChoice).refine(oneRoleChoice, notBoth)

/** The roles that a request names; `undefined` where it leaves them as they are. */
export function chosenRoles({
  role_slug,
  role_slugs,
}: z.output<typeof membershipChangesJson>): readonly string[] | undefined {
  return role_slug === undefined ? role_slugs : [role_slug]
}

/** A membership without its roles. */
export function renderPlainMembership(
  membership: Membership,
  { organizationName, user }: MembershipSurroundings,
): PlainMembershipJson {
  return {
    object: 'organization_membership',
    id: membership.id,
    user_id: membership.userId,
    organization_id: membership.organizationId,
    organization_name: organizationName,
    status: membership.status,
    directory_managed: membership.directoryGroups.directory !== null,
    custom_attributes: {},
    created_at: membership.createdAt,
    updated_at: membership.updatedAt,
    ...(user === undefined ? {} : { user: renderUser(user) }),
  }
}

/** @param surroundings.priority - The organization's role slugs, highest first. */
export function renderMembership(
  membership: Membership,
  surroundings: MembershipSurroundings & { readonly priority: readonly string[] },
): MembershipJson {
  const roles = inPriority(membership.roles, surroundings.priority).map((slug) => ({ slug }))
  const { sso, directory } = membership.directoryGroups
  return {
    ...renderPlainMembership(membership, surroundings),
    role: roles[0] ?? null,
    roles,
    directory_groups: { sso: copied(sso), directory: copied(directory) },
  }
}

export function parseMembership(json: MembershipJson): Membership {
  const roles = json.roles ?? (json.role === null ? [] : [json.role])
  return {
    id: json.id,
    organizationId: json.organization_id,
    userId: json.user_id,
    status: json.status,
    roles: roles.map(({ slug }) => slug).sort(),
    directoryGroups: json.directory_groups ?? untold,
    createdAt: json.created_at,
    updatedAt: json.updated_at,
  }
}

/** Roles in an order of priority; those that it does not name come last, as they were. */
export function inPriority(roles: readonly string[], priority: readonly string[]): readonly string[] {
  const rank = new Map(priority.map((slug, index) => [slug, index]))
  const rankOf = (slug: string) => rank.get(slug) ?? priority.length
  return roles.toSorted((one, other) => rankOf(one) - rankOf(other))
}

const untold: Readonly<Record<DirectorySource, null>> = { sso: null, directory: null }

function copied(groups: readonly string[] | null): string[] | null {
  return groups && [...groups]
}
