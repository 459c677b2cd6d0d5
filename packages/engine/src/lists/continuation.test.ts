import type { ItemId, PageOptions, ResourcesQuestion, SubjectRef, SubjectsQuestion } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Records } from '../graph/records.js'
import { Continuation } from './continuation.js'
import { acme, openAcme, project, user, workspace } from './fixtures/acme.js'

let at: Awaited<ReturnType<typeof openAcme>>

beforeEach(async () => {
  at = await openAcme()
  for (const name of ['eng', 'ops']) await at.make('workspace', name)
  for (const name of ['web', 'api', 'cms']) await at.make('project', name, workspace('eng'))
  for (const name of ['pager', 'pump']) await at.make('project', name, workspace('ops'))
  for (const name of ['site', 'shop']) await at.make('app', name, project('web'))
  await at.member('ann')
  await at.member('bob')
  for (const name of ['eng', 'ops']) await at.give(user('ann'), 'workspace-viewer', workspace(name))
  for (const name of ['web', 'pump']) await at.give(user('ann'), 'project-editor', project(name))
  await at.give(user('bob'), 'project-editor', project('pump'))
})

describe('a list that goes on', () => {
  // After the first page the whole list is known: what is shown of it, from wherever and whichever way, is the same.
  test.each(['asc', 'desc'] as const)('from any item, either way, begun in the order %s', async (begun) => {
    const all = await idsOf(question(user('ann')))
    expect(all).toHaveLength(5)
    const down = all.toReversed()
    for (const order of ['asc', 'desc'] as const) {
      const inOrder = order === 'asc' ? all : down
      for (const limit of [1, 2, 3]) {
        for (const [n, id] of inOrder.entries()) {
          await idsOf(question(user('ann')), { limit: 2, order: begun })
          const after = await pageOf(question(user('ann')), { order, limit, after: id })
          expect(after.ids).toEqual(inOrder.slice(n + 1, n + 1 + limit))
          expect(after.hasMore).toBe(n + 1 + limit < all.length)
          const before = await pageOf(question(user('ann')), { order, limit, before: id })
          expect(before.ids).toEqual(inOrder.slice(Math.max(0, n - limit), n))
        }
      }
    }
  })

  test.each<[string, Partial<ResourcesQuestion>, Partial<ResourcesQuestion>]>([
    ['permission', {}, { permission: 'project:edit' }],
    ['type', { type: 'app' }, { type: 'project' }],
    ['subject', {}, { subject: user('bob') }],
    ['party', {}, { onBehalfOf: [user('bob')] }],
    ['parent', {}, { under: workspace('ops') }],
    ['depth', { type: 'app', under: workspace('eng') }, { depth: 'children' }],
  ])('is about its own question, whoever asked just before about another %s', async (_, asked, other) => {
    const theirs = { ...question(user('ann')), ...asked }
    const ours = { ...theirs, ...other }
    const expected = await idsOf(ours)
    const [first, ...rest] = await idsOf(theirs)
    expect(rest, 'is another list').not.toEqual(expected)
    await idsOf(theirs, { limit: 1 })
    expect(await idsOf(ours, { after: first as ItemId })).toEqual(expected.filter((id) => id > (first ?? '')))
  })

  test.each<[string, Partial<SubjectsQuestion>]>([
    ['permission', { permission: 'project:edit' }],
    ['resource', { resource: project('pump') }],
    ['access', { access: 'direct' }],
  ])('of subjects is about its own question, too: another %s', async (_, other) => {
    for (const name of ['cas', 'dan']) {
      await at.member(name)
      await at.give(user(name), 'workspace-viewer', workspace('eng'))
    }
    const theirs = { organizationId: acme, permission: 'project:view', resource: project('web') }
    const ours = { ...theirs, ...other }
    const expected = await subjectsOf(ours)
    const [first, ...rest] = await subjectsOf(theirs)
    expect(rest, 'is another list').not.toEqual(expected)
    await subjectsOf(theirs, { limit: 1 })
    expect(await subjectsOf(ours, { after: first as ItemId })).toEqual(
      expected.filter((id) => id > (first ?? '')),
    )
  })

  test('of groups is not of memberships, who are counted from 0 as well', async () => {
    const groups = []
    for (const name of ['Web', 'Shop', 'Docs']) groups.push(await at.group(name))
    for (const { groupId } of groups.slice(0, 2))
      await at.give({ groupId }, 'project-editor', project('pump'))
    const onPump = { organizationId: acme, permission: 'project:view', resource: project('pump') }
    const [first, second] = await subjectsOf({ ...onPump, kind: 'group' })
    expect(await subjectsOf(onPump, { limit: 1 })).toHaveLength(1)
    expect(await subjectsOf({ ...onPump, kind: 'group' }, { after: first as ItemId })).toEqual([second])
  })

  test.each<[string, () => Promise<unknown>, readonly string[]]>([
    ['nothing', async () => {}, ['api', 'cms', 'pager', 'pump']],
    ['a denial', () => at.deny(user('ann'), 'project:view', project('cms')), ['api', 'pager', 'pump']],
    [
      'a resource',
      () => at.make('project', 'wiki', workspace('ops')),
      ['api', 'cms', 'pager', 'pump', 'wiki'],
    ],
    [
      'a resource that is moved away',
      () => at.engine.moveResource(acme, project('cms'), { type: 'organization', externalId: acme }),
      ['api', 'pager', 'pump'],
    ],
    [
      'a resource that is deleted',
      () => at.engine.deleteResource(acme, project('cms')),
      ['api', 'pager', 'pump'],
    ],
    ['other assignments', () => at.engine.replaceAssignments(acme, user('ann'), []), []],
    [
      'one assignment more',
      () => at.give(user('ann'), 'project-editor', project('api')),
      ['api', 'cms', 'pager', 'pump'],
    ],
    [
      'a membership that is put to sleep',
      () => at.engine.setMembershipStatus(acme, { userId: 'ann' }, 'inactive'),
      [],
    ],
    [
      'a membership that is given an organization-level role',
      () => at.engine.setMembershipRoles(acme, { userId: 'ann' }, ['admin']),
      ['api', 'cms', 'pager', 'pump', 'own'],
    ],
    ['a role that holds less', () => at.engine.updateRole('workspace-viewer', { permissions: [] }), ['pump']],
  ])('is what it is then, after %s', async (_, change, expected) => {
    await at.make('project', 'own')
    const [first] = await idsOf(question(user('ann')), { limit: 1 })
    await change()
    const { items } = await at.engine.listResources(question(user('ann')), { after: first as ItemId })
    expect(items.map(({ externalId }) => externalId).sort()).toEqual([...expected].sort())
  })
})

