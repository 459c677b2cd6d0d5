import { request as send } from 'node:http'
import { connect } from 'node:net'
import { operation } from '@bailiwick/wire'
import { z } from 'zod'
import type { KeyFinder } from '../keys/authenticate.js'
import { noKeys, withConfiguredKey } from '../keys/configured-key.js'
import { Admission } from '../limits/admission.js'
import { createApp } from './create-app.js'
import { openDoor } from './door.js'
import { operationEndpoint } from './operation-endpoint.js'
import { route } from './route.js'

/** The key that it takes. */
export const secret = 'sk_test_probe'

/** Tells what came in, as the handlers see it. */
export const echo = operation({
  id: 'echo',
  method: 'POST',
  path: '/echo/{external_id}',
  summary: 'Answer what was asked',
  tag: 'probe',
  scope: 'write',
  status: 200,
  schemas: {
    params: z.object({ external_id: z.string().max(128) }),
    query: z.object({ q: z.string().optional() }),
    body: z.object({ name: z.string().max(48), admin: z.literal(false).optional() }),
    answer: z.unknown(),
  },
})

const read = operation({
  ...echo,
  id: 'read',
  method: 'GET',
  scope: 'read',
  schemas: { params: echo.schemas.params },
})
const remove = operation({
  ...echo,
  id: 'remove',
  method: 'DELETE',
  path: '/echo',
  status: 204,
  schemas: { body: z.object({ name: z.string() }).optional() },
})

/** What came back, with the body as JSON. */
export interface Probed {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly json: { readonly code?: string; readonly reason?: string; readonly [field: string]: unknown }
}

/** A listening application with three routes that keep what they were given. */
export async function probeApp(keys: KeyFinder = withConfiguredKey(secret, noKeys)): Promise<{
  readonly port: number
  readonly close: () => void
  readonly seen: unknown[]
  readonly ask: (
    method: string,
    path: string,
    options?: { readonly body?: string | Buffer; readonly headers?: Readonly<Record<string, string>> },
  ) => Promise<Probed>
}> {
  const seen: unknown[] = []
  const keep = async (input: unknown) => {
    seen.push(input)
    return { body: input }
  }
  const routes = [
    route(echo, keep),
    route(read, keep as never),
    route(remove, async (input) => {
      seen.push(input)
      return { body: undefined }
    }),
  ]
  const door = openDoor({
    keys,
    admission: new Admission({}, () => 0),
    limit: undefined,
  })
  const app = createApp({
    endpoints: routes.map((each) => operationEndpoint(each, { door })),
    door,
    observers: [],
    log: undefined,
  })
  const port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
  return {
    port,
    close: () => app.server.close(),
    seen,
    ask: (method, path, { body, headers = {} } = {}) =>
      new Promise((resolve, reject) => {
        const all = {
          authorization: `Bearer ${secret}`,
          connection: 'close',
          'content-type': 'application/json',
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
          ...headers,
        }
        const outgoing = send({ host: '127.0.0.1', port, method, path, headers: all }, (answer) => {
          const parts: Buffer[] = []
          answer.on('data', (part: Buffer) => parts.push(part))
          answer.on('end', () => {
            const text = Buffer.concat(parts).toString('utf8')
            resolve({
              status: answer.statusCode as number,
              headers: answer.headers,
              json: text === '' ? {} : JSON.parse(text),
            })
          })
        })
        outgoing.on('error', reject)
        outgoing.end(body)
      }),
  }
}

/** Send pieces, each in a packet of its own. Returns all that comes back. */
export function exchange(port: number, ...pieces: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', async () => {
      socket.setNoDelay()
      for (const piece of pieces) {
        socket.write(piece)
        await new Promise((next) => setImmediate(next))
      }
    })
    let answer = ''
    socket.on('data', (part) => {
      answer += part.toString()
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}
