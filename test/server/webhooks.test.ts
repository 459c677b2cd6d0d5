import { createHmac } from 'node:crypto'
import type { OrganizationId } from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { request } from './request.js'
import { type StartedServer, startServer } from './start-server.js'
import { type Receiver, startReceiver } from './webhook-receiver.js'

const webhooks = { targets: 'private', pollMs: 5 } as const
const store = memoryStore
const hourMs = 3_600_000

let server: StartedServer
let nowMs: number
let receiver: Receiver
let acme: OrganizationId
let globex: OrganizationId
beforeEach(async () => {
  nowMs = Date.parse('2026-05-01T00:00:00.000Z')
  server = await startServer({ webhooks, clock: () => nowMs })
  receiver = await startReceiver()
  acme = (await server.engine.createOrganization({ name: 'Acme' })).value.id
  globex = (await server.engine.createOrganization({ name: 'Globex' })).value.id
})
afterEach(() => server.close())

const ask = async (method: string, path: string, body?: object) => {
  const { json, status } = await request(server, {
    method,
    path: `/webhook_endpoints${path}`,
    ...(body && { body }),
  })
  return { status, json }
}
const create = async (events: readonly string[] = ['group.created']) =>
  (await ask('POST', '', { endpoint_url: receiver.url, events })).json
const deliveries = async (id: string, query = '') =>
  (await ask('GET', `/${id}/deliveries${query}`)).json.data as { status: string; attempt: number }[]
const makeGroup = (organizationId: OrganizationId, name: string) =>
  server.engine.createGroup({ organizationId, name })
const names = () => receiver.received.map(({ event }) => event.data.name)

/** By itself vitest waits a second, looking twenty times. */
const soon = { timeout: 30_000, interval: 10 }

