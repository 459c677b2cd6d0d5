import { defineModel } from '@bailiwick/core'
import { expectTypeOf, test } from 'vitest'
import type { PersonFixture, Place } from './fixtures.js'
import { testEngine } from './test-engine.js'

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:edit': 'project' },
  roles: {
    editor: { on: 'project', permissions: ['project:edit'] },
    owner: { on: 'organization', permissions: ['project:edit'] },
  },
})

test('fixtures name the types and the roles of the model, or do not compile', async () => {
  const { resource } = await testEngine({
    model,
    organizations: {
      acme: {
        resources: { 'project:web': {} },
        people: { ada: { roles: ['owner'], on: { 'project:web': 'editor' } } },
      },
    },
  })
  resource('project:web')
  // @ts-expect-error no such type
  resource('projekt:web')
  const project: Place<typeof model> = 'project:web'
  // @ts-expect-error no such type
  const projekt: Place<typeof model> = 'projekt:web'

  const good: PersonFixture<typeof model>[] = [{ roles: ['owner'] }, { on: { 'project:web': ['editor'] } }]
  // @ts-expect-error no such role
  const unknown: PersonFixture<typeof model> = { on: { 'project:web': 'edit' } }
  // @ts-expect-error a role of the organization
  const wide: PersonFixture<typeof model> = { on: { 'project:web': 'owner' } }
  // @ts-expect-error a role of projects
  const narrow: PersonFixture<typeof model> = { roles: ['editor'] }
  const own: PersonFixture<typeof model> = { roles: ['org-auditor'], on: { 'project:web': 'org-reader' } }
  const kept: PersonFixture<typeof model> = { denied: { 'project:web': 'project:edit', organization: [] } }
  // @ts-expect-error no such permission
  const mistyped: PersonFixture<typeof model> = { denied: { 'project:web': 'project:edti' } }
  // @ts-expect-error no such type
  const elsewhere: PersonFixture<typeof model> = { allowed: { 'projekt:web': 'project:edit' } }
  expectTypeOf([own, kept, mistyped, elsewhere]).toBeArray()
  expectTypeOf([project, projekt, good, unknown, wide, narrow]).toBeArray()
})
