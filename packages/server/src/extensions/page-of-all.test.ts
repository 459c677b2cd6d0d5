import { CursorInvalid } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { pageOfAll } from './page-of-all.js'

const items = ['d', 'b', 'e', 'a', 'c'].map((id) => ({ id }))

function idsOf(page: { readonly items: readonly { readonly id: string }[] }): string {
  return page.items.map(({ id }) => id).join('')
}

describe('a page of a list that is held whole', () => {
  test.each([
    ['the first two', { limit: 2 }, 'ab', null, 'b'],
    ['the next two', { limit: 2, after: 'b' }, 'cd', 'c', 'd'],
    ['the last', { limit: 2, after: 'd' }, 'e', 'e', null],
    ['those before one', { limit: 2, before: 'd' }, 'bc', 'b', 'c'],
    ['those before the second', { limit: 2, before: 'b' }, 'a', null, 'a'],
    ['those after one that is gone', { limit: 2, after: 'bb' }, 'cd', 'c', 'd'],
    ['those before one that is gone', { limit: 2, before: 'cc' }, 'bc', 'b', 'c'],
    ['the last two, newest first', { limit: 2, order: 'desc' }, 'ed', null, 'd'],
    ['the next two, newest first', { limit: 2, order: 'desc', after: 'd' }, 'cb', 'c', 'b'],
    ['those before one, newest first', { limit: 2, order: 'desc', before: 'b' }, 'dc', 'd', 'c'],
    ['all of them', {}, 'abcde', null, null],
    ['none after the end', { after: 'e' }, '', null, null],
  ] as const)('is %s', (_, options, ids, before, after) => {
    const page = pageOfAll(items, options)
    expect([idsOf(page), page.before, page.after]).toEqual([ids, before, after])
  })

  test('goes in one direction', () => {
    expect(() => pageOfAll(items, { after: 'a', before: 'e' })).toThrow(CursorInvalid)
  })
})
