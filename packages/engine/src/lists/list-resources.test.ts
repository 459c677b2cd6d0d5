import {
  allResources,
  type OrganizationId,
  type PageOptions,
  type ResourcesQuestion,
  type SubjectRef,
} from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { writeCursor } from './cursor.js'
import { acme, agent, openAcme, project, user, workspace } from './fixtures/acme.js'
import { resourcesKey } from './question-key.js'

let at: Awaited<ReturnType<typeof openAcme>>

beforeEach(async () => {
  at = await openAcme()
  for (const name of ['eng', 'ops']) await at.make('workspace', name)
  await at.make('project', 'web', workspace('eng'))
  await at.make('project', 'api', workspace('eng'))
  await at.make('project', 'pager', workspace('ops'))
  await at.make('project', 'handbook')
  await at.make('app', 'site', project('web'))
  await at.member('ann', 'admin')
  await at.member('bob')
})

describe('a list of resources', () => {
  test('of an organization role is every resource of the type, in the order in which they were made', async () => {
    expect(await projectsOf(user('ann'))).toEqual(['web', 'api', 'pager', 'handbook'])
    expect(await projectsOf(user('bob'))).toEqual([])
  })

  test('of a role on a workspace is what lies below it', async () => {
    await at.give(user('bob'), 'workspace-viewer', workspace('eng'))
    expect(await projectsOf(user('bob'))).toEqual(['web', 'api'])
    expect(await projectsOf(user('bob'), { permission: 'project:edit' })).toEqual([])
  })

  test('of a role that a group holds on the organization is every resource of the type', async () => {
    const staff = await at.group('Staff', 'bob')
    expect(await projectsOf(user('bob'))).toEqual([])
    await at.give(staff, 'admin')
    expect(await projectsOf(user('bob'))).toEqual(['web', 'api', 'pager', 'handbook'])
  })

  test('holds a resource once, however often it is granted', async () => {
    await at.give(user('bob'), 'workspace-viewer', workspace('eng'))
    await at.give(user('bob'), 'project-editor', project('web'))
    await at.give(await at.group('Web', 'bob'), 'project-editor', project('web'))
    expect(await projectsOf(user('bob'))).toEqual(['web', 'api'])
  })

  test('asks a permission on resources of another type literally', async () => {
    await at.give(user('bob'), 'project-editor', project('web'))
    expect(await projectsOf(user('bob'), { type: 'app' })).toEqual(['site'])
    expect(await projectsOf(user('bob'), { type: 'workspace' })).toEqual([])
  })

  test('of the root type is the organization itself', async () => {
    expect(await projectsOf(user('ann'), { type: 'organization' })).toEqual([acme])
    expect(await projectsOf(user('bob'), { type: 'organization' })).toEqual([])
  })

  test('leaves out what an exclusion denies, with all below it', async () => {
    await at.deny(user('ann'), 'project:view', workspace('eng'))
    expect(await projectsOf(user('ann'))).toEqual(['pager', 'handbook'])
    expect(await projectsOf(user('ann'), { permission: 'project:edit' })).toHaveLength(4)
  })

  test('of an agent is no more than that of whom it acts for', async () => {
    await at.make('bot', 'helper')
    const helper = agent('bot', 'helper')
    await at.give(helper, 'workspace-viewer', workspace('eng'))
    await at.give(helper, 'project-editor', project('handbook'))
    await at.give(user('bob'), 'project-editor', project('web'))
    await at.give(user('bob'), 'workspace-viewer', workspace('ops'))
    expect(await projectsOf(helper)).toEqual(['web', 'api', 'handbook'])
    expect(await projectsOf(helper, { onBehalfOf: [user('bob')] })).toEqual(['web'])
    expect(await projectsOf(helper, { onBehalfOf: [user('nobody')] })).toEqual([])
  })

  test('of who is unknown, or not active, is empty', async () => {
    expect(await projectsOf(user('nobody'))).toEqual([])
    await at.engine.setMembershipStatus(acme, { userId: 'ann' }, 'inactive')
    expect(await projectsOf(user('ann'))).toEqual([])
    expect(await projectsOf(agent('workspace', 'eng')), 'a workspace does not act').toEqual([])
  })

  describe('below a resource', () => {
    test('holds its whole subtree, but not itself', async () => {
      expect(await projectsOf(user('ann'), { under: workspace('eng') })).toEqual(['web', 'api'])
      expect(await projectsOf(user('ann'), { under: project('web') })).toEqual([])
      expect(await projectsOf(user('ann'), { under: workspace('eng'), type: 'app' })).toEqual(['site'])
    })

    test('or its direct children only', async () => {
      const children = { depth: 'children' } as const
      expect(await projectsOf(user('ann'), { ...children, under: workspace('eng') })).toEqual(['web', 'api'])
      expect(await projectsOf(user('ann'), { ...children, under: workspace('eng'), type: 'app' })).toEqual([])
      expect(await projectsOf(user('ann'), children), 'of the organization').toEqual(['handbook'])
    })

    test('narrows what a role further down reaches', async () => {
      await at.give(user('bob'), 'project-editor', project('web'))
      expect(await projectsOf(user('bob'), { under: workspace('eng') })).toEqual(['web'])
      expect(await projectsOf(user('bob'), { under: workspace('ops') })).toEqual([])
    })

    test('that is unknown, is empty', async () => {
      expect(await projectsOf(user('ann'), { under: workspace('nowhere') })).toEqual([])
    })
  })

  test('is in pages, ordered by id, which go both ways', async () => {
    const first = await page({ limit: 3 })
    expect(first).toMatchObject({ names: ['web', 'api', 'pager'], before: null })
    const second = await page({ limit: 3, after: first.after! })
    expect(second).toMatchObject({ names: ['handbook'], after: null })
    const back = await page({ limit: 3, before: second.before! })
    expect(back).toMatchObject({ names: ['web', 'api', 'pager'], before: null })
    expect((await page({ limit: 2, before: second.before! })).names).toEqual(['api', 'pager'])
    expect((await page({ limit: 3, after: back.after! })).names).toEqual(['handbook'])
  })

  test('goes on from where a cursor says, whoever went on elsewhere meanwhile', async () => {
    for (const name of ['eng', 'ops']) await at.give(user('bob'), 'workspace-viewer', workspace(name))
    const pageOf = (options: PageOptions) =>
      at.engine.listResources(question(user('bob')), { limit: 1, ...options })
    const first = await pageOf({})
    const second = await pageOf({ after: first.after! })
    await pageOf({ after: second.after! })
    expect((await pageOf({ after: first.after! })).items).toEqual(second.items)
    expect((await pageOf({ before: second.before! })).items).toEqual(first.items)
    expect((await pageOf({ after: first.after! })).items).toEqual(second.items)
  })

  test('is the same from its end, and a cursor is good for both orders', async () => {
    const last = await page({ limit: 3, order: 'desc' })
    expect(last).toMatchObject({ names: ['handbook', 'pager', 'api'], before: null })
    const first = await page({ limit: 3, order: 'desc', after: last.after! })
    expect(first).toMatchObject({ names: ['web'], after: null })
    const back = await page({ limit: 2, order: 'desc', before: first.before! })
    expect(back.names).toEqual(['pager', 'api'])
    expect((await page({ order: 'desc', before: back.before! })).names).toEqual(['handbook'])
    expect((await page({ after: last.after! })).names).toEqual(['api', 'pager', 'handbook'])
    expect((await page({ before: last.after! })).names).toEqual(['web'])
  })

  test('goes on from the id of an item, also when that has gone', async () => {
    const { value: api } = await at.engine.renameResource(acme, project('api'), {})
    expect((await page({ after: api.id })).names).toEqual(['pager', 'handbook'])
    expect((await page({ before: api.id })).names).toEqual(['web'])
    expect((await page({ order: 'desc', after: api.id })).names).toEqual(['web'])
    expect((await page({ order: 'desc', before: api.id, limit: 1 })).names).toEqual(['pager'])
    await at.engine.deleteResource(acme, project('api'))
    expect((await page({ after: api.id })).names).toEqual(['pager', 'handbook'])
    await expect(page({ after: 'om_ann' as never })).rejects.toMatchObject({ code: 'cursor_invalid' })
    await expect(page({ after: 'authz_resource_x' as never })).rejects.toMatchObject({
      code: 'cursor_invalid',
    })
  })

  test('ends with `null` also where the last page is full', async () => {
    const first = await page({ limit: 2 })
    expect(await page({ limit: 2, after: first.after! })).toMatchObject({
      names: ['pager', 'handbook'],
      after: null,
    })
  })

  test('goes on where it was when the items around the place are gone', async () => {
    const first = await page({ limit: 2 })
    await at.engine.deleteResource(acme, project('api'))
    await at.engine.deleteResource(acme, project('pager'))
    expect((await page({ after: first.after! })).names).toEqual(['handbook'])
  })

  test('names a resource that is made when another one goes by its own name', async () => {
    expect(await projectsOf(user('ann'))).toContain('api')
    await at.engine.deleteResource(acme, project('api'))
    await at.make('project', 'api-2', workspace('eng'))
    expect(await projectsOf(user('ann'))).toEqual(['web', 'pager', 'handbook', 'api-2'])
  })

  test('finds the way back from a page that has become empty', async () => {
    const first = await page({ limit: 3 })
    await at.engine.deleteResource(acme, project('handbook'))
    const empty = await page({ limit: 3, after: first.after! })
    expect(empty).toMatchObject({ names: [], after: null })
    expect((await page({ limit: 3, before: empty.before! })).names).toEqual(['web', 'api', 'pager'])
  })

  test('is walked through in one loop', async () => {
    for (let i = 0; i < 120; i++) await at.make('project', `more-${i}`)
    const names: string[] = []
    for await (const { externalId } of allResources(at.engine, question(user('ann')))) names.push(externalId)
    expect(names).toHaveLength(124)
    expect(new Set(names).size).toBe(124)
  })

  describe('refuses', () => {
    test.each([0, 101, 1.5, '10', Number.NaN])('a limit of %s', async (limit) => {
      await expect(page({ limit: limit as number })).rejects.toMatchObject({
        code: 'input_invalid',
        field: 'limit',
        rule: expect.stringContaining('1 to 100'),
      })
    })

    test('more parties than a chain may have', async () => {
      const onBehalfOf = Array.from({ length: 11 }, () => user('ann'))
      await expect(projectsOf(user('ann'), { onBehalfOf })).rejects.toMatchObject({ field: 'onBehalfOf' })
      expect(await projectsOf(user('ann'), { onBehalfOf: onBehalfOf.slice(1) })).toHaveLength(4)
    })

    test('an order that is none', async () => {
      await expect(page({ order: 'normal' as 'asc' })).rejects.toMatchObject({ field: 'order' })
    })

    test('both cursors at once', async () => {
      const { after } = await page({ limit: 1 })
      await expect(page({ after: after!, before: after! })).rejects.toMatchObject({ field: 'before' })
    })

    test('a permission, a type or a depth that does not exist', async () => {
      await expect(projectsOf(user('ann'), { permission: 'project:veiw' })).rejects.toMatchObject({
        code: 'permission_unknown',
        nearest: 'project:view',
      })
      await expect(projectsOf(user('ann'), { type: 'projekt' })).rejects.toMatchObject({
        code: 'resource_type_unknown',
      })
      await expect(projectsOf(user('ann'), { depth: 'all' as 'subtree' })).rejects.toMatchObject({
        field: 'depth',
      })
    })

    test.each<[string, Partial<ResourcesQuestion>]>([
      ['organization', { organizationId: 'org_globex' as OrganizationId }],
      ['permission', { permission: 'project:edit' }],
      ['type', { type: 'app' }],
      ['subject', { subject: user('bob') }],
      ['party', { onBehalfOf: [user('bob')] }],
      ['parent', { under: workspace('eng') }],
      ['depth', { depth: 'children' }],
    ])('a cursor that comes from a question of another %s', async (_, other) => {
      const { after } = await page({ limit: 1 })
      const asked = { ...question(user('ann')), ...other }
      await expect(at.engine.listResources(asked, { after: after! })).rejects.toMatchObject({
        code: 'cursor_invalid',
      })
    })

    // Whoever knows how cursors are written may write one: it is a place, and grants nothing.
    test('a cursor that was made up for a place among things of another kind', async () => {
      const key = resourcesKey(question(user('ann')))
      const { value: api } = await at.engine.renameResource(acme, project('api'), {})
      expect((await page({ after: writeCursor(key, { id: api.id, side: 'past' }) })).names).toEqual([
        'pager',
        'handbook',
      ])
      for (const id of ['om_ann', 'group_01HZZZZZZZZZZZZZZZZZZZZZZZ', ''])
        await expect(page({ after: writeCursor(key, { id, side: 'past' }) })).rejects.toMatchObject({
          code: 'cursor_invalid',
        })
    })

    test('a cursor that was changed, cut, lengthened or made up, and never begins again instead', async () => {
      const { after } = await page({ limit: 1 })
      const broken = [
        '',
        'abc',
        null,
        7,
        after!.slice(0, -1),
        `${after!}=`,
        `${after!}!`,
        ` ${after!}`,
        after!.replace(/.$/, (last) => (last === 'Z' ? 'Y' : 'Z')),
        after!.replace('~', '-'),
        after!.replace('~', ''),
        after!.slice(0, after!.indexOf('.')),
        '~',
        '~.',
      ]
      for (const cursor of broken) {
        await expect(page({ after: cursor as typeof after & string }), String(cursor)).rejects.toMatchObject({
          code: 'cursor_invalid',
        })
      }
    })
  })
})

function question(subject: SubjectRef): ResourcesQuestion {
  return { organizationId: acme, subject, permission: 'project:view', type: 'project' }
}

async function projectsOf(subject: SubjectRef, more: Partial<ResourcesQuestion> = {}) {
  const { items } = await at.engine.listResources({ ...question(subject), ...more })
  return items.map(({ externalId }) => externalId)
}

async function page(options: PageOptions) {
  const { items, ...cursors } = await at.engine.listResources(question(user('ann')), options)
  return { names: items.map(({ externalId }) => externalId), ...cursors }
}