describe('webhooks', () => {
  test('tell what happens from now on, of what was asked for, in its order', async () => {
    await makeGroup(acme, 'before')
    const endpoint = await create(['group.created', 'group.deleted'])
    const { value: crew } = await makeGroup(acme, 'Crew')
    await server.engine.renameGroup(acme, crew.id, { name: 'Team' })
    await server.engine.deleteGroup(acme, crew.id)
    const received = await receiver.reached(2)
    expect(received.map(({ event: { event, data } }) => [event, data.name])).toEqual([
      ['group.created', 'Crew'],
      ['group.deleted', 'Team'],
    ])
    const { json } = await request(server, { path: '/events?events=group.created,group.deleted' })
    expect(json.data.slice(1)).toEqual(received.map(({ event }) => event))
    await vi.waitFor(async () => {
      expect(await deliveries(endpoint.id)).toMatchObject([
        { status: 'delivered', attempt: 1, event: 'group.deleted', response_status: 200 },
        { status: 'delivered', attempt: 1, event: 'group.created' },
      ])
    }, soon)
  })

  test('that fail hold up what follows in their organization, and nobody else', async () => {
    const endpoint = await create()
    receiver.answer = ({ event }) => (event.data.name === 'a1' ? 500 : 200)
    await makeGroup(acme, 'a1')
    await receiver.reached(1)
    await makeGroup(acme, 'a2')
    await makeGroup(globex, 'g1')
    await receiver.reached(2)
    expect(names()).toEqual(['a1', 'g1'])
    await expect
      .poll(() => deliveries(endpoint.id, '?status=retrying'))
      .toMatchObject([{ event: 'group.created', attempt: 1, response_status: 500, error: null }])
    receiver.answer = () => 200
    nowMs += 10_000
    await receiver.reached(4)
    expect(names()).toEqual(['a1', 'g1', 'a1', 'a2'])
    expect(receiver.received[2]?.event).toEqual(receiver.received[0]?.event)
  })

  test('are given up after ten tries, and sent again when that is asked for', async () => {
    const endpoint = await create()
    receiver.answer = ({ event }) => (event.data.name === 'poison' ? 400 : 200)
    await makeGroup(acme, 'poison')
    await makeGroup(acme, 'next')
    for (let attempt = 1; attempt < 10; attempt++) {
      await receiver.reached(attempt)
      await vi.waitFor(
        async () => expect((await deliveries(endpoint.id))[0]).toMatchObject({ attempt }),
        soon,
      )
      nowMs += 5 * hourMs
    }
    await receiver.reached(11)
    expect(names().at(-1)).toBe('next')
    await vi.waitFor(async () => {
      const failed = await deliveries(endpoint.id, '?status=failed')
      expect(failed).toMatchObject([{ status: 'failed', attempt: 10, next_attempt_at: null }])
    }, soon)
    receiver.answer = () => 200
    const range_start = '2026-05-01T00:00:00Z'
    expect((await ask('POST', `/${endpoint.id}/replay`, { range_start })).status).toBe(202)
    await receiver.reached(13)
    expect(names().slice(11)).toEqual(['poison', 'next'])
    const after = receiver.received[11]?.event.id
    await ask('POST', `/${endpoint.id}/replay`, { after })
    await receiver.reached(14)
    expect(names().at(-1)).toBe('next')
  })

  test('go on after a restart where they stopped', async () => {
    const [opener, options] = [store(), { webhooks, clock: () => nowMs }]
    const first = await startServer({ ...options, store: opener })
    await request(first, {
      method: 'POST',
      path: '/webhook_endpoints',
      body: { endpoint_url: receiver.url, events: ['group.created'] },
    })
    const { value } = await first.engine.createOrganization({ name: 'Initech' })
    await first.engine.createGroup({ organizationId: value.id, name: 'first' })
    await receiver.reached(1)
    await first.close()
    const engine = await openEngine({ store: opener })
    await engine.createGroup({ organizationId: value.id, name: 'second' })
    await engine.close()
    const second = await startServer({ ...options, store: opener })
    onTestFinished(() => second.close())
    await receiver.reached(2)
    expect(names()).toEqual(['first', 'second'])
  })

  test('are sent by one of two nodes, and by the other when that one stops', async () => {
    const opener = store()
    const nodes = await Promise.all([1, 2].map(() => startServer({ webhooks, store: opener })))
    const [one, other] = nodes as [StartedServer, StartedServer]
    onTestFinished(() => other.close())
    const endpoint_url = receiver.url
    await request(one, {
      method: 'POST',
      path: '/webhook_endpoints',
      body: { endpoint_url, events: ['group.created'] },
    })
    const { value } = await one.engine.createOrganization({ name: 'Initech' })
    for (let n = 0; n < 20; n++)
      await (n % 2 ? one : other).engine.createGroup({ organizationId: value.id, name: `${n}` })
    await receiver.reached(20)
    await one.close()
    await other.engine.createGroup({ organizationId: value.id, name: 'last' })
    await vi.waitFor(() => expect(names()).toContain('last'), soon)
    expect(new Set(receiver.received.map(({ event }) => event.id)).size).toBe(21)
    expect(receiver.received.length - 21).toBeLessThanOrEqual(1)
  })

  test('count a redirect as a failure, and do not follow it', async () => {
    const endpoint = await create()
    receiver.answer = () => 302
    await makeGroup(acme, 'moved')
    await vi.waitFor(async () => {
      expect(await deliveries(endpoint.id)).toMatchObject([{ status: 'retrying', response_status: 302 }])
    }, soon)
    expect(receiver.received).toHaveLength(1)
  })

  test('count silence as a failure', async () => {
    await server.close()
    server = await startServer({ webhooks: { ...webhooks, timeoutMs: 50 }, clock: () => nowMs })
    acme = (await server.engine.createOrganization({ name: 'Acme' })).value.id
    const endpoint = await create()
    receiver.answer = () => undefined
    await makeGroup(acme, 'unheard')
    await vi.waitFor(async () => {
      expect(await deliveries(endpoint.id)).toMatchObject([
        { status: 'retrying', attempt: 1, response_status: null, error: 'timed out' },
      ])
    }, soon)
  })

  test('stop for an endpoint that is disabled, and go on where they stopped', async () => {
    const { id } = await create()
    expect((await ask('PATCH', `/${id}`, { status: 'disabled' })).json.status).toBe('disabled')
    await makeGroup(acme, 'meanwhile')
    const other = await startReceiver()
    const { json } = await ask('PATCH', `/${id}`, { status: 'enabled', endpoint_url: other.url })
    expect(json).toMatchObject({ status: 'enabled', endpoint_url: other.url })
    expect((await other.reached(1))[0]?.event.data.name).toBe('meanwhile')
    expect(receiver.received).toEqual([])
  })

  test('that waited behind a failed one have failed not once themselves', async () => {
    const { id } = await create()
    receiver.answer = () => 500
    await makeGroup(acme, 'one')
    await expect.poll(() => deliveries(id)).toMatchObject([{ status: 'retrying' }])
    await makeGroup(acme, 'two')
    receiver.answer = ({ event }) => (event.data.name === 'one' ? 200 : 500)
    nowMs += 10_000
    await receiver.reached(3)
    await vi.waitFor(async () => {
      expect(await deliveries(id)).toMatchObject([
        { status: 'retrying', attempt: 1 },
        { status: 'delivered', attempt: 2 },
        { status: 'retrying', attempt: 1 },
      ])
    }, soon)
  })

  test('are sent again from where that was asked for, also while others are on their way', async () => {
    const { id } = await create()
    const range_start = new Date(nowMs).toISOString()
    receiver.answer = async () => {
      receiver.answer = () => 200
      expect((await ask('POST', `/${id}/replay`, { range_start })).status).toBe(202)
      return 200
    }
    await makeGroup(acme, 'one')
    await receiver.reached(2)
    expect(names()).toEqual(['one', 'one'])
  })

  test('that wait together stop when the endpoint is disabled between two of them', async () => {
    const { id } = await create()
    await ask('PATCH', `/${id}`, { status: 'disabled' })
    await makeGroup(acme, 'one')
    await makeGroup(acme, 'two')
    receiver.answer = async () => {
      await ask('PATCH', `/${id}`, { status: 'disabled' })
      return 200
    }
    await ask('PATCH', `/${id}`, { status: 'enabled' })
    await vi.waitFor(async () => expect(await deliveries(id)).toHaveLength(1), soon)
    expect(names()).toEqual(['one'])
    receiver.answer = () => 200
    await ask('PATCH', `/${id}`, { status: 'enabled' })
    await receiver.reached(2)
    expect(names()).toEqual(['one', 'two'])
  })

  test('to an endpoint that is deleted meanwhile leave nothing behind', async () => {
    await server.close()
    const opener = store()
    server = await startServer({ webhooks, clock: () => nowMs, store: opener })
    acme = (await server.engine.createOrganization({ name: 'Acme' })).value.id
    const { id } = await create()
    const kept = await create()
    receiver.answer = async () => {
      receiver.answer = () => 200
      expect((await ask('DELETE', `/${id}`)).status).toBe(204)
      return 200
    }
    await makeGroup(acme, 'one')
    await receiver.reached(2)
    await server.close()
    const notebook = (await opener()).notebook(() => nowMs)
    for (const bucket of ['webhook_endpoints', 'webhook_states', 'webhook_deliveries'])
      expect([bucket, (await notebook.list(bucket)).map(({ key }) => key)]).toEqual([bucket, [kept.id]])
  })

  test('that wait together are signed with the new secret from the moment on that it is told', async () => {
    const { id, secret } = await create()
    await ask('PATCH', `/${id}`, { status: 'disabled' })
    await makeGroup(acme, 'one')
    await makeGroup(acme, 'two')
    const secrets: string[] = [secret]
    receiver.answer = async () => {
      secrets.push((await ask('POST', `/${id}/rotate_secret`)).json.secret)
      return 200
    }
    await ask('PATCH', `/${id}`, { status: 'enabled' })
    const received = await receiver.reached(2)
    expect(received.map(({ headers }) => headers['workos-signature'])).toEqual(
      received.map(({ text }, n) => signatureOf(text, secrets[n] as string, nowMs)),
    )
  })
})

