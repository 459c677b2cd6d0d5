import type { ModelDefinition } from '@bailiwick/core'
import { agentTypes, type OrganizationFacts, type OwnRole, type World } from './world.js'

/**
 * The model as a SpiceDB schema: a definition for each type, with a relation for each role that can be held there.
 *
 * Every permission stands in every definition, since it can be held above the type that it belongs to and asked on
 * any: `grant_…` is what is held here or above, `barred_…` what is denied here or above, `may_…` the one without the
 * other. `here_…` is the same for what is held on this very resource. `above` and `directly_above` tell a place.
 */
export function schemaOf(world: World): string {
  const holders = ['membership', 'group#member', 'directory_group#member', ...agentTypes(world.model)]
  const types = [
    ['organization', [] as readonly string[]] as const,
    ...Object.entries(world.model.resourceTypes).map(([slug, { parents }]) => [slug, parents] as const),
  ]
  return [
    'definition membership {\n}',
    'definition group {\n\trelation member: membership\n}',
    'definition directory_group {\n\trelation member: membership\n}',
    ...types.map(([slug, parents]) => definition(slug, parents, holders.join(' | '), world)),
  ].join('\n')
}

/** The relation of a role; one organization's own roles are not another's. */
export function roleRelation(role: string, organization: OrganizationFacts | undefined): string {
  const own = organization?.roles.some(({ slug }) => slug === role)
  return own === true ? word(`role_${organization?.id}_${role}`) : word(`role_${role}`)
}

/** SpiceDB's names have lower-case letters, digits and `_`. */
export function word(slug: string): string {
  return slug.replace(/[^a-z0-9]/g, '_')
}

function definition(slug: string, parents: readonly string[], holders: string, world: World): string {
  const isRoot = parents.length === 0
  const roles = rolesOn(slug, world)
  const lines = [
    ...(isRoot ? [] : [`relation parent: ${parents.join(' | ')}`]),
    ...roles.map(({ relation }) => `relation ${relation}: ${holders}`),
    `permission directly_above = ${isRoot ? 'nil' : 'parent'}`,
    `permission above = ${isRoot ? 'nil' : 'parent + parent->above'}`,
    ...Object.keys(world.model.permissions).flatMap((permission) => {
      const name = word(permission)
      const granting = roles.filter(({ permissions }) => permissions.includes(permission))
      const held = [...granting.map(({ relation }) => relation), `allow_${name}`].join(' + ')
      return [
        `relation allow_${name}: ${holders}`,
        `relation deny_${name}: ${holders}`,
        `permission grant_${name} = ${held}${isRoot ? '' : ` + parent->grant_${name}`}`,
        `permission barred_${name} = deny_${name}${isRoot ? '' : ` + parent->barred_${name}`}`,
        `permission may_${name} = grant_${name} - barred_${name}`,
        `permission here_${name} = (${held}) - barred_${name}`,
      ]
    }),
  ]
  return `definition ${slug} {\n${lines.map((line) => `\t${line}`).join('\n')}\n}`
}

function rolesOn(
  type: string,
  { model, organizations }: World,
): readonly { readonly relation: string; readonly permissions: readonly string[] }[] {
  const on = (role: Omit<OwnRole, 'slug'>) => role.on === type
  return [
    ...shared(model)
      .filter(on)
      .map((role) => ({ ...role, relation: roleRelation(role.slug, undefined) })),
    ...organizations.flatMap((organization) =>
      organization.roles
        .filter(on)
        .map((role) => ({ ...role, relation: roleRelation(role.slug, organization) })),
    ),
  ]
}

function shared({ roles }: ModelDefinition): readonly OwnRole[] {
  return Object.entries(roles).map(([slug, { on, permissions }]) => ({ slug, on, permissions }))
}
