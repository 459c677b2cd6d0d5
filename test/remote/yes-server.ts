import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Decision, OrganizationId } from '@bailiwick/core'
import { renderCheckOutcomes } from '@bailiwick/wire'
import type { Certificate } from './certificates.js'

/** An allow as the wire tells it: whatever yields one without having read a whole answer, yields it wrongly. */
export const allow: Decision = {
  kind: 'allow',
  grants: [{ from: 'session', organizationId: 'org_acme' as OrganizationId, permission: 'project:view' }],
}

/** How a test wants a request to be answered; `undefined` for as it should be. */
export type Misbehaviour = (
  request: IncomingMessage,
  body: unknown,
  response: ServerResponse,
) => unknown | undefined

/** A service that allows whatever it is asked. */
export interface YesServer {
  readonly url: string
  readonly port: number
  /** The bodies of all requests so far. */
  readonly bodies: readonly unknown[]
  readonly requests: readonly IncomingMessage[]
  misbehave(how: Misbehaviour | undefined): void
  close(): Promise<void>
}

/** Start one on a free port, over TLS where there is a certificate for it. */
export async function startYesServer(certificate?: Certificate): Promise<YesServer> {
  const bodies: unknown[] = []
  const requests: IncomingMessage[] = []
  let how: Misbehaviour | undefined
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString() || 'null') as unknown
    bodies.push(body)
    requests.push(request)
    response.setHeader('content-type', 'application/json')
    response.setHeader('x-request-id', request.headers['x-request-id'] ?? '')
    const json = how === undefined ? yes(body) : await how(request, body, response)
    if (!response.writableEnded) response.end(JSON.stringify(json ?? null))
  }
  const server = certificate === undefined ? createServer(answer) : createTlsServer(certificate, answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    bodies,
    requests,
    misbehave(next) {
      how = next
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** A yes to every check of a batch. */
export function yes(body: unknown): { object: 'list'; data: Record<string, unknown>[] } {
  const { checks } = body as { readonly checks: readonly unknown[] }
  return renderCheckOutcomes(checks.map(() => ({ kind: 'decided', decision: allow }))) as never
}
