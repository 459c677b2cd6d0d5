import type { SubjectRef } from '@bailiwick/core'
import type { Fields } from './fields.js'
import { organizationIdOf, readResource, readSubject } from './names.js'
import type { ExpectedList } from './world.js'

/**
 * Read a list with all that is in it, from one of
 * `{ list: project where ada may project:view under workspace/eng, is: [project/web] }`,
 * `{ list: who may project:view on project/web, is: [ada, bob] }` and
 * `{ list: what ada may on project/web, is: [project:view] }`.
 *
 * @param home - The organization that is meant where a sentence names none.
 */
export function readList(fields: Fields, home: string | undefined): ExpectedList {
  fields.allow('list', 'is')
  const sentence = fields.text('list')
  const items = [...fields.texts('is')].sort()
  const words = (pattern: RegExp) => pattern.exec(sentence)?.groups
  const organizationOf = (named: string | undefined): string => {
    const organization = named ?? home
    if (organization === undefined)
      throw new Error(`"${sentence}" does not say where: add \`in <organization>\``)
    return organization
  }
  const resources = words(resourcesPattern)
  if (resources !== undefined) {
    const { type = '', subject = '', parties, permission = '', side, under } = resources
    const organization = organizationOf(resources.in)
    const organizationId = organizationIdOf(organization)
    const [ref] = readSubject(subject, organization).refs
    const onBehalfOf = readParties(parties, organization)
    const where = under === undefined ? {} : { under: readResource(under, organizationId) }
    const depth = side?.startsWith('directly') ? { depth: 'children' as const } : {}
    const question = { organizationId, subject: ref, onBehalfOf, permission, type, ...where, ...depth }
    return { sentence, items, list: 'resources', question }
  }
  const subjects = words(subjectsPattern)
  if (subjects !== undefined) {
    const { kind = 'who', permission = '', resource, direct } = subjects
    const organizationId = organizationIdOf(organizationOf(subjects.in))
    const question = {
      organizationId,
      permission,
      kind: kinds[kind as keyof typeof kinds],
      access: direct === undefined ? 'any' : 'direct',
      ...(resource === undefined ? {} : { resource: readResource(resource, organizationId) }),
    } as const
    return { sentence, items, list: 'subjects', question }
  }
  const permissions = words(permissionsPattern)
  if (permissions === undefined)
    throw new Error(`"${sentence}" is no list; test/worlds/read-list.ts shows what is`)
  const organization = organizationOf(permissions.in)
  const organizationId = organizationIdOf(organization)
  const [subject] = readSubject(permissions.subject ?? '', organization).refs
  const onBehalfOf = readParties(permissions.parties, organization)
  const place = permissions.resource
  const resource = place === undefined ? {} : { resource: readResource(place, organizationId) }
  const question = { organizationId, subject, onBehalfOf, ...resource }
  return { sentence, items, list: 'permissions', question }
}

function readParties(parties: string | undefined, organization: string): readonly SubjectRef[] {
  return (parties?.split(' and ') ?? []).map((party) => readSubject(party, organization).refs[0])
}

const kinds = { who: 'membership', 'which groups': 'group', 'which agents': 'agent' } as const

const resourcesPattern =
  /^(?<type>\S+) where (?<subject>\S+)(?: for (?<parties>\S+(?: and \S+)*))? may (?<permission>\S+)(?: (?<side>under|directly under) (?<under>\S+))?(?: in (?<in>\S+))?$/
const subjectsPattern =
  /^(?<kind>who|which groups|which agents) may (?<permission>\S+)(?: on (?<resource>\S+))?(?<direct> by what is held there)?(?: in (?<in>\S+))?$/
const permissionsPattern =
  /^what (?<subject>\S+)(?: for (?<parties>\S+(?: and \S+)*))? may(?: on (?<resource>\S+))?(?: in (?<in>\S+))?$/
