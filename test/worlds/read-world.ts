import { readdirSync, readFileSync } from 'node:fs'
import type { MembershipStatus, ModelDefinition } from '@bailiwick/core'
import { parse } from 'yaml'
import { Fields } from './fields.js'
import { membershipIdOf, organizationIdOf, userIdOf } from './names.js'
import { readCheck } from './read-check.js'
import { readCommand } from './read-command.js'
import { readList } from './read-list.js'
import type { Expected, ExpectedList, Step, Told, World } from './world.js'

const directory = new URL('./', import.meta.url)

/** Every world of this directory, by name. */
export function readWorlds(): readonly World[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.yaml'))
  return files.sort().map((file) => {
    const name = file.slice(0, -'.yaml'.length)
    return readWorld(name, readFileSync(new URL(file, directory), 'utf8'))
  })
}

/**
 * Read a world from YAML.
 *
 * @throws naming the world, the place in it and what to write instead.
 */
export function readWorld(name: string, yaml: string): World {
  try {
    return buildWorld(name, Fields.of(parse(yaml), 'the world'))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`world ${name}: ${why}`, { cause })
  }
}

function buildWorld(name: string, fields: Fields): World {
  fields.allow(
    'idea',
    'types',
    'agents',
    'permissions',
    'roles',
    'defaultRole',
    'roleMode',
    'rolePriority',
    'organizations',
    'checks',
    'lists',
    'steps',
  )
  const model = readModel(fields)
  const organizations = fields.map('organizations')
  const names = organizations.keys()
  const home = names.length === 1 ? names[0] : undefined
  const commands = names.flatMap((organization) => founding(organization, organizations.map(organization)))
  const first: Step = { commands, checks: readChecks(fields, home), lists: readLists(fields, home) }
  const steps: Step[] = [first]
  let latest = model
  for (const step of fields.maps('steps')) {
    const next = readStep(step, latest, home)
    if (next.model !== undefined && next.refused === undefined) latest = next.model
    steps.push(next)
  }
  return { name, idea: fields.text('idea'), model, steps }
}

function readModel(fields: Fields): ModelDefinition {
  const types = fields.map('types')
  const agents = fields.texts('agents')
  const defaultRole = fields.optionalText('defaultRole')
  const roleMode = fields.optionalText('roleMode') as ModelDefinition['roleMode']
  return {
    resourceTypes: Object.fromEntries(
      types.keys().map((type) => [type, { parents: types.texts(type), agent: agents.includes(type) }]),
    ),
    permissions: fields.value('permissions') as ModelDefinition['permissions'],
    roles: fields.value('roles') as ModelDefinition['roles'],
    rolePriority: fields.texts('rolePriority'),
    ...(roleMode === undefined ? {} : { roleMode }),
    ...(defaultRole === undefined ? {} : { defaultRole }),
  }
}

/** The commands that make an organization as its section describes it. */
function founding(organization: string, fields: Fields): readonly Told[] {
  fields.allow(
    'externalId',
    'roles',
    'people',
    'resources',
    'groups',
    'assignments',
    'mappings',
    'exclusions',
  )
  const externalId = fields.optionalText('externalId')
  const id = organizationIdOf(organization)
  const people = fields.map('people')
  const resources = fields.map('resources')
  return [
    {
      sentence: `create the organization ${organization}`,
      command: { do: 'createOrganization', id, ...(externalId === undefined ? {} : { externalId }) },
    },
    ...fields
      .map('roles')
      .keys()
      .map((role) => customRole(role, organization, fields.map('roles'))),
    ...people.keys().map((person) => joining(person, organization, people)),
    ...resources.keys().map((resource) => {
      const parent = resources.optionalText(resource)
      const place = parent === undefined ? '' : ` under ${parent}`
      return readCommand(`create ${resource}${place}`, organization)
    }),
    ...fields
      .map('groups')
      .keys()
      .flatMap((group) => [
        readCommand(`create group/${group}`, organization),
        ...fields
          .map('groups')
          .texts(group)
          .map((person) => readCommand(`put ${person} in group/${group}`, organization)),
      ]),
    ...fields.texts('assignments').map((sentence) => {
      const given = /^(?<person>\S+) is (?<role>\S+) on (?<resource>\S+)$/.exec(sentence)?.groups
      if (given === undefined) {
        throw new Error(`"${sentence}" is no assignment; write "ada is editor on project/web"`)
      }
      return readCommand(`give ${given.person} ${given.role} on ${given.resource}`, organization)
    }),
    ...[...fields.texts('mappings'), ...fields.texts('exclusions')].map((sentence) =>
      readCommand(sentence, organization),
    ),
  ]
}

