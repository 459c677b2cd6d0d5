import {
  type ExclusionId,
  limits,
  type MembershipId,
  type Scope,
  type ScopeQuestion,
  type SubjectRef,
} from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { applyChange } from '../graph/apply-change.js'
import { acme, agent, app, openAcme, project, user, workspace } from './fixtures/acme.js'
import { largeOrganization, organizationId } from './fixtures/large-organization.js'
import { scope } from './scope.js'

let at: Awaited<ReturnType<typeof openAcme>>

beforeEach(async () => {
  at = await openAcme()
  for (const name of ['eng', 'ops']) await at.make('workspace', name)
  for (const name of ['web', 'api']) await at.make('project', name, workspace('eng'))
  await at.make('project', 'pager', workspace('ops'))
  await at.make('app', 'site', project('web'))
  await at.member('ann', 'admin')
  await at.member('bob')
})

describe('a scope', () => {
  test('is everything, or nothing, where there is no more to say', async () => {
    expect(await scopeOf(user('ann'))).toEqual({ kind: 'all', organizationId: acme, type: 'project' })
    expect(await scopeOf(user('bob'))).toEqual({ kind: 'none' })
    expect(await scopeOf(user('nobody'))).toEqual({ kind: 'none' })
  })

  test('names what is granted, once and only as high as it goes', async () => {
    await at.give(user('bob'), 'project-editor', project('web'))
    await at.give(user('bob'), 'workspace-viewer', workspace('eng'))
    await at.give(user('bob'), 'project-editor', project('pager'))
    await at.give(await at.group('Pagers', 'bob'), 'project-editor', project('pager'))
    expect(await scopeOf(user('bob'))).toMatchObject({
      kind: 'some',
      within: [
        { type: 'workspace', externalId: 'eng' },
        { type: 'project', externalId: 'pager' },
      ],
      except: [],
    })
  })

  test('leaves out what cannot hold the type', async () => {
    await at.give(user('bob'), 'project-editor', project('web'))
    expect(await scopeOf(user('bob'), { type: 'app' })).toMatchObject({ within: [{ externalId: 'web' }] })
    expect(await scopeOf(user('bob'), { type: 'workspace' })).toEqual({ kind: 'none' })
    await at.deny(user('ann'), 'project:view', app('site'))
    expect(await scopeOf(user('ann'))).toMatchObject({ kind: 'all' })
    expect(await scopeOf(user('ann'), { type: 'app' })).toMatchObject({ except: [{ externalId: 'site' }] })
  })

  test('names what is denied below, but no more than is in the way', async () => {
    await at.deny(user('ann'), 'project:view', workspace('eng'))
    await at.deny(user('ann'), 'project:view', project('web'))
    await at.deny(user('ann'), 'project:edit', project('pager'))
    expect(await scopeOf(user('ann'))).toMatchObject({
      kind: 'some',
      within: [{ type: 'organization', externalId: acme }],
      except: [{ externalId: 'eng' }],
    })
    await at.give(user('bob'), 'project-editor', project('pager'))
    await at.deny(user('bob'), 'project:view', workspace('eng'))
    expect(await scopeOf(user('bob')), 'denied where nothing is granted').toMatchObject({ except: [] })
  })

  test('holds nothing of what is denied further up', async () => {
    await at.give(user('bob'), 'project-editor', project('web'))
    await at.deny(user('bob'), 'project:view', workspace('eng'))
    expect(await scopeOf(user('bob'))).toEqual({ kind: 'none' })
  })

  test('of a delegation is what everybody reaches', async () => {
    await at.make('bot', 'helper')
    const helper = agent('bot', 'helper')
    await at.give(helper, 'workspace-viewer', workspace('eng'))
    await at.give(helper, 'project-editor', project('pager'))
    await at.give(user('bob'), 'project-editor', project('web'))
    await at.give(user('bob'), 'workspace-viewer', workspace('ops'))
    await at.deny(user('bob'), 'project:view', project('pager'))
    expect(await scopeOf(helper, { onBehalfOf: [user('bob')] })).toMatchObject({
      within: [{ externalId: 'web' }],
      except: [],
    })
    expect(await scopeOf(helper, { onBehalfOf: [user('ann')] })).toMatchObject({
      within: [{ externalId: 'eng' }, { externalId: 'pager' }],
    })
  })

  test('that would name too many resources is refused, and says what to do', async () => {
    const large = await largeOrganization()
    const [most, tooMany, many] = [large.membership(), large.membership(), large.membership()]
    const [quiet, crowded] = [
      large.resource('workspace', large.root),
      large.resource('workspace', large.root),
    ]
    const inQuiet = large.resource('project', quiet)
    large.give(most, 'workspace-admin', quiet)
    large.give(many, 'workspace-admin', crowded)
    for (let i = 0; i <= limits.resourcesPerScope; i++) {
      const project = large.resource('project', crowded)
      if (i > 1) large.give(most, 'project-editor', project)
      large.give(tooMany, 'project-editor', project)
      for (const role of ['project-viewer', 'project-editor']) large.give(many, role, project)
    }
    const graph = large.build()
    const of = (membershipId: MembershipId, permission = 'project:view') =>
      scope(graph, { organizationId, subject: { membershipId }, type: 'project', permission })
    const refusal = /granted resource by resource, on more than 10000 of them; give the role higher up/
    expect(() => of(tooMany)).toThrow(refusal)
    expect(of(tooMany, 'bot:run')).toEqual({ kind: 'none' })
    // However many assignments, it is what they come to that is named.
    expect(of(many)).toMatchObject({ kind: 'some', within: [{ id: crowded }], except: [] })
    expect(of(most)).toMatchObject({ kind: 'some', within: { length: limits.resourcesPerScope } })
    applyChange(graph, {
      op: 'put',
      kind: 'exclusion',
      entity: {
        id: 'exclusion_1' as ExclusionId,
        subject: { kind: 'membership', id: most },
        effect: 'deny',
        permissionId: graph.environment.permissionId(graph.environment.permissionIndex('project:view')),
        resourceId: inQuiet,
      },
    })
    expect(() => of(most), 'what is excepted counts as well').toThrow(refusal)
  })

  test('refuses a type or a permission that does not exist', async () => {
    await expect(scopeOf(user('ann'), { type: 'projekt' })).rejects.toMatchObject({
      code: 'resource_type_unknown',
    })
    await expect(scopeOf(user('nobody'), { permission: 'x:y' })).rejects.toMatchObject({
      code: 'permission_unknown',
    })
  })
})

