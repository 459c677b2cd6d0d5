import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { WebhookTargets } from './address-policy.js'
import { WebhookSender } from './send-webhook.js'

// What a name leads to is others' to say: here it is said by the test.
const addresses = vi.hoisted(() => new Map<string, readonly string[]>())
vi.mock('node:dns', () => ({
  lookup: (name: string, _: object, tell: (error: null, found: readonly object[]) => void) =>
    tell(
      null,
      (addresses.get(name) ?? []).map((address) => ({ address, family: 4 })),
    ),
}))

let server: Server
let received: number
beforeAll(async () => {
  server = createServer((_, response) => {
    received += 1
    response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => server.close())
beforeEach(() => {
  received = 0
})

async function send(host: string, targets: WebhookTargets, scheme = targets === 'public' ? 'https' : 'http') {
  const { port } = server.address() as AddressInfo
  const sender = new WebhookSender(targets)
  const signal = AbortSignal.timeout(60_000)
  const outcome = await sender.send({ url: `${scheme}://${host}:${port}/`, body: '{}', headers: {}, signal })
  sender.close()
  return outcome
}

const refused = (host: string) => ({
  isDelivered: false,
  responseStatus: null,
  error: `\`${host}\` leads to an address to which this service sends nothing`,
})

describe('a webhook to an address inside', () => {
  test.each([
    ['by its number', '127.0.0.1', []],
    ['by a name', 'inside.example', ['127.0.0.1']],
  ])('%s is sent where private targets are allowed, and nowhere else', async (_, host, found) => {
    addresses.set(host, found)
    expect(await send(host, 'private')).toEqual({ isDelivered: true, responseStatus: 204, error: null })
    expect(received).toBe(1)
    expect(await send(host, 'public')).toEqual(refused(host))
    expect(received).toBe(1)
  })

  test('by a name of which one address only is inside, is not sent', async () => {
    addresses.set('both.example', ['8.8.8.8', '127.0.0.1'])
    expect(await send('both.example', 'public')).toEqual(refused('both.example'))
    addresses.set('both.example', ['127.0.0.1', '169.254.169.254'])
    expect(await send('both.example', 'private')).toEqual(refused('both.example'))
    expect(received).toBe(0)
  })

  test('over HTTP is sent where private targets are allowed, and not for an endpoint from when they were', async () => {
    expect(await send('127.0.0.1', 'private', 'http')).toMatchObject({ isDelivered: true })
    expect(await send('hooks.example', 'public', 'http')).toEqual({
      isDelivered: false,
      responseStatus: null,
      error: 'this service sends over `https:` only',
    })
    expect(received).toBe(1)
  })

  test('by a name that leads nowhere, is not sent', async () => {
    expect(await send('nowhere.example', 'private')).toEqual(refused('nowhere.example'))
  })
})
