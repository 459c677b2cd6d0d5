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
  for (const [pattern, build] of forms) {
    const words = pattern.exec(sentence)?.groups
    if (words === undefined) continue
    const organization = words.in ?? home
    if (organization === undefined)
      throw new Error(`"${sentence}" does not say where: add \`in <organization>\``)
    return { sentence, items: [...fields.texts('is')].sort(), ...build(words, organization) }
  }
  throw new Error(`"${sentence}" is no list; test/worlds/read-list.ts shows what is`)
}

type Words = Readonly<Record<string, string | undefined>>
/** What is asked, without the sentence that asks it. */
type Asked<List = ExpectedList> = List extends ExpectedList ? Pick<List, 'list' | 'question'> : never

const asking = '(?<subject>\\S+)(?: for (?<parties>\\S+(?: and \\S+)*))? may'
const on = '(?: on (?<resource>\\S+))?'
const where = '(?: in (?<in>\\S+))?$'

const forms: readonly (readonly [RegExp, (words: Words, organization: string) => Asked])[] = [
  [
    new RegExp(
      `^(?<type>\\S+) where ${asking} (?<permission>\\S+)(?:(?<direct> directly)? under (?<under>\\S+))?${where}`,
    ),
    resources,
  ],
  [
    new RegExp(
      `^(?<kind>who|which groups|which agents) may (?<permission>\\S+)${on}(?<direct> by what is held there)?${where}`,
    ),
    subjects,
  ],
  [new RegExp(`^what ${asking}${on}${where}`), permissions],
]

function resources(words: Words, organization: string): Asked {
  const { type = '', permission = '', direct, under } = words
  const question = {
    ...askingOf(words, organization),
    permission,
    type,
    ...(under === undefined ? {} : { under: readResource(under, organizationIdOf(organization)) }),
    ...(direct === undefined ? {} : { depth: 'children' as const }),
  }
  return { list: 'resources', question }
}

const kinds = new Map([
  ['who', 'membership'],
  ['which groups', 'group'],
  ['which agents', 'agent'],
] as const)

function subjects(words: Words, organization: string): Asked {
  const { kind = 'who', permission = '', direct } = words
  const question = {
    organizationId: organizationIdOf(organization),
    permission,
    kind: kinds.get(kind as 'who') ?? 'membership',
    access: direct === undefined ? 'any' : 'direct',
    ...placeOf(words, organization),
  } as const
  return { list: 'subjects', question }
}

function permissions(words: Words, organization: string): Asked {
  return {
    list: 'permissions',
    question: { ...askingOf(words, organization), ...placeOf(words, organization) },
  }
}

function askingOf({ subject = '', parties }: Words, organization: string) {
  const onBehalfOf: readonly SubjectRef[] = (parties?.split(' and ') ?? []).map(
    (party) => readSubject(party, organization).refs[0],
  )
  const organizationId = organizationIdOf(organization)
  return { organizationId, subject: readSubject(subject, organization).refs[0], onBehalfOf }
}

function placeOf({ resource }: Words, organization: string) {
  return resource === undefined ? {} : { resource: readResource(resource, organizationIdOf(organization)) }
}
