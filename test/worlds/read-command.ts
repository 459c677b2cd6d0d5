import type { MembershipStatus, OrganizationId } from '@bailiwick/core'
import { groupIdOf, membershipIdOf, organizationIdOf, readResource, readSubject, userIdOf } from './names.js'
import type { Told, WorldCommand } from './world.js'

/**
 * Read what is done, from a sentence such as `move project/web under workspace/ops in acme`.
 *
 * @param home - The organization that is meant where a sentence names none.
 * @throws when it is none of the forms below.
 */
export function readCommand(sentence: string, home: string | undefined): Told {
  for (const [pattern, build] of forms) {
    const words = pattern.exec(sentence)?.groups
    if (words === undefined) continue
    const organization = words.in ?? home
    if (organization === undefined) {
      throw new Error(`"${sentence}" does not say where: end it with \`in <organization>\``)
    }
    return { sentence, command: build(words, organization, organizationIdOf(organization)) }
  }
  throw new Error(`"${sentence}" is nothing that can be done; test/worlds/read-command.ts lists what can`)
}

type Words = Readonly<Record<string, string | undefined>>
type Build = (words: Words, organization: string, organizationId: OrganizationId) => WorldCommand

const forms: readonly (readonly [RegExp, Build])[] = [
  form('create (?!group/)<resource>(?: under <parent>)?', ({ resource, parent }, _, organizationId) => ({
    do: 'createResource',
    organizationId,
    ...readResource(word(resource), organizationId),
    ...(parent === undefined ? {} : { parent: readResource(parent, organizationId) }),
  })),
  form('rename <resource> to <name>', ({ resource, name }, _, organizationId) => ({
    do: 'renameResource',
    organizationId,
    ref: readResource(word(resource), organizationId),
    name: word(name),
  })),
  form('move <resource> under <parent>', ({ resource, parent }, _, organizationId) => ({
    do: 'moveResource',
    organizationId,
    ref: readResource(word(resource), organizationId),
    parent: readResource(word(parent), organizationId),
  })),
  form(
    'delete (?!group/)<resource>(?<cascade> with all below)?',
    ({ resource, cascade }, _, organizationId) => ({
      do: 'deleteResource',
      organizationId,
      ref: readResource(word(resource), organizationId),
      cascade: cascade !== undefined,
    }),
  ),
  form('give <person> <role> on <resource>', ({ person, role, resource }, organization, organizationId) => ({
    do: 'assignRole',
    organizationId,
    subject: readSubject(word(person), organization).refs[0],
    role: word(role),
    resource: readResource(word(resource), organizationId),
  })),
  form(
    'take <role> on <resource> from <person>',
    ({ person, role, resource }, organization, organizationId) => ({
      do: 'takeRole',
      organizationId,
      subject: readSubject(word(person), organization).refs[0],
      role: word(role),
      resource: readResource(word(resource), organizationId),
    }),
  ),
  form('add <person>(?: as <roles>)?', ({ person, roles }, organization, organizationId) => ({
    do: 'createMembership',
    organizationId,
    id: membershipIdOf(word(person), organization),
    userId: userIdOf(word(person)),
    ...(roles === undefined ? {} : { roles: roles.split(' and ') }),
  })),
  form('make <person> <roles>', ({ person, roles }, organization, organizationId) => ({
    do: 'setMembershipRoles',
    organizationId,
    subject: { membershipId: membershipIdOf(word(person), organization) },
    roles: word(roles).split(' and '),
  })),
  form('(?<verb>activate|deactivate) <person>', ({ verb, person }, organization, organizationId) => ({
    do: 'setMembershipStatus',
    organizationId,
    subject: { membershipId: membershipIdOf(word(person), organization) },
    status: (verb === 'activate' ? 'active' : 'inactive') satisfies MembershipStatus,
  })),
  form('delete the organization', (_, __, organizationId) => ({
    do: 'deleteOrganization',
    id: organizationId,
  })),
  form('found the organization', (_, __, organizationId) => ({
    do: 'createOrganization',
    id: organizationId,
  })),
  form('create group/<group>', ({ group }, _, organizationId) => ({
    do: 'createGroup',
    organizationId,
    name: word(group),
  })),
  form('delete group/<group>', ({ group }, organization, organizationId) => ({
    do: 'deleteGroup',
    organizationId,
    groupId: groupIdOf(word(group), organization),
  })),
  form('put <person> in group/<group>', ({ person, group }, organization, organizationId) => ({
    do: 'addGroupMember',
    organizationId,
    groupId: groupIdOf(word(group), organization),
    member: { membershipId: membershipIdOf(word(person), organization) },
  })),
  form('take <person> out of group/<group>', ({ person, group }, organization, organizationId) => ({
    do: 'removeGroupMember',
    organizationId,
    groupId: groupIdOf(word(group), organization),
    member: { membershipId: membershipIdOf(word(person), organization) },
  })),
  form('deny <person> <permission> on <resource>', exclusion('deny')),
  form('grant <person> <permission> on <resource>', exclusion('allow')),
  form(
    'lift <permission> on <resource> from <person>',
    ({ person, permission, resource }, organization, organizationId) => ({
      do: 'liftExclusion',
      organizationId,
      subject: readSubject(word(person), organization).refs[0],
      permission: word(permission),
      resource: readResource(word(resource), organizationId),
    }),
  ),
  form('make the role <role> on <type>(?: with <permissions>)?', ({ role, type, permissions }, _, id) => ({
    do: 'createOrganizationRole',
    organizationId: id,
    name: word(role),
    slug: word(role),
    on: word(type),
    permissions: permissions?.split(' and ') ?? [],
  })),
  form('change the role <role> to <permissions>', ({ role, permissions }, _, organizationId) => ({
    do: 'updateOrganizationRole',
    organizationId,
    slug: word(role),
    permissions: word(permissions).split(' and '),
  })),
  form('delete the role <role>', ({ role }, _, organizationId) => ({
    do: 'deleteOrganizationRole',
    organizationId,
    slug: word(role),
  })),
  form('order the roles <roles>(?: with default <role>)?', ({ roles, role }, _, organizationId) => ({
    do: 'setRoleOrder',
    organizationId,
    priority: word(roles).split(' and '),
    ...(role === undefined ? {} : { defaultRole: role }),
  })),
  form('map <group> to <role> on <resource>', ({ group, role, resource }, _, organizationId) => ({
    do: 'createDirectoryMapping',
    organizationId,
    directoryGroup: word(group),
    role: word(role),
    resource: readResource(word(resource), organizationId),
  })),
  form('unmap <group> from <role> on <resource>', ({ group, role, resource }, _, organizationId) => ({
    do: 'unmap',
    organizationId,
    directoryGroup: word(group),
    role: word(role),
    resource: readResource(word(resource), organizationId),
  })),
  form(
    '(?<source>sign in|sync) <person>(?: with <groups>)?',
    ({ source, person, groups }, organization, organizationId) => ({
      do: 'syncDirectoryGroups',
      organizationId,
      subject: { membershipId: membershipIdOf(word(person), organization) },
      groups: groups?.split(' and ') ?? [],
      source: source === 'sync' ? 'directory' : 'sso',
    }),
  ),
  form(
    'the directory (?<kind>adds|removes) <person> (?:to|from) <group>',
    ({ kind, person, group }, organization, organizationId) => ({
      do: 'applyDirectoryGroupEvent',
      organizationId,
      subject: { membershipId: membershipIdOf(word(person), organization) },
      event: { kind: kind === 'adds' ? 'added' : 'removed', directoryGroup: word(group) },
    }),
  ),
  form('remove <person>', ({ person }, organization, organizationId) => ({
    do: 'deleteMembership',
    organizationId,
    subject: { membershipId: membershipIdOf(word(person), organization) },
  })),
]

function exclusion(effect: 'deny' | 'allow'): Build {
  return ({ person, permission, resource }, organization, organizationId) => ({
    do: 'createExclusion',
    organizationId,
    subject: readSubject(word(person), organization).refs[0],
    permission: word(permission),
    effect,
    resource: readResource(word(resource), organizationId),
  })
}

/** A form with `<word>` for one word, and ` in <organization>` allowed at its end. */
function form(text: string, build: Build): readonly [RegExp, Build] {
  const words = text
    .replace(/(?<!\(\?)<(roles|permissions|groups)>/g, '(?<$1>\\S+(?: and \\S+)*)')
    .replace(/(?<!\(\?)<(\w+)>/g, (_, name: string) => `(?<${name}>\\S+)`)
  return [new RegExp(`^${words}(?: in (?<in>\\S+))?$`), build]
}

function word(text: string | undefined): string {
  if (text === undefined) throw new Error('a form has fewer words than its builder reads')
  return text
}
