import { defineModel } from '@bailiwick/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type TestEngine, testEngine } from '../engine/test-engine.js'
import { createIssuer } from '../issuer/create-issuer.js'
import './vitest.js'

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:view': 'project', 'project:edit': 'project' },
  roles: {
    viewer: { on: 'organization', permissions: ['project:view'] },
    editor: { on: 'project', permissions: ['project:view', 'project:edit'] },
  },
})

let product: TestEngine<typeof model>
beforeAll(async () => {
  product = await testEngine({
    model,
    organizations: {
      acme: {
        resources: { 'project:web': {}, 'project:app': {} },
        people: { ada: { on: { 'project:web': 'editor' } }, bob: { roles: ['viewer'] } },
      },
      globex: { people: { bob: {} } },
    },
  })
})

describe('`toAllow` and `toDeny`', () => {
  test('say who may, where a role is held and nowhere else', async () => {
    await expect(product).toAllow('ada', 'project:edit', 'project:web')
    await expect(product).toDeny('ada', 'project:edit', 'project:app')
    await expect(product).toAllow('bob', 'project:view', 'project:app', { in: 'acme' })
    await expect(product).toAllow('bob', 'project:view', undefined, { in: 'acme' })
    await expect(product).toDeny('bob', 'project:view', undefined, { in: 'globex' })
    await expect(product).not.toAllow('ada', 'project:edit', 'project:app')
  })

  test('fail with why', async () => {
    await expect(expect(product).toAllow('ada', 'project:edit', 'project:app')).rejects.toThrow(
      /^ada: denied: `project:edit` on project `app`[\s\S]*editor/,
    )
    await expect(expect(product).toDeny('ada', 'project:edit', 'project:web')).rejects.toThrow(
      /^ada: allowed: [\s\S]*role `editor` is held/,
    )
  })

  test('fail both where nothing can be decided, or nobody is meant', async () => {
    for (const matcher of ['toAllow', 'toDeny'] as const) {
      await expect(expect(product)[matcher]('nobody', 'project:edit')).rejects.toThrow('nobody')
      await expect(expect(product)[matcher]('ada', 'project:veiw')).rejects.toThrow('project:view')
      await expect(expect({})[matcher]('ada', 'project:edit')).rejects.toThrow(
        'takes what `testEngine` yields',
      )
    }
    const closed = await testEngine({ model, organizations: { acme: { people: { ada: {} } } } })
    await closed.close()
    for (const matcher of ['toAllow', 'toDeny'] as const) {
      await expect(expect(closed)[matcher]('ada', 'project:edit')).rejects.toMatchObject({
        kind: 'unavailable',
      })
    }
  })
})

test('time travels: a session ends when it is over, and not before', async () => {
  const { authz, tokenFor, travel } = await testEngine({
    model,
    organizations: { acme: { people: { ada: {} } } },
  })
  const token = await tokenFor('ada')
  travel(299_000)
  await expect(authz.authenticate(token)).resolves.toBeDefined()
  travel(10_000)
  await expect(authz.authenticate(token)).rejects.toMatchObject({ code: 'session_expired' })
  await expect(authz.authenticate(await tokenFor('ada'))).resolves.toBeDefined()
})

test('time does not travel with an issuer that has a clock of its own', async () => {
  const organizations = { acme: { people: { ada: {} } } }
  const { close, travel } = await testEngine({ model, organizations, issuer: await createIssuer() })
  expect(() => travel(1)).toThrow('this one came with the fixtures')
  await close()
})
