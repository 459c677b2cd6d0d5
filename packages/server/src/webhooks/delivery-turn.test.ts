import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { OrganizationId } from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { expect, onTestFinished, test } from 'vitest'
import { deliveryTurn } from './delivery-turn.js'
import { WebhookSender } from './send-webhook.js'
import type { WebhookEndpoint } from './webhook-endpoint.js'

const acme = 'org_acme' as OrganizationId

test('what waits behind a failure is delivered, however much lies between that concerns nobody', async () => {
  const { engine, received, turn } = await start()
  await engine.createOrganization({ id: acme, name: 'Acme' })
  const from = { position: (await engine.log({ after: 0, limit: 10_000 })).length + 1, change: 0 }
  // More than a turn goes through of what waits.
  await Promise.all(
    Array.from({ length: 2_100 }, (_, n) =>
      engine.createMembership({ organizationId: acme, userId: `user_${n}` }),
    ),
  )
  await engine.createGroup({ organizationId: acme, name: 'Crew' })
  const end = { position: (await engine.log({ after: 0, limit: 10_000 })).length + 1, change: 0 }

  const first = await turn({ from: end, lanes: [{ shard: acme, from, attempts: 1, nextAttemptAt: 0 }] })
  expect([received, first.lanes.length]).toEqual([[], 1])
  const second = await turn(first)
  expect([received, second.lanes.length]).toEqual([['group.created'], 0])
  await turn(second)
  expect(received).toEqual(['group.created'])
})

test('what is left when the service stops is not begun, and has failed not once', async () => {
  const { engine, received, turn, stopping } = await start((count) => count === 1 && stopping.abort())
  await engine.createOrganization({ id: acme, name: 'Acme' })
  const from = { position: (await engine.log({ after: 0, limit: 100 })).length + 1, change: 0 }
  for (const name of ['one', 'two']) await engine.createGroup({ organizationId: acme, name })
  const stopped = await turn({ from, lanes: [] })
  expect(received).toHaveLength(1)
  expect(stopped.lanes).toEqual([
    { shard: acme, from: { position: from.position + 1, change: 0 }, attempts: 0, nextAttemptAt: 1 },
  ])
})

async function start(onReceived: (count: number) => unknown = () => {}) {
  const engine = await openEngine({ store: memoryStore() })
  const received: string[] = []
  const stopping = new AbortController()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    received.push((JSON.parse(Buffer.concat(chunks).toString()) as { event: string }).event)
    onReceived(received.length)
    response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sender = new WebhookSender('private')
  onTestFinished(async () => {
    sender.close()
    server.close()
    await engine.close()
  })
  const { port } = server.address() as AddressInfo
  const endpoint: WebhookEndpoint = {
    id: 'we_1',
    url: `http://127.0.0.1:${port}/`,
    events: ['group.created'],
    secret: 'whsec_1',
    status: 'enabled',
    createdAt: '',
    updatedAt: '',
  }
  const parts = {
    endpoints: { find: async () => endpoint },
    sender,
    clock: () => 1,
    random: () => 0,
    timeoutMs: 60_000,
    stopping: stopping.signal,
    cut: new AbortController().signal,
  }
  const turn = async (state: Parameters<typeof deliveryTurn>[2]) =>
    (await deliveryTurn(engine, endpoint, state, parts)).state
  return { engine, received, turn, stopping }
}
