import { type OrganizationId, type ResourceAddress, type ResourceId, type Scope } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { asInteger, asUuid, type ScopeColumns } from './columns.js'
import { conditionOf } from './condition.js'

const organizationId = 'org_acme' as OrganizationId
const columns = { organization: 'org', project: 'id', workspace: 'workspace_id' }
const ofAcme = { column: 'org', value: organizationId }

describe('a scope in the columns of a table', () => {
  test('is bound to the organization, whatever else it says', () => {
    expect(conditionOf({ kind: 'all', organizationId, type: 'project' }, columns)).toEqual({
      kind: 'rows',
      organization: ofAcme,
      within: 'everything',
      except: [],
    })
    expect(conditionOf({ kind: 'none' }, columns)).toEqual({ kind: 'nothing', column: 'org' })
  })

  test('is one list of values for each type that it names', () => {
    const scope = some(
      [at('workspace', 'eng'), at('project', 'web'), at('workspace', 'ops')],
      [at('project', 'x')],
    )
    expect(conditionOf(scope, columns)).toEqual({
      kind: 'rows',
      organization: ofAcme,
      within: [
        { column: 'workspace_id', values: ['eng', 'ops'] },
        { column: 'id', values: ['web'] },
      ],
      except: [{ column: 'id', values: ['x'] }],
    })
  })

  test('needs no column for the organization itself', () => {
    const scope = some([at('organization', organizationId)], [at('workspace', 'eng')])
    expect(conditionOf(scope, columns)).toMatchObject({
      within: 'everything',
      except: [{ column: 'workspace_id', values: ['eng'] }],
    })
  })

  test('reads ids as the column holds them, and leaves out those that no row can have', () => {
    const numbers = { ...columns, project: { column: 'id', value: asInteger } }
    expect(
      conditionOf(some([at('project', '7'), at('project', '08')], [at('project', 'x')]), numbers),
    ).toMatchObject({
      within: [{ column: 'id', values: [7] }],
      except: [],
    })
    expect(conditionOf(some([at('project', '08')]), numbers)).toMatchObject({ kind: 'nothing' })
    const tenants = { ...columns, organization: { column: 'tenant', value: () => 42 } }
    expect(conditionOf(some([at('project', 'x')]), tenants)).toMatchObject({
      organization: { column: 'tenant', value: 42 },
    })
    const none = { ...columns, organization: { column: 'tenant', value: () => null } }
    expect(conditionOf(some([at('project', 'x')]), none)).toMatchObject({ kind: 'nothing' })
    const unknown = { ...columns, organization: { column: 'tenant', value: () => undefined } }
    expect(conditionOf({ kind: 'all', organizationId, type: 'project' }, unknown)).toMatchObject({
      kind: 'nothing',
    })
  })

  test.each<[string, Scope, ScopeColumns<string>, RegExp]>([
    [
      'an ancestor of which no column tells',
      some([at('folder', 'a')]),
      columns,
      /the scope of `project` depends on the `folder` that a row lies under: add `folder: </,
    ],
    [
      'one that is excepted',
      some([at('organization', organizationId)], [at('folder', 'a')]),
      columns,
      /add `folder: </,
    ],
    [
      'the type itself',
      some([at('project', 'web')]),
      { organization: 'org' },
      /depends on the `project` that a row is: add `project: </,
    ],
    [
      'the organization',
      { kind: 'all', organizationId, type: 'project' },
      { project: 'id' } as unknown as ScopeColumns<string>,
      /bound to one organization: add `organization: </,
    ],
    [
      'a column that is not there, for want of a type',
      some([at('organization', organizationId)], [at('workspace', 'eng')]),
      { ...columns, workspace: null as unknown as string },
      /add `workspace: </,
    ],
    [
      'one that is said how to read, and is not there either',
      some([at('organization', organizationId)], [at('workspace', 'eng')]),
      { ...columns, workspace: { column: undefined as unknown as string, value: asInteger } },
      /add `workspace: </,
    ],
    [
      'a type that is named like a part of every object',
      some([at('constructor', 'a')]),
      columns,
      /add `constructor: </,
    ],
  ])('refuses to guess: %s', (_, scope, table, message) => {
    expect(() => conditionOf(scope, table)).toThrow(message)
    expect(() => conditionOf(scope, table)).toThrow(expect.objectContaining({ code: 'misconfigured' }))
  })

  test('asks for no column that it does not need', () => {
    expect(
      conditionOf(some([at('workspace', 'eng')]), { organization: 'org', workspace: 'w' }),
    ).toMatchObject({
      within: [{ column: 'w', values: ['eng'] }],
    })
  })
})

describe('an external id', () => {
  test.each([
    ['7', 7],
    ['0', 0],
    ['-3', -3],
    ['07', undefined],
    ['7.0', undefined],
    ['1e3', undefined],
    [' 7', undefined],
    ['', undefined],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740992', undefined],
    ['9007199254740993', undefined],
    ['0x10', undefined],
    ['Infinity', undefined],
    ['-0', undefined],
  ])('%o as an integer is %o', (id, value) => {
    expect(asInteger(id)).toBe(value)
  })

  test('as a UUID is one in lower case', () => {
    expect(asUuid('0190a4c2-7d3e-7b1a-9c55-3f2f4a6b8c9d')).toBe('0190a4c2-7d3e-7b1a-9c55-3f2f4a6b8c9d')
    expect(asUuid('0190A4C2-7D3E-7B1A-9C55-3F2F4A6B8C9D')).toBeUndefined()
    expect(asUuid('0190a4c27d3e7b1a9c553f2f4a6b8c9d')).toBeUndefined()
    expect(asUuid('web')).toBeUndefined()
    expect(asUuid('x0190a4c2-7d3e-7b1a-9c55-3f2f4a6b8c9d')).toBeUndefined()
    expect(asUuid('0190a4c2-7d3e-7b1a-9c55-3f2f4a6b8c9dx')).toBeUndefined()
  })
})

function some(
  within: readonly [ResourceAddress, ...ResourceAddress[]],
  except: readonly ResourceAddress[] = [],
): Scope {
  return { kind: 'some', organizationId, type: 'project', within, except }
}

function at(type: string, externalId: string): ResourceAddress {
  return { id: `authz_resource_${type}_${externalId}` as ResourceId, type, externalId }
}
