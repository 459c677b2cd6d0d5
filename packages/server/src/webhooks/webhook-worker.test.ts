import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { OrganizationId } from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { expect, onTestFinished, test, vi } from 'vitest'
import { DeliveryStates } from './delivery-state.js'
import { EndpointBook } from './endpoint-book.js'
import { Lease } from './lease.js'
import { WebhookWorker } from './webhook-worker.js'

const acme = 'org_acme' as OrganizationId
const soon = { timeout: 10_000, interval: 5 }

test('what happens after it has looked for the last time is sent without waiting for the next look', async () => {
  const { engine, worker, received, makeGroup, rounds } = await start()
  const log = engine.log.bind(engine)
  let hasMissed = false
  vi.spyOn(engine, 'log').mockImplementation(async (from) => {
    const entries = await log(from)
    if (entries.length > 0 || hasMissed) return entries
    hasMissed = true
    await makeGroup('one')
    // The next round meets an endpoint that is being served.
    await vi.waitFor(() => expect(rounds()).toBe(2), soon)
    await new Promise((resolve) => setImmediate(resolve))
    return entries
  })
  worker.start()
  await vi.waitFor(() => expect(received).toEqual(['one']), soon)
})

test('nothing more is begun when the lease ends while an endpoint is being served', async () => {
  const { worker, received, makeGroup, states, notebook, time, onReceived } = await start()
  onReceived(async () => {
    await makeGroup('two')
    time.now += 20_000
    expect(await new Lease(notebook, 'webhooks', () => time.now).hold()).toBe(true)
  })
  const before = await states()
  await makeGroup('one')
  worker.start()
  await vi.waitFor(async () => expect(await states()).not.toEqual(before), soon)
  // Whatever it begins is on its way before this.
  for (let n = 0; n < 20; n++) await new Promise((resolve) => setImmediate(resolve))
  expect(received).toEqual(['one'])
})

/** A worker that looks by itself once an hour, with an endpoint to send to. */
async function start() {
  const time = { now: 1_000 }
  const clock = () => time.now
  const store = await memoryStore()()
  const engine = await openEngine({ store: async () => store })
  const notebook = store.notebook(clock)
  const received: string[] = []
  let react = async () => {}
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    received.push((JSON.parse(text) as { data: { name: string } }).data.name)
    await react()
    response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await engine.createOrganization({ id: acme, name: 'Acme' })
  const endpoints = new EndpointBook(notebook, () => new Date(clock()).toISOString())
  const { port } = server.address() as AddressInfo
  const { id } = await endpoints.create(`http://127.0.0.1:${port}/`, ['group.created'])
  const states = new DeliveryStates(notebook)
  await states.begin(id, await engine.changes.lastPosition())
  const list = vi.spyOn(endpoints, 'list')
  const worker = new WebhookWorker({
    engine,
    notebook,
    changes: engine.changes,
    endpoints,
    settings: { targets: 'private', timeoutMs: 5_000, pollMs: 3_600_000 },
    clock,
    onFailure: (error) => {
      throw error
    },
  })
  onTestFinished(async () => {
    await worker.stop()
    server.close()
    await engine.close()
  })
  return {
    engine,
    notebook,
    worker,
    received,
    time,
    rounds: () => list.mock.calls.length,
    states: async () => (await states.read(id))?.state,
    makeGroup: (name: string) => engine.createGroup({ organizationId: acme, name }),
    onReceived: (act: () => Promise<void>) => {
      react = act
    },
  }
}
