import { describe, expect, test } from 'vitest'
import { listQuery, pageOf, renderList } from './lists.js'

describe('the query of a list', () => {
  test.each([
    [{}, { order: 'desc' }],
    [{ limit: '1' }, { limit: 1, order: 'desc' }],
    [
      { limit: '100', order: 'asc' },
      { limit: 100, order: 'asc' },
    ],
    [{ after: 'role_1' }, { after: 'role_1', order: 'desc' }],
    [
      { before: 'role_1', order: 'asc' },
      { before: 'role_1', order: 'asc' },
    ],
    [
      { before: 'role_1', order: 'normal' },
      { after: 'role_1', order: 'desc' },
    ],
    [
      { after: 'role_1', order: 'normal' },
      { before: 'role_1', order: 'desc' },
    ],
  ])('%j asks for %j', (query, page) => {
    expect(pageOf(listQuery.parse(query))).toEqual(page)
  })

  test.each([
    ['0'],
    ['-1'],
    ['101'],
    ['1000000000'],
    ['abc'],
    ['1.5'],
    ['1e1'],
    ['0x10'],
    ['01'],
    [' 1'],
    [''],
    [['1', '2']],
    [10],
  ])('refuses a limit of %j', (limit) => {
    expect(listQuery.safeParse({ limit }).success).toBe(false)
  })

  test.each(['ASC', 'up', ''])('refuses the order `%s`', (order) => {
    expect(listQuery.safeParse({ order }).success).toBe(false)
  })
})

describe('a list', () => {
  const page = { items: [1, 2], before: 'a', after: 'b' }

  test('always says what is before and after', () => {
    const list = renderList({ items: [], before: null, after: null }, String, {})
    expect(list).toEqual({ object: 'list', data: [], list_metadata: { before: null, after: null } })
    expect(renderList(page, String, {})).toMatchObject({
      data: ['1', '2'],
      list_metadata: { before: 'a', after: 'b' },
    })
  })

  test('in normal order leads to older things by `before`', () => {
    expect(renderList(page, String, { order: 'normal' }).list_metadata).toEqual({ before: 'b', after: 'a' })
  })
})
