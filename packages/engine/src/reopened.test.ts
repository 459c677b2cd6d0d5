import { type AuthorizationEngine, compileModel } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import {
  acme,
  agent,
  ann,
  assign,
  bob,
  bot,
  create,
  definition,
  may,
  openAcme,
  project,
  workspace,
} from './fixtures/acme.js'
import { openEngine } from './open-engine.js'
import { storeDirectory } from './sqlite/fixtures/store-directory.js'
import { sqlite } from './sqlite/sqlite.js'
import { memoryStore } from './store/memory-store.js'

const model = compileModel({ ...definition, roleMode: 'single', rolePriority: ['accountant', 'editor'] })

/** Something of every kind, some of it removed again. */
async function fill(engine: AuthorizationEngine): Promise<void> {
  await engine.createOrganizationRole({
    organizationId: acme,
    name: 'Lead',
    slug: 'org-lead',
    permissions: ['project:edit', 'billing:manage'],
  })
  await engine.createOrganizationRole({ organizationId: acme, name: 'Gone', slug: 'org-gone' })
  await engine.deleteOrganizationRole(acme, 'org-gone')
  await engine.setRoleOrder(acme, { defaultRole: 'org-lead', priority: ['org-lead'] })
  const groups = []
  for (const name of ['Builders', 'Gone', 'Watchers'])
    groups.push((await engine.createGroup({ organizationId: acme, name })).value)
  for (const { id } of groups) {
    await engine.addGroupMember(acme, id, ann)
    await engine.addGroupMember(acme, id, bob)
    await assign(engine, { groupId: id }, 'project-editor', project('web'))
  }
  const [builders, gone] = groups as [(typeof groups)[0], (typeof groups)[0]]
  await engine.removeGroupMember(acme, builders.id, bob)
  await engine.deleteGroup(acme, gone.id)
  await engine.createDirectoryMapping({ organizationId: acme, directoryGroup: 'Books', role: 'accountant' })
  await engine.createDirectoryMapping({
    organizationId: acme,
    directoryGroup: 'Ops',
    role: 'workspace-admin',
    resource: workspace('ops'),
  })
  await engine.syncDirectoryGroups(acme, bob, ['Books', 'Ops'])
  await engine.createMembership({ organizationId: acme, userId: 'user_eve' })
  await assign(engine, agent('helper'), 'workspace-admin', workspace('eng'))
  await create(engine, project('brief'), workspace('eng'))
  await assign(engine, ann, 'project-editor', project('brief'))
  await engine.deleteResource(acme, project('brief'), { cascade: true })
  await engine.createExclusion({
    organizationId: acme,
    subject: agent('helper'),
    permission: 'project:view',
    resource: project('web'),
  })
  await engine.createExclusion({
    organizationId: acme,
    subject: ann,
    permission: 'billing:manage',
    effect: 'allow',
  })
}

/** All that can be read and asked of Acme. */
async function picture(engine: AuthorizationEngine) {
  const groups = await engine.listGroups(acme)
  const subjects = [
    ann,
    bob,
    { userId: 'user_eve' },
    agent('helper'),
    ...groups.map(({ id }) => ({ groupId: id })),
  ]
  const answers: string[] = []
  for (const subject of subjects) {
    for (const permission of Object.keys(definition.permissions)) {
      for (const place of [undefined, workspace('eng'), workspace('ops'), project('web'), bot('helper')])
        answers.push(await may(engine, subject, permission, place))
    }
  }
  return {
    answers,
    organization: await engine.getOrganization(acme),
    memberships: await Promise.all([ann, bob].map((each) => engine.findMembership(acme, each))),
    assignments: await Promise.all(subjects.map((each) => engine.listAssignments(acme, each))),
    groups,
    members: await Promise.all(groups.map(({ id }) => engine.listGroupMembers(acme, id))),
    roles: await engine.listOrganizationRoles(acme),
    mappings: await engine.listDirectoryMappings(acme),
    exclusions: await engine.listExclusions(acme),
    resource: await engine.findResource(acme, project('web')),
  }
}

describe('an engine that is opened again', () => {
  test.each([
    ['in memory', () => memoryStore({ access: 'exclusive' })],
    ['in an SQLite file', () => sqlite(storeDirectory().file('authz.db'))],
  ])('%s answers as the one that has written, of whatever kind', async (_where, opener) => {
    const store = opener()
    const first = await openAcme({ model, store })
    await fill(first)
    const before = await picture(first)
    await first.close()
    const second = await openEngine({ model, store })
    const after = await picture(second)
    await second.close()
    expect(after).toEqual(before)
    expect(new Set(before.answers)).toEqual(new Set(['allow', 'no_grant', 'excluded']))
    expect(before).toMatchObject({ groups: { length: 2 }, roles: { length: 1 }, mappings: { length: 2 } })
  })
})
