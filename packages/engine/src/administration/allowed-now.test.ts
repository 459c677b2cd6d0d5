import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineModel, type MembershipId, type OrganizationId } from '@bailiwick/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { EmbeddedEngine } from '../embedded-engine.js'
import { openEngine } from '../open-engine.js'
import { sqlite } from '../sqlite/sqlite.js'

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:edit': 'project' },
  roles: { editor: { on: 'project', permissions: ['project:edit'] } },
})
const acme = 'org_acme' as OrganizationId
const globex = 'org_globex' as OrganizationId
const ann = 'om_ann' as MembershipId
const web = { type: 'project', externalId: 'web' }
const docs = { type: 'project', externalId: 'docs' }

let folder: string
let engine: EmbeddedEngine
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bailiwick-'))
  // Nobody else writes to it, so that what is in memory is the latest.
  engine = await openEngine({ store: sqlite(join(folder, 'authz.db')), model })
  for (const id of [acme, globex]) {
    await engine.createOrganization({ id, name: id })
    await engine.createResource({ organizationId: id, ...web, name: 'Web' })
  }
  await engine.createResource({ organizationId: acme, ...docs, name: 'Docs' })
  await engine.createMembership({ organizationId: acme, id: ann, userId: 'user_ann' })
  await engine.assignRole({
    organizationId: acme,
    subject: { membershipId: ann },
    role: 'editor',
    resource: web,
  })
})
afterEach(async () => {
  await engine.close()
  rmSync(folder, { recursive: true })
})

const now = (resource = web, permission = 'project:edit') => engine.allowedNow(ann, permission, resource)

test('nothing is told of a membership that nobody has asked about yet', async () => {
  expect(now()).toBeUndefined()
  expect(await engine.organizationOf(ann)).toBe(acme)
  expect(now()).toBe(true)
  expect(now(docs)).toBe(false)
})

test('an unknown permission is for `check` to name', async () => {
  await engine.organizationOf(ann)
  expect(now(web, 'project:edt')).toBeUndefined()
})

test('what is not there, and whoever sleeps, is for `check` to name', async () => {
  await engine.organizationOf(ann)
  expect(now({ type: 'project', externalId: 'none' })).toBeUndefined()
  expect(now({ type: 'folder', externalId: 'web' })).toBeUndefined()
  await engine.setMembershipStatus(acme, { membershipId: ann }, 'inactive')
  expect(now()).toBeUndefined()
  expect(now(docs)).toBeUndefined()
})

test('what is taken away is gone at the next question', async () => {
  await engine.organizationOf(ann)
  const [assignment] = await engine.listAssignments(acme, { membershipId: ann })
  await engine.removeAssignment(acme, assignment!.id)
  expect(now()).toBe(false)
})

test('a membership that is made again elsewhere is asked about there', async () => {
  await engine.organizationOf(ann)
  await engine.deleteMembership(acme, { membershipId: ann })
  expect(now()).toBeUndefined()
  await engine.createMembership({ organizationId: globex, id: ann, userId: 'user_ann' })
  expect(now()).toBeUndefined()
  await engine.organizationOf(ann)
  expect(now()).toBe(false)
})

test('a permission that the model loses is told by nobody', async () => {
  await engine.organizationOf(ann)
  await engine.updateRole('editor', { permissions: [] })
  expect(now()).not.toBe(true)
})

test('a closed engine tells nothing', async () => {
  await engine.organizationOf(ann)
  await engine.close()
  expect(now()).toBeUndefined()
})
