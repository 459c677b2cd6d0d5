import { describe, expect, test } from 'vitest'
import { compileModel, defineModel } from './define-model.js'
import type { ModelDefinition } from './definition.js'

const base: ModelDefinition = {
  resourceTypes: { workspace: { parents: ['organization'] }, project: { parents: ['workspace'] } },
  permissions: { 'project:edit': 'project', 'workspace:manage': 'workspace' },
  roles: { editor: { on: 'project', permissions: ['project:edit'] } },
}

/** `count` types in a chain, each under the one before. */
function chain(count: number): ModelDefinition['resourceTypes'] {
  const slugs = Array.from({ length: count }, (_, index) => `t${index}`)
  return Object.fromEntries(
    slugs.map((slug, index) => [slug, { parents: [slugs[index - 1] ?? 'organization'] }]),
  )
}

/** `count` types side by side. */
function siblings(count: number): ModelDefinition['resourceTypes'] {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`t${index}`, { parents: ['organization'] }]),
  )
}

describe('a model', () => {
  test('knows what may lie where, at any depth', () => {
    const model = compileModel(base)
    expect([...model.type('organization').selfAndBelow]).toEqual(['organization', 'workspace', 'project'])
    expect(model.type('workspace').children).toEqual(['project'])
    expect(model.type('organization').parents).toEqual([])
  })

  test('answers a mistyped slug with the one that was meant', () => {
    const model = compileModel(base)
    expect(() => model.permission('project:edti')).toThrow(
      'no permission `project:edti`; did you mean `project:edit`?',
    )
    expect(() => model.role('editer')).toThrow('did you mean `editor`?')
    expect(() => model.type('workspcae')).toThrow('did you mean `workspace`?')
    expect(() => model.permission('unrelated')).toThrow(/no permission `unrelated`$/)
  })

  test('takes a permission with more said about it', () => {
    const model = defineModel({
      resourceTypes: {},
      permissions: { 'billing:manage': { on: 'organization', name: 'Manage billing', fresh: true } },
      roles: {},
    })
    expect(model.permission('billing:manage')).toEqual({
      slug: 'billing:manage',
      on: 'organization',
      name: 'Manage billing',
      description: null,
      fresh: true,
    })
  })
})

describe('the rules of a model, each naming the slug at fault', () => {
  const cases: readonly [string, Partial<ModelDefinition>, string, RegExp][] = [
    [
      'a parent exists',
      { resourceTypes: { app: { parents: ['proj'] } } },
      'app',
      /unknown parent type `proj`/,
    ],
    ['a type has a parent', { resourceTypes: { app: { parents: [] } } }, 'app', /no parent type/],
    [
      'a type is not its own parent',
      { resourceTypes: { a: { parents: ['a'] } } },
      'a',
      /under itself: `a` → `a`/,
    ],
    [
      'no type lies under itself',
      { resourceTypes: { a: { parents: ['b'] }, b: { parents: ['a'] } } },
      'a',
      /under itself: `a` → `b` → `a`/,
    ],
    [
      'organization is the root',
      { resourceTypes: { organization: { parents: [] } } },
      'organization',
      /root/,
    ],
    ['at most 5 levels', { resourceTypes: chain(6) }, 't5', /6 levels below `organization`; at most 5/],
    ['at most 10 child types', { resourceTypes: siblings(11) }, 'organization', /11 child types; at most 10/],
    ['a permission is on a type', { permissions: { 'x:y': 'workspac' } }, 'x:y', /did you mean `workspace`/],
    [
      'a role is on a type',
      { roles: { r: { on: 'projekt', permissions: [] } } },
      'r',
      /unknown resource type `projekt`; did you mean `project`/,
    ],
    [
      "`org-` begins an organization's own roles only",
      { roles: { 'org-admin': { on: 'project', permissions: [] } } },
      'org-admin',
      /begins like a role of one organization/,
    ],
    [
      'a role holds known permissions',
      { roles: { r: { on: 'project', permissions: ['project:edid'] } } },
      'r',
      /unknown permission `project:edid`; did you mean `project:edit`/,
    ],
    [
      'a role holds nothing from above its type',
      { roles: { r: { on: 'project', permissions: ['workspace:manage'] } } },
      'r',
      /cannot hold `workspace:manage` of `workspace`/,
    ],
    ['the default role exists', { defaultRole: 'none' }, 'none', /no such role/],
    [
      'the default role is an organization role',
      { defaultRole: 'editor' },
      'editor',
      /role on `organization`/,
    ],
    ['maxDepth is a small whole number', { maxDepth: 0 }, 'maxDepth', /from 1 to 25/],
  ]

  test.each(cases)('%s', (_, change, slug, rule) => {
    const broken = { ...base, ...change }
    if (change.resourceTypes !== undefined) Object.assign(broken, { permissions: {}, roles: {} })
    expect(() => compileModel(broken)).toThrow(rule)
    expect(() => compileModel(broken)).toThrow(expect.objectContaining({ code: 'model_invalid', slug }))
  })

  test('the limits themselves are allowed', () => {
    expect(() => compileModel({ resourceTypes: chain(5), permissions: {}, roles: {} })).not.toThrow()
    expect(() => compileModel({ resourceTypes: siblings(10), permissions: {}, roles: {} })).not.toThrow()
    expect(() =>
      compileModel({ resourceTypes: chain(6), permissions: {}, roles: {}, maxDepth: 6 }),
    ).not.toThrow()
  })

  test('at most 50 types', () => {
    const wide = Object.fromEntries(
      Array.from({ length: 51 }, (_, index) => [
        `t${index}`,
        { parents: [index < 10 ? 'organization' : `t${(index - 10) % 10}`] },
      ]),
    )
    expect(() => compileModel({ resourceTypes: wide, permissions: {}, roles: {} })).toThrow(/at most 50/)
  })

  test.each(['Project', '1st', 'a b', 'é', 'x'.repeat(49), '', 'a:b'])(
    'the type slug %j is refused',
    (slug) => {
      const broken = { resourceTypes: { [slug]: { parents: ['organization'] } }, permissions: {}, roles: {} }
      expect(() => compileModel(broken)).toThrow(expect.objectContaining({ code: 'input_invalid' }))
    },
  )

  test('slugs that every object inherits are ordinary strings', () => {
    const model = compileModel({
      resourceTypes: { constructor: { parents: ['organization'] } },
      permissions: { 'constructor:view': 'constructor' },
      roles: { valueof: { on: 'constructor', permissions: ['constructor:view'] } },
    })
    expect(model.role('valueof').permissions).toEqual(['constructor:view'])
    expect(() => model.permission('toString')).toThrow(
      expect.objectContaining({ code: 'permission_unknown' }),
    )
  })
})