function signatureOf(text: string, secret: string, at: number): string {
  return `t=${at}, v1=${createHmac('sha256', secret).update(`${at}.${text}`).digest('hex')}`
}

describe('an endpoint', () => {
  test('shows its secret when it is made and when that is replaced, and never else', async () => {
    const made = await create()
    expect(made).toMatchObject({ object: 'webhook_endpoint', secret: expect.stringMatching(/^whsec_.{43}$/) })
    const rotated = await ask('POST', `/${made.id}/rotate_secret`)
    expect(rotated.json.secret).not.toBe(made.secret)
    const { secret: _, ...shown } = made
    expect((await ask('GET', '')).json.data).toEqual([shown])
    expect((await ask('GET', `/${made.id}`)).json).toEqual(shown)
    expect((await ask('DELETE', `/${made.id}`)).status).toBe(204)
    expect(await ask('GET', `/${made.id}`)).toMatchObject({
      status: 404,
      json: { reason: 'webhook_endpoint_not_found' },
    })
  })

  test('is one of fifty at most', async () => {
    for (let n = 0; n < 50; n++) await create()
    const body = { endpoint_url: receiver.url, events: ['group.created'] }
    expect((await ask('POST', '', body)).status).toBe(422)
    expect((await ask('GET', '?limit=100')).json.data).toHaveLength(50)
  })

  test.each(['http://hooks.example/', 'https://127.0.0.1/', 'https://169.254.169.254/', 'no url'])(
    'at %s is refused, unless private targets are allowed',
    async (endpoint_url) => {
      const strict = await startServer()
      onTestFinished(() => strict.close())
      const body = { endpoint_url, events: ['group.created'] }
      const { status } = await request(strict, { method: 'POST', path: '/webhook_endpoints', body })
      expect(status).toBe(422)
      const fine = { ...body, endpoint_url: 'https://hooks.example/' }
      const made = await request(strict, { method: 'POST', path: '/webhook_endpoints', body: fine })
      const path = `/webhook_endpoints/${made.json.id}`
      const moved = await request(strict, { method: 'PATCH', path, body: { endpoint_url } })
      expect(moved.status).toBe(422)
      expect((await request(strict, { path })).json).toMatchObject(fine)
    },
  )

  test('is for keys with the scope `admin`', async () => {
    const { secret } = await server.server.keys.create({ name: 'app', scopes: ['write'] })
    expect(await request(server, { path: '/webhook_endpoints', key: secret })).toMatchObject({ status: 403 })
  })

  test.each([
    ['an event of another kind', { after: 'audit_00000000000000010000000000' }],
    ['one that is yet to come', { after: 'event_00000000000ZZZZZ0000000000' }],
    ['nothing', {}],
  ])('is not sent anything again from %s on', async (_, body) => {
    const { id } = await create()
    expect((await ask('POST', `/${id}/replay`, body)).status).toBe(422)
  })
})
