import { describe, expect, test } from 'vitest'
import { locate } from './locate.js'
import { body, header, type Locator, param, query } from './locator.js'
import type { RequestView } from './request-view.js'

const nothing: RequestView = { params: {}, query: {}, body: undefined, rawHeaders: [], native: undefined }

function locateIn(request: Partial<RequestView>, locator: Locator) {
  return locate(locator, 'project', { ...nothing, ...request })
}

describe('a locator', () => {
  test('yields the external id of a resource of the type that the permission belongs to', async () => {
    expect(await locateIn({ params: { id: 'web' } }, param('id'))).toEqual({
      type: 'project',
      externalId: 'web',
    })
  })

  test.each([
    ['a path parameter', param('id'), { params: { id: 'web' } }],
    ['the body', body('id'), { body: { id: 'web' } }],
    ['the query', query('id'), { query: { id: 'web' } }],
    ['a header', header('X-Project'), { rawHeaders: ['x-PROJECT', 'web'] }],
  ])('reads %s', async (_, locator, request) => {
    expect(await locateIn(request, locator)).toEqual({ type: 'project', externalId: 'web' })
  })

  test('yields another type, or our own id, when told so', async () => {
    expect(await locateIn({ params: { id: 'eng' } }, param('id', { type: 'workspace' }))).toEqual({
      type: 'workspace',
      externalId: 'eng',
    })
    expect(await locateIn({ params: { id: 'authz_resource_1' } }, param('id', { as: 'id' }))).toEqual({
      resourceId: 'authz_resource_1',
    })
  })

  test('yields the organization that the handler loads from', async () => {
    const locator = param('id', { organization: param('org') })
    expect(await locateIn({ params: { id: 'web', org: 'org_acme' } }, locator)).toEqual({
      type: 'project',
      externalId: 'web',
      organizationId: 'org_acme',
    })
    await expect(locateIn({ params: { id: 'web', org: 'acme' } }, locator)).rejects.toThrow(
      /param\('org'\) must/,
    )
    await expect(locateIn({ params: { id: 'web' } }, locator)).rejects.toThrow("param('org') is missing")
  })

  test.each([
    ['nothing', {}, 'is missing'],
    ['an empty string', { id: '' }, 'is missing'],
    ['two values', { id: ['a', 'b'] }, 'is there more than once'],
    ['an object', { id: { x: '1' } }, 'is not a string'],
    ['a number', { id: 7 }, 'is not a string'],
    ['null', { id: null }, 'is not a string'],
    ['129 characters', { id: 'x'.repeat(129) }, 'is not 1 to 128 characters of printable ASCII'],
    ['a line break', { id: 'a\nb' }, 'is not 1 to 128 characters of printable ASCII'],
    ['a zero byte', { id: 'a\0' }, 'is not 1 to 128 characters of printable ASCII'],
    ['a letter outside of ASCII', { id: 'ä' }, 'is not 1 to 128 characters of printable ASCII'],
    ['a slash', { id: 'a/b' }, 'holds a path instead of an id'],
    ['a backslash', { id: 'a\\b' }, 'holds a path instead of an id'],
    ['one dot', { id: '.' }, 'holds a path instead of an id'],
    ['two dots', { id: '..' }, 'holds a path instead of an id'],
  ])('refuses %s', async (_, holder, why) => {
    await expect(locateIn({ query: holder }, query('id'))).rejects.toMatchObject({
      code: 'resource_not_located',
      locator: "query('id')",
      why,
    })
  })

  test('takes 128 characters, dots inside and every printable mark', async () => {
    for (const id of ['x'.repeat(128), 'a..b', '...', '~!@#$%^&*()']) {
      expect(await locateIn({ params: { id } }, param('id'))).toMatchObject({ externalId: id })
    }
  })

  test('finds nothing in what every object inherits', async () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      await expect(locateIn({ params: {} }, param(name))).rejects.toThrow('is missing')
    }
  })

  test('refuses a header that is there twice', async () => {
    const rawHeaders = ['X-Project', 'web', 'x-project', 'web']
    await expect(locateIn({ rawHeaders }, header('x-project'))).rejects.toThrow('is there more than once')
  })

  test('refuses a body that names another resource than the path', async () => {
    const differing = { params: { id: 'mine' }, body: { id: 'yours' } }
    await expect(locateIn(differing, body('id'))).rejects.toThrow('differs from the path parameter')
    const agreeing = { params: { id: 'mine' }, body: { id: 'mine' } }
    expect(await locateIn(agreeing, body('id'))).toMatchObject({ externalId: 'mine' })
  })

  test('refuses an id of ours that does not read like one', async () => {
    await expect(locateIn({ params: { id: 'web' } }, param('id', { as: 'id' }))).rejects.toMatchObject({
      code: 'resource_not_located',
    })
  })
})

describe('a locator function', () => {
  test('finds the resource in its own way, and reads the request as the framework has it', async () => {
    const byOwner = async ({ native }: RequestView) => ({ type: 'project', externalId: `${native}-project` })
    expect(await locateIn({ native: 'ada' }, byOwner)).toEqual({ type: 'project', externalId: 'ada-project' })
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a string', 'web'],
    ['no type', { externalId: 'web' }],
    ['two ids at once', { type: 'project', externalId: ['a', 'b'] }],
    ['a path', { type: 'project', externalId: '../web' }],
    ['a foreign kind of id', { resourceId: 'om_1' }],
    ['a malformed organization', { type: 'project', externalId: 'web', organizationId: 'acme' }],
  ])('that yields %s locates nothing', async (_, target) => {
    await expect(locateIn({}, (() => target) as unknown as Locator)).rejects.toMatchObject({
      code: 'resource_not_located',
    })
  })

  test('that rejects is not covered up', async () => {
    const failing = () => Promise.reject(new Error('the database is down'))
    await expect(locateIn({}, failing)).rejects.toThrow('the database is down')
  })
})