function customRole(role: string, organization: string, roles: Fields): Told {
  const fields = roles.map(role)
  fields.allow('on', 'permissions')
  const permissions = fields.texts('permissions').join(' and ')
  const held = permissions === '' ? '' : ` with ${permissions}`
  return readCommand(`make the role ${role} on ${fields.text('on')}${held}`, organization)
}

/** `ada:` alone, `ada: member`, `ada: [member, auditor]`, or `ada: { roles: member, status: inactive }`. */
function joining(person: string, organization: string, people: Fields): Told {
  const inFull = people.isMap(person) ? people.map(person) : undefined
  inFull?.allow('roles', 'status')
  const roles = inFull === undefined ? people.texts(person) : inFull.texts('roles')
  const status = inFull?.optionalText('status') as MembershipStatus | undefined
  return {
    sentence: `add ${person} to ${organization}`,
    command: {
      do: 'createMembership',
      organizationId: organizationIdOf(organization),
      id: membershipIdOf(person, organization),
      userId: userIdOf(person),
      ...(roles.length === 0 ? {} : { roles }),
      ...(status === undefined ? {} : { status }),
    },
  }
}

function readStep(fields: Fields, latest: ModelDefinition, home: string | undefined): Step {
  fields.allow('do', 'model', 'refused', 'checks', 'lists')
  const commands = fields.texts('do').map((sentence) => readCommand(sentence, home))
  const refused = fields.optionalText('refused')
  const model = fields.isMap('model') ? changed(latest, fields.map('model')) : undefined
  if (refused !== undefined && commands.length + (model === undefined ? 0 : 1) !== 1) {
    throw new Error('a step that is `refused` does one thing only')
  }
  return {
    commands,
    checks: readChecks(fields, home),
    lists: readLists(fields, home),
    ...(model === undefined ? {} : { model }),
    ...(refused === undefined ? {} : { refused }),
  }
}

/** The model with what a step says laid over it; `null` takes away. */
function changed(model: ModelDefinition, fields: Fields): ModelDefinition {
  fields.allow('permissions', 'roles')
  return {
    ...model,
    permissions: overlaid(model.permissions, fields.value('permissions')),
    roles: overlaid(model.roles, fields.value('roles')),
  }
}

function overlaid<Part>(part: Readonly<Record<string, Part>>, over: unknown): Readonly<Record<string, Part>> {
  const merged = { ...part, ...(over as Readonly<Record<string, Part | null>>) }
  const left = Object.entries(merged).filter((entry): entry is [string, Part] => entry[1] !== null)
  return Object.fromEntries(left)
}

function readChecks(fields: Fields, home: string | undefined): readonly Expected[] {
  return fields.items('checks').map((item) => {
    if (typeof item === 'string') return readCheck(item, home)
    const check = Fields.of(item, 'a check')
    check.allow('check', 'nearest', 'path', 'for', 'exclusions', 'sentences')
    const texts = (name: string) => (check.has(name) ? check.texts(name) : undefined)
    return readCheck(check.text('check'), home, {
      nearest: texts('nearest'),
      path: texts('path'),
      delegations: texts('for')?.map((grants) => grants.split(' and ')),
      exclusions: texts('exclusions'),
      sentences: texts('sentences'),
    })
  })
}

function readLists(fields: Fields, home: string | undefined): readonly ExpectedList[] {
  return fields.maps('lists').map((list) => readList(list, home))
}
