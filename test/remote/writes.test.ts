import { remoteEngine } from '@bailiwick/client'
import type { AuthorizationEngine, Group, GroupId, OrganizationId } from '@bailiwick/core'
import { renderGroup } from '@bailiwick/wire'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { model, questionAbout } from './questions.js'
import { TcpProxy } from './tcp-proxy.js'
import { type Misbehaviour, startYesServer, type YesServer, yes } from './yes-server.js'

const acme = 'org_acme' as OrganizationId
const group: Group = {
  id: 'group_1' as GroupId,
  organizationId: acme,
  name: 'Engineering',
  description: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
}

describe('a write', () => {
  let server: YesServer
  let engine: AuthorizationEngine

  beforeEach(async () => {
    server = await startYesServer()
    engine = await remoteEngine({
      url: server.url,
      apiKey: 'sk_test',
      model,
      deadlineMs: 60_000,
      writeDeadlineMs: 60_000,
    })
  })
  afterEach(async () => {
    await engine.close()
    await server.close()
  })

  /** Answer a write with a group, and the first ones with a status instead. */
  function writes(...statuses: readonly number[]): Misbehaviour {
    let count = 0
    return (request, body, response) => {
      if (request.url === '/authorization/checks') return yes(body)
      response.setHeader('bailiwick-consistency-token', `token-${request.headers['x-request-id']}`)
      response.statusCode = statuses[count++] ?? 200
      return response.statusCode < 300 ? renderGroup(group) : { message: 'not now', code: 'unavailable' }
    }
  }

  const headers = (name: string) => server.requests.map((request) => request.headers[name])
  const create = () => engine.createGroup({ organizationId: acme, name: 'Engineering' })

  test('yields what was written, and its token', async () => {
    server.misbehave(writes())
    const { value, token } = await create()
    expect(value).toEqual(group)
    expect(token).toBe(`token-${headers('x-request-id')[0]}`)
  })

  test('that POST makes is sent again after a 503, under the same key', async () => {
    server.misbehave(writes(503))
    await create()
    const [first, second, ...more] = headers('idempotency-key')
    expect(first).toMatch(/^[0-9a-f-]{36}$/)
    expect(second).toBe(first)
    expect(more).toEqual([])
  })

  test('has a key of its own each time', async () => {
    server.misbehave(writes())
    await create()
    await create()
    expect(new Set(headers('idempotency-key')).size).toBe(2)
  })

  test('that changes what is there is not sent again when it may have happened', async () => {
    server.misbehave(writes(503))
    await expect(engine.renameGroup(acme, group.id, { name: 'E' })).rejects.toMatchObject({
      kind: 'unavailable',
    })
    expect(server.requests).toHaveLength(1)
  })

  test('that changes what is there is sent again when it surely has not', async () => {
    server.misbehave(writes(429))
    await engine.renameGroup(acme, group.id, { name: 'E' })
    expect(server.requests).toHaveLength(2)
  })

  test.each([400, 409, 422, 500])('is not sent again after a %i', async (status) => {
    server.misbehave(writes(status))
    await expect(create()).rejects.toThrow()
    expect(server.requests).toHaveLength(1)
  })

  test('is seen by the checks of its organization from then on, and by no others', async () => {
    server.misbehave(writes())
    await engine.check(questionAbout(1))
    const { token } = await create()
    await engine.check(questionAbout(1))
    await engine.check({ ...questionAbout(1), organizationId: 'org_globex' as OrganizationId })
    expect(headers('bailiwick-consistency')).toEqual([undefined, undefined, token, undefined])
  })

  test('is seen by a check that names an earlier one, or that of somebody else', async () => {
    server.misbehave(writes())
    const { token: earlier } = await create()
    const { token } = await create()
    const elsewhere = { ...questionAbout(1), organizationId: 'org_globex' as OrganizationId }
    await engine.check(questionAbout(1), { consistency: { atLeast: earlier } })
    await engine.check(questionAbout(1), { consistency: { atLeast: token } })
    await engine.check(elsewhere, { consistency: { atLeast: earlier } })
    expect(headers('bailiwick-consistency').slice(2)).toEqual(['latest', token, earlier])
  })

  test('that failed leaves nothing to be seen', async () => {
    server.misbehave(writes(409))
    await expect(create()).rejects.toThrow()
    await engine.check(questionAbout(1))
    expect(headers('bailiwick-consistency')).toEqual([undefined, undefined])
  })

  test('without a token in its answer is not known to have happened', async () => {
    server.misbehave((_, body, response) => {
      response.statusCode = 201
      return body === null ? null : renderGroup(group)
    })
    await expect(create()).rejects.toMatchObject({ code: 'remote_answer_invalid', kind: 'unavailable' })
  })

  test('that takes too long says that it may have happened', async () => {
    const proxy = await TcpProxy.open(server.port)
    proxy.become({ kind: 'blackhole' })
    const hasty = await remoteEngine({ url: proxy.url, apiKey: 'sk_test', model, writeDeadlineMs: 50 })
    await expect(hasty.createGroup({ organizationId: acme, name: 'E' })).rejects.toMatchObject({
      code: 'remote_timeout',
      message: expect.stringContaining('may have happened'),
    })
    await proxy.close()
    await hasty.close()
  })
})

describe('the options of a remote engine', () => {
  const good = { url: 'http://127.0.0.1:1', apiKey: 'sk_test', model }

  test.each([
    ['a URL that is none', { url: 'authz' }, '`url`'],
    ['a URL of another protocol', { url: 'ftp://authz' }, '`url`'],
    ['a URL with a password', { url: 'http://a:b@authz' }, '`url`'],
    ['a key with a line break', { apiKey: 'sk_secret\n' }, '`apiKey`'],
    ['no key', { apiKey: '' }, '`apiKey`'],
    ['no time at all', { deadlineMs: 0 }, '`deadlineMs`'],
    ['half a connection', { concurrency: 0.5 }, '`concurrency`'],
  ])('refuse %s, and name the option and not the key', async (_, wrong, named) => {
    const opening = remoteEngine({ ...good, ...wrong })
    await expect(opening).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining(named),
    })
    await expect(opening).rejects.toMatchObject({ message: expect.not.stringContaining('secret') })
  })

  test('are taken without asking anybody when the model is among them', async () => {
    const engine = await remoteEngine(good)
    expect(engine.model).toBe(model)
    await engine.close()
  })

  test('without a model need the server there', async () => {
    await expect(remoteEngine({ url: good.url, apiKey: good.apiKey })).rejects.toMatchObject({
      code: 'remote_unreachable',
    })
  })
})
