import { describe, expect, test } from 'vitest'
import { pathParameters } from './path-parameters.js'

describe('the parameters of a path', () => {
  test.each([
    ['/projects', []],
    ['/projects/:id', ['id']],
    ['/orgs/:orgId/projects/:projectId', ['orgId', 'projectId']],
    ['/flights/:from-:to', ['from', 'to']],
    ['/projects{/:id}', ['id']],
    ['/projects/:id?', ['id']],
    ['/projects/:id(\\d+)', ['id']],
    ['/files/*path', ['path']],
    ['/:"odd name"/x', ['odd name']],
    ['/files/*', ['*']],
    ['/ab(cd)?e', ['*']],
    ['/literal\\:colon', []],
    ['/:größe', ['größe']],
    ['/a/:id/b/:id', ['id']],
  ])('%s', (path, names) => {
    expect(pathParameters(path)).toEqual(names)
  })
})
