import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { methodsOf, parts, type Sdk, sdks } from './sdks.js'
import { type Support, support } from './support.js'

const known = new Map(sdks.map((sdk) => [sdk, methodsOf(sdk)]))
const everyMethod = [...new Set([...known.values()].flatMap((methods) => [...methods]))]

/** What the tests of this folder call: `part.method`, for other parts have methods of the same name. */
const called = new Set(
  readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && !file.startsWith('support'))
    .flatMap((file) => callsIn(readFileSync(`${import.meta.dirname}/${file}`, 'utf8'))),
)

describe('the methods of the SDK that concern authorization', () => {
  test('are there to look at, and 8.13.0 lacks these', () => {
    expect(everyMethod.length).toBeGreaterThan(100)
    const [newest, older] = sdks.map((sdk) => known.get(sdk) as ReadonlySet<string>)
    const lacking = [...(newest as ReadonlySet<string>)].filter(
      (method) => method.startsWith('authorization.') && !older?.has(method),
    )
    expect(lacking).toEqual([
      'authorization.listRoleAssignmentsForResource',
      'authorization.listResourceRoleAssignments',
      'authorization.listGroupRoleAssignments',
      'authorization.getGroupRoleAssignment',
      'authorization.createGroupRoleAssignment',
      'authorization.removeGroupRoleAssignment',
      'authorization.removeGroupRoleAssignments',
      'authorization.replaceGroupRoleAssignments',
      'authorization.listEffectivePermissions',
      'authorization.listEffectivePermissionsByExternalId',
    ])
  })

  test('are all accounted for: one that is new is a gap', () => {
    expect(everyMethod.filter((method) => !support.has(method))).toEqual([])
  })

  test('are those of the SDK: none is told of that no release has', () => {
    expect([...support.keys()].filter((method) => !everyMethod.includes(method))).toEqual([])
  })

  test('are called by a test where they are offered', () => {
    const uncalled = [...support].filter(([method, { kind }]) => kind === 'offered' && !called.has(method))
    expect(uncalled.map(([method]) => method)).toEqual([])
  })

  test('are called on their own part: what is called on another one, or on an engine, does not count', () => {
    const text = `
      const { groups, userManagement: users } = acme.workos
      const admin = acme.client({ clientId }).userManagement
      await admin.listUsers()
      await groups.listGroups()
      expect((await users.getUser('x')).id).toBe('x')
      acme.workos.organizations
        .getOrganization('x')
      engine.createOrganization({})
      authorization.listRoles({})`
    expect(callsIn(text)).toEqual([
      'userManagement.listUsers',
      'groups.listGroups',
      'userManagement.getUser',
      'organizations.getOrganization',
      'authorization.listRoles',
    ])
  })

  test('of the part `authorization` are all offered', () => {
    const others = [...support].filter(
      ([method, { kind }]) => method.startsWith('authorization.') && kind !== 'offered',
    )
    expect(others).toEqual([])
  })

  // `npx vitest run test/official-sdk/support.test.ts -u` writes it.
  test('stand in docs/workos-support.md', async () => {
    await expect(document()).toMatchFileSnapshot('../../docs/workos-support.md')
  })
})

/** The methods that a file calls on parts of the SDK, also where it calls a part by a name of its own. */
function callsIn(text: string): readonly string[] {
  const partOf = new Map<string, string>(parts.map((part) => [part, part]))
  const named = [
    ...[...text.matchAll(/\b(\w+): (\w+)(?=[^{}]*\} = )/g)].map(([, part, name]) => [part, name]),
    ...[...text.matchAll(/\b(\w+) = .*\.(\w+)$/gm)].map(([, name, part]) => [part, name]),
  ]
  for (const [part = '', name = ''] of named) if (partOf.has(part)) partOf.set(name, part)
  return [...text.matchAll(/\b(\w+)\s*\.(\w+)\(/g)].flatMap(([, name = '', method]) => {
    const part = partOf.get(name)
    return part === undefined ? [] : [`${part}.${method}`]
  })
}

function document(): string {
  const sections = parts.map((part) => {
    const methods = everyMethod.filter((method) => method.startsWith(`${part}.`))
    return [`## \`${part}\``, '', ...table(methods)].join('\n')
  })
  return `${introduction}\n${sections.join('\n\n')}\n`
}

const introduction = `# What works of the official SDK

Point \`@workos-inc/node\` at the server (\`apiHostname\`, \`port\`, \`https\`) and use it unchanged. This is every method of
its parts that concern authorization, in the releases that the tests drive against a real server. The table is made from
the SDK itself: a method that a release adds shows up as a gap, and fails the build until it is accounted for.

yes: answered, and called by a test · itself: the SDK does it without asking · no: there is no route, see the note ·
–: the release does not have it. [wire-choices.md](wire-choices.md) says what was chosen where WorkOS is silent.
`

function table(methods: readonly string[]): readonly string[] {
  const versions = sdks.map(({ version }) => version)
  return [
    `| Method | ${versions.join(' | ')} | Note |`,
    `| --- | ${versions.map(() => '---').join(' | ')} | --- |`,
    ...methods.map((method) => {
      const told = support.get(method)
      const cells = sdks.map((sdk) => cell(sdk, method, told))
      return `| \`${method.split('.')[1]}\` | ${cells.join(' | ')} | ${noteOf(told)} |`
    }),
  ]
}

function cell(sdk: Sdk, method: string, told: Support | undefined): string {
  if (!known.get(sdk)?.has(method)) return '–'
  if (told === undefined) return 'gap'
  return { offered: 'yes', local: 'itself', absent: 'no' }[told.kind]
}

function noteOf(told: Support | undefined): string {
  if (told?.kind === 'absent') return told.why
  return told?.kind === 'offered' ? (told.note ?? '') : ''
}