describe('effective permissions', () => {
  test('are those of all roles on the way up, sorted, less what is denied', async () => {
    await at.give(user('bob'), 'project-editor', project('web'))
    expect(await permissionsOf(user('bob'))).toEqual(['project:edit', 'project:view'])
    expect(await permissionsOf(user('ann'))).toEqual(['app:deploy', 'project:edit', 'project:view'])
    await at.deny(user('ann'), 'project:edit', workspace('eng'))
    expect(await permissionsOf(user('ann'))).toEqual(['app:deploy', 'project:view'])
  })

  test('on the organization itself are those of its roles alone', async () => {
    await at.give(user('bob'), 'project-editor', project('web'))
    for (const [name, expected] of [
      ['ann', ['app:deploy', 'project:edit', 'project:view']],
      ['bob', []],
    ] as const)
      expect(await at.engine.effectivePermissions({ organizationId: acme, subject: user(name) })).toEqual(
        expected,
      )
  })

  test('of a delegation are those that everybody has', async () => {
    await at.give(user('bob'), 'workspace-viewer', workspace('eng'))
    const organizationId = acme
    expect(
      await at.engine.effectivePermissions({
        organizationId,
        subject: user('ann'),
        onBehalfOf: [user('bob')],
        resource: project('web'),
      }),
    ).toEqual(['project:view'])
  })

  test('are none for who or what is unknown', async () => {
    expect(await permissionsOf(user('nobody'))).toEqual([])
    expect(
      await at.engine.effectivePermissions({
        organizationId: acme,
        subject: user('ann'),
        resource: project('nowhere'),
      }),
    ).toEqual([])
  })

  const permissionsOf = (subject: SubjectRef) =>
    at.engine.effectivePermissions({ organizationId: acme, subject, resource: project('web') })
})

function scopeOf(subject: SubjectRef, more: Partial<ScopeQuestion> = {}): Promise<Scope> {
  return at.engine.scope({
    organizationId: acme,
    subject,
    permission: 'project:view',
    type: 'project',
    ...more,
  })
}
