import { describe, expect, test } from 'vitest'
import { param } from './locator.js'
import { all, any, permission, permissionsOf, requirementOf, shownRequirement } from './requirement.js'

describe('a requirement', () => {
  test('that is empty is refused where it is written, never taken for nothing demanded', () => {
    const written = any as (...terms: string[]) => unknown
    expect(() => written()).toThrow('an empty list would demand nothing')
    expect(() => (all as typeof written)()).toThrow('an empty list would demand nothing')
    expect(() => requirementOf('')).toThrow('it is empty')
    expect(() => requirementOf(undefined as unknown as string)).toThrow('it is empty')
    expect(() => requirementOf([] as unknown as string)).toThrow('it is empty')
    expect(() => any('project:view', '')).toThrow('it is empty')
  })

  test('is asked on a resource or on the organization, not on both', () => {
    const both = { resource: param('id'), scope: 'organization' } as unknown as { scope: 'organization' }
    expect(() => requirementOf('project:edit', both)).toThrow('not both')
    expect(() => permission('project:edit', both)).toThrow('not both')
  })

  test('takes locators and scopes, and nothing that only looks like them', () => {
    const written = requirementOf as (slug: string, options: object) => unknown
    for (const resource of ['id', { name: 'id' }, { source: 'cookie', name: 'id' }, null, true]) {
      expect(() => written('project:edit', { resource })).toThrow('takes a locator')
    }
    expect(() => written('project:edit', { resource: () => undefined })).not.toThrow()
    expect(() => written('project:edit', { scope: 'project' })).toThrow('`scope` is')
  })

  test('lends the options beside it to the terms that have none of their own', () => {
    const own = param('workspaceId')
    const shared = param('id')
    const requirement = requirementOf(
      any(
        'project:edit',
        all(permission('workspace:manage', { resource: own }), permission('x', { fresh: true })),
      ),
      { resource: shared, conceal: true },
    )
    expect(permissionsOf(requirement)).toEqual([
      { kind: 'permission', permission: 'project:edit', resource: shared, conceal: true },
      { kind: 'permission', permission: 'workspace:manage', resource: own, conceal: true },
      { kind: 'permission', permission: 'x', resource: shared, conceal: true, fresh: true },
    ])
  })

  test('a term on the organization does not get the locator of the others', () => {
    const requirement = requirementOf(
      any('project:edit', permission('billing:manage', { scope: 'organization' })),
      {
        resource: param('id'),
      },
    )
    expect(permissionsOf(requirement)[1]).not.toHaveProperty('resource')
  })

  test('reads in a route table as it is meant', () => {
    expect(shownRequirement(requirementOf(any('a', all('b', 'c')), { resource: param('id') }))).toBe(
      "any of (a on param('id'), all of (b on param('id'), c on param('id')))",
    )
    expect(shownRequirement(requirementOf('a', { scope: 'organization' }))).toBe('a on the organization')
    expect(shownRequirement({ kind: 'authenticated' })).toBe('a session')
    expect(shownRequirement({ kind: 'public' })).toBe('public')
  })
})
