import { Server } from 'node:net'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import type { App } from '../http/create-app.js'

/** How a server stops. */
export interface CloseOptions {
  /** How long it still takes requests, so that clients close their connections by themselves. Default 0. */
  readonly drainMs?: number
  /** How long requests under way may take after that. Default 10 000. */
  readonly finishMs?: number
}

const arrivingMs = 100

/**
 * Stop without breaking a request. From now on every answer closes its connection; after a while nobody new is let
 * in, who came last is answered, and then what waits for nothing is closed; at last those that take too long are cut.
 */
export async function closeGently(
  { server, refuseReuse }: App,
  { drainMs = 0, finishMs = 10_000 }: CloseOptions,
): Promise<void> {
  refuseReuse()
  if (!server.listening) return
  if (drainMs > 0) await wait(drainMs)
  await letInWhoWaits(server)
  const closed = stopListening(server)
  if (drainMs > 0) await Promise.race([closed, wait(arrivingMs)])
  // A connection that becomes idle from now on would otherwise be kept alive to its end.
  server.closeIdleConnections()
  const idle = setInterval(() => server.closeIdleConnections(), 20)
  const late = setTimeout(() => server.closeAllConnections(), finishMs)
  await closed
  clearInterval(idle)
  clearTimeout(late)
  // What it watches its connections with ends only here.
  server.close()
}

const lettingInMs = 1_000

/**
 * The system resets connections that it has accepted and we have not. Each turn of the event loop takes one of them,
 * so a turn that takes none comes when nobody waits. Clients that come back at once for every request would keep that
 * turn away for as long as they like.
 */
async function letInWhoWaits(server: Server): Promise<void> {
  let letIn = true
  const note = () => {
    letIn = true
  }
  server.on('connection', note)
  for (const end = performance.now() + lettingInMs; letIn && performance.now() < end; ) {
    letIn = false
    await turn()
  }
  server.off('connection', note)
}

/**
 * Let nobody new in. The HTTP server's own `close` also cuts connections on which nothing is under way, and one that
 * was let in a moment ago looks just like that: its request is still on the way.
 */
function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    Server.prototype.close.call(server, () => resolve())
  })
}
