import { parseModel } from '@bailiwick/wire'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AcmeServer, acme, model, startAcme } from './acme-server.js'

let server: AcmeServer
beforeEach(async () => {
  server = await startAcme()
})
afterEach(() => server.close())

const path = '/authorization/resource_types'

describe('a resource type', () => {
  test('is created, used at once, renamed, and deleted when nothing needs it', async () => {
    const created = await server.call('POST', path, {
      slug: 'folder',
      name: 'Folder',
      description: 'Where documents lie',
      parent_type_slugs: ['workspace'],
    })
    expect(created).toMatchObject({
      status: 201,
      json: {
        object: 'resource_type',
        slug: 'folder',
        name: 'Folder',
        description: 'Where documents lie',
        parent_type_slugs: ['workspace'],
        agent: false,
      },
    })
    const folder = { organizationId: acme, type: 'folder', externalId: 'f1', name: 'F1' }
    await expect(server.engine.createResource(folder)).rejects.toMatchObject({
      code: 'parent_type_not_allowed',
    })
    const wider = await server.call('POST', `${path}/folder/parent_types`, {
      parent_type_slug: 'organization',
    })
    expect(wider.json.parent_type_slugs).toEqual(['organization', 'workspace'])
    const { value } = await server.engine.createResource(folder)

    const renamed = await server.call('PATCH', `${path}/folder`, { name: 'Drawer', description: null })
    expect(renamed.json).toMatchObject({ slug: 'folder', name: 'Drawer', description: null })
    expect((await server.call('GET', `${path}/folder`)).json).toEqual(renamed.json)
    expect(await server.call('DELETE', `${path}/folder`)).toMatchObject({
      status: 409,
      json: { reason: 'model_change_refused', message: expect.stringContaining('1') },
    })
    await server.engine.deleteResource(acme, { resourceId: value.id })
    expect((await server.call('DELETE', `${path}/folder`)).status).toBe(204)
    expect(await server.call('GET', `${path}/folder`)).toMatchObject({
      status: 404,
      json: { code: 'not_found' },
    })
  })

  test('is one of a list that is given whole', async () => {
    const { json } = await server.call('GET', path)
    expect(json.list_metadata).toEqual({ before: null, after: null })
    expect(json.data.map(({ slug }: { slug: string }) => slug)).toEqual(
      expect.arrayContaining(['workspace', 'project', 'bot']),
    )
  })

  test('that is able to act makes agents of its resources', async () => {
    await server.call('POST', path, { slug: 'crawler', agent: true })
    await server.engine.createResource({
      organizationId: acme,
      type: 'crawler',
      externalId: 'c1',
      name: 'c1',
    })
    const { status } = await server.call('POST', `/authorization/organizations/${acme}/role_assignments`, {
      agent_resource_external_id: 'c1',
      agent_resource_type_slug: 'crawler',
      role_slug: 'member',
    })
    expect(status).toBe(201)
  })

  test.each([
    ['a slug that is taken', { slug: 'project' }, 409],
    ['the slug of the root', { slug: 'organization' }, 409],
    ['a slug with capitals', { slug: 'Folder' }, 422],
    ['a slug of 49 characters', { slug: 'f'.repeat(49) }, 422],
    ['a parent that there is not', { slug: 'folder', parent_type_slugs: ['cupboard'] }, 422],
    ['itself as its parent', { slug: 'folder', parent_type_slugs: ['folder'] }, 422],
    ['no slug', { name: 'Folder' }, 422],
  ])('is not created with %s', async (_, body, status) => {
    const answer = await server.call('POST', path, body)
    expect(answer.status).toBe(status)
    expect((await server.call('GET', path)).json.data).toHaveLength(3)
  })

  test('does not come to lie under itself', async () => {
    const answer = await server.call('POST', `${path}/workspace/parent_types`, {
      parent_type_slug: 'project',
    })
    expect(answer.status).toBe(422)
  })
})

describe('the environment', () => {
  test('tells its whole model, which a client understands', async () => {
    const { json } = await server.call('GET', '/authorization/model')
    expect(parseModel(json)).toEqual(model)
    await server.call('POST', path, { slug: 'folder' })
    const { json: grown } = await server.call('GET', '/authorization/model')
    expect(parseModel(grown).types.has('folder')).toBe(true)
  })

  test('has settings, of which some are changed and the others stay', async () => {
    const { json: before } = await server.call('GET', '/authorization/settings')
    expect(before).toEqual({
      object: 'settings',
      default_role_slug: 'member',
      role_mode: 'multiple',
      role_priority: ['member', 'admin'],
      max_depth: 5,
    })
    const changed = await server.call('PATCH', '/authorization/settings', {
      role_priority: ['admin', 'member'],
      default_role_slug: null,
    })
    expect(changed).toMatchObject({
      status: 200,
      json: { ...before, role_priority: ['admin', 'member'], default_role_slug: null },
    })
    expect((await server.call('GET', '/authorization/settings')).json).toEqual(changed.json)
    const refused = await server.call('PATCH', '/authorization/settings', { max_depth: 1 })
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect((await server.call('GET', '/authorization/settings')).json.max_depth).toBe(5)
  })

  test.each([
    ['a role that there is not', { default_role_slug: 'chief' }],
    ['a role of another type', { default_role_slug: 'editor' }],
    ['a mode that there is not', { role_mode: 'triple' }],
    ['a depth beyond all measure', { max_depth: 26 }],
  ])('does not take %s', async (_, change) => {
    const { status } = await server.call('PATCH', '/authorization/settings', change)
    expect(status).toBe(422)
  })
})
