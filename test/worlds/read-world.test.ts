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
