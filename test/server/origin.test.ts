import type { OrganizationId } from '@bailiwick/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type StartedServer, startServer } from './start-server.js'

let server: StartedServer
let organizationId: OrganizationId

beforeAll(async () => {
  server = await startServer()
  organizationId = (await server.engine.createOrganization({ name: 'Acme' })).value.id
})
afterAll(() => server.close())

async function post(path: string, body: object, headers: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(new URL(path, server.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  expect(answer.status).toBeLessThan(300)
  return answer
}

const last = async () => {
  const position = await server.engine.changes.lastPosition()
  const [entry] = await server.engine.log({ after: position - 1, limit: 1 })
  return entry?.commit.origin
}

describe('a commit that a request makes', () => {
  test('says by which key, and in answer to which request', async () => {
    await post(`/organizations/${organizationId}/groups`, { name: 'Crew' }, { 'x-request-id': 'req_7' })
    expect(await last()).toEqual({ actor: { type: 'api_key', id: 'key_configured' }, requestId: 'req_7' })
    const { key, secret } = await server.server.keys.create({ name: 'directory', scopes: ['write'] })
    const authorization = `Bearer ${secret}`
    const answer = await post('/user_management/users', { email: 'ada@acme.example' }, { authorization })
    expect(await last()).toEqual({
      actor: { type: 'api_key', id: key.id },
      requestId: answer.headers.get('x-request-id'),
    })
  })

  test('and one that an application makes in this process says what the application says', async () => {
    const actor = { type: 'user', id: 'user_ada', name: 'Ada' }
    await server.engine.as({ actor, reason: 'on request' }).createGroup({ organizationId, name: 'Team' })
    expect(await last()).toEqual({ actor, reason: 'on request' })
    await server.engine.createGroup({ organizationId, name: 'Club' })
    expect(await last()).toBeUndefined()
  })
})
