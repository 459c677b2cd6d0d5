import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { operation } from '@bailiwick/wire'
import { afterEach, describe, expect, test } from 'vitest'
import { noKeys, withConfiguredKey } from '../keys/configured-key.js'
import { Admission } from '../limits/admission.js'
import { type App, createApp } from './create-app.js'
import { openDoor } from './door.js'
import { operationEndpoint } from './operation-endpoint.js'
import { route } from './route.js'

const secret = 'sk_test_load'

const wait = operation({
  id: 'wait',
  method: 'POST',
  path: '/wait',
  summary: 'Answer when told to',
  tag: 'probe',
  scope: 'read',
  status: 204,
  schemas: {},
})

let app: App
afterEach(() => {
  app.server.close()
})

/** An application whose one route answers when it is told to. */
async function start(maxInFlight: number) {
  let letGo = () => {}
  const told = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const admission = new Admission({ maxInFlight }, () => 0)
  const waiting = route(wait, async () => {
    await told
    return { body: undefined }
  })
  const door = openDoor({ keys: withConfiguredKey(secret, noKeys), admission, limit: undefined })
  app = createApp({
    endpoints: [operationEndpoint(waiting, { door })],
    door,
    observers: [],
    log: undefined,
  })
  const port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
  const ask = (body?: string) =>
    fetch(`http://127.0.0.1:${port}/wait`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    })
  return { admission, ask, letGo, port }
}

describe('too much to do', () => {
  test('is told before the body is read, and ends when somebody is answered', async () => {
    const { admission, ask, letGo } = await start(2)
    const under = [ask(), ask()]
    while (admission.inFlight < 2) await new Promise((resolve) => setImmediate(resolve))
    // No JSON: had the body been read, this were a 400.
    const refused = await ask('{')
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(await refused.json()).toMatchObject({ reason: 'overloaded' })
    letGo()
    expect((await Promise.all(under)).map(({ status }) => status)).toEqual([204, 204])
    expect((await ask()).status).toBe(204)
    expect(admission.inFlight).toBe(0)
  })

  test('is counted down when a client goes away before its answer', async () => {
    const { admission, letGo, port } = await start(1)
    const socket = connect(port, '127.0.0.1')
    socket.write(
      `POST /wait HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${secret}\r\ncontent-length: 0\r\n\r\n`,
    )
    while (admission.inFlight < 1) await new Promise((resolve) => setImmediate(resolve))
    socket.destroy()
    letGo()
    while (admission.inFlight > 0) await new Promise((resolve) => setImmediate(resolve))
  })

  test('is not what idle connections are', async () => {
    const { admission, ask, letGo, port } = await start(1)
    const idle: Socket[] = []
    for (let i = 0; i < 200; i++) idle.push(connect(port, '127.0.0.1'))
    await Promise.all(idle.map((socket) => once(socket, 'connect')))
    letGo()
    expect((await ask()).status).toBe(204)
    expect(admission.inFlight).toBe(0)
    for (const socket of idle) socket.destroy()
  })
})

test('a refusal of the key leaves nothing behind', async () => {
  const { admission, port } = await start(1)
  for (let i = 0; i < 3; i++) {
    const answer = await fetch(`http://127.0.0.1:${port}/wait`, { method: 'POST' })
    expect(answer.status).toBe(401)
  }
  expect(admission.inFlight).toBe(0)
})
