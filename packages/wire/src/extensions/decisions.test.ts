import { type Allow, PermissionUnknown, type ResourceId } from '@bailiwick/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allows, decisions } from './arbitraries.fixture.js'
import { parseDecision, renderDecision, renderUnknownPermission } from './decisions.js'

const allow: Allow = {
  kind: 'allow',
  grants: [
    {
      from: 'membership',
      role: 'admin',
      on: { id: 'authz_resource_1' as ResourceId, type: 'organization', externalId: 'org_1' },
    },
  ],
}

describe('a decision on the wire', () => {
  test('names the grant of an allow as WorkOS names roles and resources', () => {
    expect(renderDecision(allow)).toEqual({
      authorized: true,
      grants: [
        {
          from: 'organization_membership',
          role: { slug: 'admin' },
          resource: { id: 'authz_resource_1', external_id: 'org_1', resource_type_slug: 'organization' },
        },
      ],
    })
  })

  test('is understood as told, also with fields of a later release beside it', () => {
    expect(parseDecision({ ...renderDecision(allow), since: '2027' })).toEqual(allow)
  })

  test.each([
    ['nothing', undefined],
    ['an empty object', {}],
    ['text', 'true'],
    ['a list', [{ authorized: true }]],
    ['a yes in words', { ...renderDecision(allow), authorized: 'true' }],
    ['a number for yes', { ...renderDecision(allow), authorized: 1 }],
    ['a yes without a grant', { authorized: true }],
    ['a yes with no grants', { authorized: true, grants: [] }],
    ['a yes for a grant of an unknown kind', { authorized: true, grants: [{ from: 'above' }] }],
    ['a no without a reason', { authorized: false, nearest_misses: [] }],
    ['a no for an unknown reason', { authorized: false, reason: 'why not', nearest_misses: [] }],
    [
      'a no for two parties at once',
      {
        authorized: false,
        reason: 'no_grant',
        nearest_misses: [],
        on_behalf_of: { user_id: 'ada', group_id: 'group_1' },
      },
    ],
  ])('is not understood from %s', (_, json) => {
    expect(() => parseDecision(json)).toThrow()
  })

  test('is never an allow when one part of an allow is broken', () => {
    fc.assert(
      fc.property(allows, fc.nat(), (decision, at) => {
        const json: unknown = JSON.parse(JSON.stringify(renderDecision(decision)))
        const places = leavesOf(json)
        const { holder, key } = places[at % places.length] as Leaf
        holder[key] = { broken: true }
        expect(() => parseDecision(json)).toThrow()
      }),
    )
  })

  test('is never an allow when it was a deny, whatever is made of its answer', () => {
    fc.assert(
      fc.property(decisions, (decision) => {
        const json = { ...renderDecision(decision), authorized: decision.kind === 'deny' }
        expect(() => parseDecision(json)).toThrow()
      }),
    )
  })

  test('says no to an unknown permission, which a client hears as the error that it is', () => {
    const json = renderUnknownPermission(new PermissionUnknown('project:edti', 'project:edit'))
    expect(json.authorized).toBe(false)
    expect(() => parseDecision(json)).toThrow(PermissionUnknown)
    expect(() => parseDecision(json)).toThrow(/did you mean `project:edit`/)
  })
})

interface Leaf {
  readonly holder: Record<string, unknown>
  readonly key: string
}

function leavesOf(value: unknown): readonly Leaf[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Record<string, unknown>
  return Object.keys(holder).flatMap((key) => {
    const below = leavesOf(holder[key])
    return below.length > 0 ? below : [{ holder, key }]
  })
}
