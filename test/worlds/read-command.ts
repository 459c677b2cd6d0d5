import type { MembershipStatus, OrganizationId } from '@bailiwick/core'
import { membershipIdOf, organizationIdOf, readResource, userIdOf } from './names.js'
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
  form('create <resource>(?: under <parent>)?', ({ resource, parent }, _, organizationId) => ({
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
  form('delete <resource>(?<cascade> with all below)?', ({ resource, cascade }, _, organizationId) => ({
    do: 'deleteResource',
    organizationId,
    ref: readResource(word(resource), organizationId),
    cascade: cascade !== undefined,
  })),
  form('give <person> <role> on <resource>', ({ person, role, resource }, organization, organizationId) => ({
    do: 'assignRole',
    organizationId,
    subject: { membershipId: membershipIdOf(word(person), organization) },
    role: word(role),
    resource: readResource(word(resource), organizationId),
  })),
  form(
    'take <role> on <resource> from <person>',
    ({ person, role, resource }, organization, organizationId) => ({
      do: 'takeRole',
      organizationId,
      subject: { membershipId: membershipIdOf(word(person), organization) },
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
  form('remove <person>', ({ person }, organization, organizationId) => ({
    do: 'deleteMembership',
    organizationId,
    subject: { membershipId: membershipIdOf(word(person), organization) },
  })),
]

/** A form with `<word>` for one word, and ` in <organization>` allowed at its end. */
function form(text: string, build: Build): readonly [RegExp, Build] {
  const words = text
    .replace(/<roles>/g, '(?<roles>\\S+(?: and \\S+)*)')
    .replace(/(?<!\(\?)<(\w+)>/g, (_, name: string) => `(?<${name}>\\S+)`)
  return [new RegExp(`^${words}(?: in (?<in>\\S+))?$`), build]
}

function word(text: string | undefined): string {
  if (text === undefined) throw new Error('a form has fewer words than its builder reads')
  return text
}
