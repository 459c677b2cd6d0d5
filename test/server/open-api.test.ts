import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { request } from './request.js'
import { type StartedServer, startServer } from './start-server.js'

let server: StartedServer
// biome-ignore lint/suspicious/noExplicitAny: a document of another's making
let document: any
beforeAll(async () => {
  server = await startServer()
  document = (await request(server, { path: '/openapi.json', key: null })).json
})
afterAll(() => server.close())

describe('the OpenAPI document', () => {
  test('is served to everybody', () => {
    expect(document.openapi).toBe('3.1.0')
  })

  test('has every route under its method, and no other', () => {
    const told = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    const served = server.server.routes.map(({ operation }) => `${operation.method} ${operation.path}`)
    expect(told.sort()).toEqual([...served].sort())
    expect(new Set(served).size).toBe(served.length)
  })

  test('names every parameter of a path, and what its answer looks like', () => {
    const missing: string[] = []
    for (const { operation } of server.server.routes) {
      const told = document.paths[operation.path][operation.method.toLowerCase()]
      for (const [, name] of operation.path.matchAll(/\{(\w+)\}/g)) {
        const parameter = told.parameters?.find((each: { name: string }) => each.name === name)
        if (parameter?.in !== 'path' || parameter.schema === undefined) {
          missing.push(`${operation.id}: ${name}`)
        }
      }
      if (operation.status !== 204 && told.responses[operation.status]?.content === undefined) {
        missing.push(`${operation.id}: its answer`)
      }
    }
    expect(missing).toEqual([])
  })

  test('says what a field may be', () => {
    const { post } = document.paths['/authorization/roles']
    const body = post.requestBody.content['application/json'].schema
    expect(body).toMatchObject({
      type: 'object',
      required: expect.arrayContaining(['slug', 'name']),
      properties: { slug: { type: 'string', maxLength: 48 } },
    })
    expect(post).toMatchObject({ security: [{ apiKey: [] }], 'x-scope': 'admin' })
  })

  test('refers to nothing that is not in it', () => {
    const text = JSON.stringify(document)
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path)
    const lost = references.filter(
      (path) => path.split('/').reduce((at, key) => at?.[key], document) === undefined,
    )
    expect([...new Set(lost)]).toEqual([])
  })
})
