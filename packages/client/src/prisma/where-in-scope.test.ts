import type { OrganizationId, ResourceAddress, ResourceId, Scope } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { asInteger } from '../scope/columns.js'
import { whereInScope } from './where-in-scope.js'

const organizationId = 'org_acme' as OrganizationId
const columns = { organization: 'organizationId', project: 'id', workspace: 'workspaceId?' }
const ofAcme = { organizationId }
/** Without it Prisma may make several queries of a long one, and tell a record once for each. */
const unsplit = { organizationId: { notIn: [] } }

describe('a scope as a `where` of Prisma', () => {
  test('names the organization and what it may be within', () => {
    expect(whereInScope({ kind: 'all', organizationId, type: 'project' }, columns)).toEqual({ AND: [ofAcme] })
    expect(whereInScope(some([at('workspace', 'eng'), at('project', 'web')]), columns)).toEqual({
      AND: [ofAcme, { OR: [{ workspaceId: { in: ['eng'] } }, { id: { in: ['web'] } }] }, unsplit],
    })
  })

  test('excepts no record that has no value in an optional field, and asks no required one for null', () => {
    const except = [at('workspace', 'eng'), at('project', 'web')]
    expect(whereInScope(some([at('organization', organizationId)], except), columns)).toEqual({
      AND: [
        ofAcme,
        { OR: [{ workspaceId: null }, { workspaceId: { notIn: ['eng'] } }] },
        { id: { notIn: ['web'] } },
      ],
    })
  })

  // Prisma leaves an empty OR out of an AND, so that it would hold for every record.
  test('of nothing holds for no record, and does not say so by an empty OR', () => {
    expect(whereInScope({ kind: 'none' }, columns)).toEqual({ AND: [{ organizationId: { in: [] } }] })
  })

  test('holds numbers where the field does', () => {
    const numbers = { ...columns, project: { column: 'id', value: asInteger } }
    expect(whereInScope(some([at('project', '7')]), numbers)).toEqual({
      AND: [ofAcme, { OR: [{ id: { in: [7] } }] }, unsplit],
    })
  })

  test.each(['workspace.id', 'workspaceId??', 'AND ', '', '__proto__ '])(
    'refuses `%s`, which is no field',
    (field) => {
      expect(() => whereInScope(some([at('workspace', 'eng')]), { ...columns, workspace: field })).toThrow(
        /is no field: name one of the model itself/,
      )
    },
  )
})

function some(
  within: readonly [ResourceAddress, ...ResourceAddress[]],
  except: readonly ResourceAddress[] = [],
): Scope {
  return { kind: 'some', organizationId, type: 'project', within, except }
}

function at(type: string, externalId: string): ResourceAddress {
  return { id: `authz_resource_${externalId}` as ResourceId, type, externalId }
}
