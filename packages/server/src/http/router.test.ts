import { describe, expect, test } from 'vitest'
import { Router } from './router.js'

const targets = [
  ['GET', '/things'],
  ['GET', '/things/{thing_id}'],
  ['DELETE', '/things/{thing_id}'],
  ['GET', '/things/all'],
  ['POST', '/things/all/parts'],
  ['GET', '/things/{thing_id}/parts/{part_id}'],
  ['PUT', '/{anything}/all/parts'],
  ['GET', '/.well-known/it'],
].map(([method = '', path = '']) => ({ method, path }))
const router = new Router(targets)

function find(method: string, path: string) {
  const found = router.find(method, path)
  return found && { ...found.target, params: found.params }
}

describe('a path leads', () => {
  test.each([
    ['GET', '/things', '/things', {}],
    ['GET', '/things/t1', '/things/{thing_id}', { thing_id: 't1' }],
    ['GET', '/things/t1/parts/p1', '/things/{thing_id}/parts/{part_id}', { thing_id: 't1', part_id: 'p1' }],
    ['GET', '/.well-known/it', '/.well-known/it', {}],
    // A name before a parameter, and the parameter where the name leads to nothing.
    ['GET', '/things/all', '/things/all', {}],
    ['DELETE', '/things/all', '/things/{thing_id}', { thing_id: 'all' }],
    ['GET', '/things/all/parts/p1', '/things/{thing_id}/parts/{part_id}', { thing_id: 'all', part_id: 'p1' }],
    ['PUT', '/things/all/parts', '/{anything}/all/parts', { anything: 'things' }],
    // One segment, whatever is in it, decoded once.
    ['GET', '/things/a%2Fb', '/things/{thing_id}', { thing_id: 'a/b' }],
    ['GET', '/things/%252F', '/things/{thing_id}', { thing_id: '%2F' }],
    ['GET', '/things/a+b:c', '/things/{thing_id}', { thing_id: 'a+b:c' }],
    ['GET', '/things/__proto__', '/things/{thing_id}', { thing_id: '__proto__' }],
    ['GET', '/things/..', '/things/{thing_id}', { thing_id: '..' }],
  ])('%s %s to %s', (method, sent, path, params) => {
    expect(find(method, sent)).toEqual({ method, path, params })
  })

  test.each([
    ['with a slash at its end', '/things/'],
    ['with an empty segment', '/things//parts/p1'],
    ['with two slashes before it', '//things'],
    ['without a slash before it', 'things'],
    ['with something else before it', '*things'],
    ['that goes on', '/things/t1/parts/p1/more'],
    ['that ends early', '/things/t1/parts'],
    ['in another case', '/Things'],
    ['whose names are encoded', '/%74hings'],
    ['that is empty', ''],
    ['of one slash', '/'],
    ['of a name that every object has', '/constructor'],
  ])('%s nowhere', (_, sent) => {
    expect(find('GET', sent)).toBeUndefined()
  })

  test('badly encoded to a refusal', () => {
    for (const sent of ['/things/%', '/things/%E0%A4%A', '/things/%zz']) {
      expect(() => find('GET', sent)).toThrow(expect.objectContaining({ code: 'request_malformed' }))
    }
  })
})

test('a path leads to the same, whatever was asked before', () => {
  const paths = ['/things', '/things/t1', '/things/all', '/things/all/', '/things//', '/things/t1/parts/p1']
  const asked = [...paths, '/things/all/parts', '/nowhere', '/t/all/parts', '//all/parts']
  for (const before of asked) {
    for (const path of asked) {
      for (const method of ['GET', 'DELETE', 'PUT', 'POST']) {
        const anew = new Router(targets).find(method, path)
        for (const first of ['GET', 'DELETE', 'PUT', method]) router.find(first, before)
        expect(router.find(method, path)).toEqual(anew)
      }
    }
  }
})

test('the methods of a path are those of everything that it may lead to', () => {
  expect(router.methodsOf('/things/t1')).toEqual(['GET', 'DELETE'])
  expect(router.methodsOf('/things/all')).toEqual(['GET', 'DELETE'])
  expect(router.methodsOf('/things/all/parts')).toEqual(['POST', 'PUT'])
  expect(router.methodsOf('/nowhere')).toEqual([])
  expect(router.methodsOf('/things/')).toEqual([])
})

test('no two things stand under one method and path', () => {
  const twice = ['/a/{b}', '/a/{c}'].map((path) => ({ method: 'GET', path }))
  expect(() => new Router(twice)).toThrow('there are two of GET /a/{c}')
})
