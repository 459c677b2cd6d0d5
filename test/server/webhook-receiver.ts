import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A webhook as it came. */
export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly event: {
    readonly id: string
    readonly event: string
    readonly data: Readonly<Record<string, unknown>>
  }
}

/** An application that takes webhooks. */
export interface Receiver {
  readonly url: string
  readonly received: Received[]
  /** What it answers; `undefined` answers nothing. Default: 200. */
  answer: (received: Received) => number | undefined | Promise<number>
  /** Wait until so many have come. */
  reached(count: number): Promise<readonly Received[]>
}

/** Listen on a free port, until the test ends. */
export async function startReceiver(): Promise<Receiver> {
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const received = { headers: request.headers, text, event: JSON.parse(text) }
    receiver.received.push(received)
    for (const { count, resolve } of waiting) if (receiver.received.length >= count) resolve()
    const status = await receiver.answer(received)
    if (status !== undefined) response.writeHead(status, { location: '/elsewhere' }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received: [],
    answer: () => 200,
    reached: async (count) => {
      if (receiver.received.length < count)
        await new Promise<void>((resolve) => waiting.push({ count, resolve }))
      return receiver.received
    },
  }
  return receiver
}
