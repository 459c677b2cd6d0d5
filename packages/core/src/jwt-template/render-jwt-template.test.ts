import { describe, expect, test } from 'vitest'
import { JwtTemplateInvalid } from './jwt-template-invalid.js'
import { renderJwtTemplate } from './render-jwt-template.js'

const context = {
  user: {
    id: 'user_ada',
    email: 'ada@example.test',
    first_name: ' Ada ',
    last_name: null,
    metadata: { tier: 3 },
  },
  organization: { id: 'org_acme', domains: [{ domain: 'acme.test' }] },
  organization_membership: { id: 'om_ada', roles: ['admin', 'member'] },
}

describe('a JWT template', () => {
  test.each([
    ['a path in a string', '{ "id": "{{ organization_membership.id }}" }', { id: 'om_ada' }],
    ['a path outside a string', '{ "id": {{ organization_membership.id }} }', { id: 'om_ada' }],
    ['a whole list', '{ "r": {{ organization_membership.roles }} }', { r: ['admin', 'member'] }],
    ['a whole object', '{ "m": {{ user.metadata }} }', { m: { tier: 3 } }],
    ['a number, which stays one', '{ "t": {{ user.metadata.tier }} }', { t: 3 }],
    ['a number in a string', '{ "t": "tier {{ user.metadata.tier }}" }', { t: 'tier 3' }],
    ['an index into a list', '{ "d": "{{ organization.domains.0.domain }}" }', { d: 'acme.test' }],
    [
      'several paths in one string, trimmed',
      '{ "n": "{{ user.first_name }} {{ user.last_name }}" }',
      { n: 'Ada' },
    ],
    [
      'the first alternative that is not null',
      '{ "n": {{ user.last_name || user.email }} }',
      { n: 'ada@example.test' },
    ],
    ['a literal as the last resort', `{ "n": {{ user.nickname || 'Guest' }} }`, { n: 'Guest' }],
    ['a literal in double quotes', '{ "n": {{ user.nickname || "Guest" }} }', { n: 'Guest' }],
    ['a literal that looks like syntax', `{ "n": "{{ user.nickname || 'a }} || b' }}" }`, { n: 'a }} || b' }],
    ['an expression at the end of nested objects', '{"a":{"b":{{ user.id }}}}', { a: { b: 'user_ada' } }],
    ['a value with quotes in it', '{ "n": "<{{ user.quoted }}>" }', { n: '<say "hi"\\>' }],
    ['null outside a string: no claim', '{ "a": 1, "n": {{ user.last_name }} }', { a: 1 }],
    ['null in a string: an empty one', '{ "n": "{{ user.last_name }}" }', { n: '' }],
    ['nothing that every object has', `{ "n": "{{ user.constructor || 'none' }}" }`, { n: 'none' }],
  ])('renders %s', (_, template, claims) => {
    const user = { ...context.user, quoted: 'say "hi"\\' }
    expect(renderJwtTemplate(template, { ...context, user })).toEqual(claims)
  })

  test('renders without an organization, where claims of the membership are absent', () => {
    const template = '{ "organization_membership_id": {{ organization_membership.id }} }'
    expect(
      renderJwtTemplate(template, { ...context, organization: null, organization_membership: null }),
    ).toEqual({})
  })

  test.each([
    ['an unknown root', '{ "a": "{{ unknown.variable }}" }', 'Invalid path: "unknown.variable"'],
    ['an empty expression', '{ "a": "{{ }}" }', 'is empty'],
    ['an expression that does not end', '{ "a": "{{ user.id }" }', 'lacks its `}}`'],
    ['an alternative that is missing', '{ "a": {{ user.id || }} }', 'malformed segment'],
    ['a filter', '{ "a": {{ user.id | upcase }} }', 'malformed segment'],
    ['an object within a string', '{ "a": "{{ user.metadata }}" }', 'within a string'],
    ['a reserved claim', '{ "sub": "{{ user.email }}" }', '`sub` cannot be set'],
    ['a reserved claim, spelled otherwise', '{ "is\\u0073": "me" }', '`iss` cannot be set'],
    ['no claims', '{ }', 'at least one claim'],
    ['a list', '[1]', 'claims of its own'],
    ['a whole object without a key of its own', '{{ user }}', 'claims of its own'],
    ['text that is not JSON', '{ a: 1 }', 'does not render to JSON'],
  ])('is refused with %s', (_, template, message) => {
    const render = () => renderJwtTemplate(template, context)
    expect(render).toThrow(JwtTemplateInvalid)
    expect(render).toThrow(message)
  })

  test('renders to 3 072 bytes and not to one more', () => {
    const template = '{ "a": "{{ user.metadata }}" }'
    const sized = (length: number) => ({ user: { metadata: 'é'.repeat(1_531) + 'x'.repeat(length) } })
    expect(renderJwtTemplate(template, sized(2)).a).toHaveLength(1_533)
    expect(() => renderJwtTemplate(template, sized(3))).toThrow('3073 bytes')
  })
})
