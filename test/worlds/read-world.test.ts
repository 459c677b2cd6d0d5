import { describe, expect, test } from 'vitest'
import { readWorld } from './read-world.js'

const world = `
idea: A role holds where it is given.
types: { project: organization }
permissions: { project:edit: project }
roles: { editor: { on: project, permissions: [project:edit] } }
organizations:
  acme:
    people: { ada: }
    resources: { project/web: }
    assignments: [ada is editor on project/web]
checks: [ada may project:edit on project/web because editor on project/web]
`

const whole = `
idea: Everything at once.
types: { bot: organization, project: organization }
agents: bot
permissions: { project:edit: project }
roles: { owner: { on: organization, permissions: [] }, member: { on: organization, permissions: [] }, editor: { on: project, permissions: [project:edit] } }
roleMode: single
rolePriority: [owner, member]
organizations:
  acme:
    roles: { org-reader: { on: project, permissions: project:edit } }
    people: { ada: }
    resources: { bot/helper: , project/web: }
    groups: { builders: ada }
    assignments: [bot/helper is editor on project/web]
    mappings: [map Engineering to editor on project/web]
    exclusions: [deny group/builders project:edit on project/web]
checks:
  - check: bot/helper for ada may not project:edit on project/web because excluded for ada
    exclusions: [group/builders on project/web]
`

describe('a world', () => {
  test('is read as commands, and checks with their answers', () => {
    const { idea, model, steps } = readWorld('small', world)
    expect(idea).toBe('A role holds where it is given.')
    expect(model.resourceTypes).toEqual({ project: { parents: ['organization'], agent: false } })
    expect(steps[0]?.commands.map(({ command }) => command.do)).toEqual([
      'createOrganization',
      'createMembership',
      'createResource',
      'assignRole',
    ])
    expect(steps[0]?.checks).toMatchObject([
      {
        organizationId: 'org_acme',
        subject: { kind: 'membership', name: 'ada' },
        permission: 'project:edit',
        resource: { type: 'project', externalId: 'web' },
        answer: { kind: 'allow', grants: ['editor on project/web'] },
      },
    ])
  })

  test.each([
    ['an unknown section', 'checks:', 'cheks:', 'the world has no `cheks`; it may have idea, types'],
    [
      'an unknown field of an organization',
      'people:',
      'persons:',
      'has no `persons`; it may have externalId',
    ],
    ['no idea', 'idea: A role holds where it is given.', '', 'the world lacks `idea`'],
    ['no YAML', 'types: {', 'types: }', 'world small: '],
    ['a key that stands twice', 'checks:', 'idea: Again.\nchecks:', 'Map keys must be unique'],
    ['an answer without a reason', ' because editor on project/web', '', 'is no check; write "ada may'],
    ['an unknown reason', 'may project:edit', 'may not project:edit', 'is no reason for a deny; there are'],
    ['a resource without a type', 'on project/web because', 'on web because', '`web` is no resource'],
    [
      'an assignment in other words',
      'ada is editor',
      'ada becomes editor',
      'is no assignment; write "ada is',
    ],
    ['a number for a role', 'people: { ada: }', 'people: { ada: 7 }', '`ada` of `people` of'],
  ])('with %s is refused, and the message says what to write', (_, right, wrong, message) => {
    expect(world).toContain(right)
    expect(() => readWorld('small', world.replace(right, wrong))).toThrow(message)
  })

  test('tells of groups, agents, the identity provider and exclusions', () => {
    const { model, steps } = readWorld('whole', whole)
    expect(model).toMatchObject({
      resourceTypes: { bot: { agent: true }, project: { agent: false } },
      roleMode: 'single',
      rolePriority: ['owner', 'member'],
    })
    expect(steps[0]?.commands.map(({ sentence }) => sentence)).toEqual([
      'create the organization acme',
      'make the role org-reader on project with project:edit',
      'add ada to acme',
      'create bot/helper',
      'create project/web',
      'create group/builders',
      'put ada in group/builders',
      'give bot/helper editor on project/web',
      'map Engineering to editor on project/web',
      'deny group/builders project:edit on project/web',
    ])
    expect(steps[0]?.checks).toMatchObject([
      {
        subject: { kind: 'agent', refs: [{ agent: { type: 'bot', externalId: 'helper' } }] },
        onBehalfOf: [{ kind: 'membership', name: 'ada' }],
        answer: { kind: 'deny', reason: 'excluded', party: 'ada' },
        exclusions: ['group/builders on project/web'],
        nearest: undefined,
      },
    ])
  })

  test.each([
    ['project where ada may project:edit directly under organization', 'resources', { depth: 'children' }],
    ['project where bot/helper for ada may project:edit', 'resources', { type: 'project' }],
    ['which groups may project:edit on project/web', 'subjects', { kind: 'group', access: 'any' }],
    ['who may project:edit by what is held there', 'subjects', { kind: 'membership', access: 'direct' }],
    ['what ada may on project/web', 'permissions', { resource: { type: 'project', externalId: 'web' } }],
  ])('asks for a list: %s', (sentence, list, question) => {
    const { steps } = readWorld('whole', `${whole}\nlists: [{ list: ${sentence}, is: [b, a] }]`)
    expect(steps[0]?.lists).toMatchObject([{ sentence, list, question, items: ['a', 'b'] }])
  })

  test('asks for no list in other words', () => {
    const lists = (sentence: string) => `${whole}\nlists: [{ list: ${sentence}, is: [] }]`
    expect(() => readWorld('whole', lists('who may project:edit'))).not.toThrow()
    expect(() => readWorld('whole', lists('who can project:edit'))).toThrow(
      'is no list; test/worlds/read-list',
    )
  })

  test('that does something unheard of is refused', () => {
    const step = (sentence: string) => `${world}steps: [{ do: ${sentence} }]`
    expect(() => readWorld('small', step('move project/web under project/app'))).not.toThrow()
    expect(() => readWorld('small', step('copy project/web'))).toThrow('"copy project/web" is nothing that')
  })

  test('of two organizations says in which one is asked', () => {
    const two = world.replace('organizations:', 'organizations:\n  globex: {}')
    expect(() => readWorld('small', two)).toThrow('does not say where')
    expect(() => readWorld('small', two.replace(' because', ' in acme because'))).not.toThrow()
  })

  test('refuses one thing at a time', () => {
    const steps = (what: string) => `${world}steps: [{ do: ${what}, refused: membership_exists }]`
    expect(() => readWorld('small', steps('add ada'))).not.toThrow()
    expect(() => readWorld('small', steps('[add ada, add bob]'))).toThrow('does one thing only')
  })
})