test('what was found in one organization is told in no other, and not after a change', () => {
  const numbers: readonly number[] = [1, 2, 3]
  const order = { compare: () => 0, against: (id: string) => (entry: number) => entry - Number(id) }
  const of = (epoch: number, changes: number, about: readonly number[]) =>
    new Continuation({ epoch, changes } as Records, () => about, order)
  const window = { limit: 1, direction: 'forward', from: undefined, order: 'asc' } as const
  const next = { ...window, from: { id: '1', side: 'past' } } as const
  of(1, 1, [0, 1]).keep(window, numbers)
  expect(of(1, 1, [0, 1]).find(next)).toEqual([2, 3])
  expect(of(1, 2, [0, 1]).find(next)).toBeUndefined()
  // Some of so many fall on one place.
  for (let n = 2; n < 300; n++) {
    expect(of(n, 1, [0, 1]).find(next)).toBeUndefined()
    expect(of(1, 1, [0, n]).find(next)).toBeUndefined()
    expect(of(1, 1, [0, 1, n]).find(next)).toBeUndefined()
  }
})

function question(subject: SubjectRef): ResourcesQuestion {
  return { organizationId: acme, subject, permission: 'project:view', type: 'project' }
}

async function pageOf(asked: ResourcesQuestion, page: PageOptions = {}) {
  const { items, after } = await at.engine.listResources(asked, page)
  return { ids: items.map(({ id }) => id), hasMore: after !== null }
}

async function idsOf(asked: ResourcesQuestion, page: PageOptions = {}) {
  return (await pageOf(asked, page)).ids
}

async function subjectsOf(asked: SubjectsQuestion, page: PageOptions = {}) {
  return (await at.engine.listSubjects(asked, page)).items.map(({ id }) => id)
}
