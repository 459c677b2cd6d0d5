import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

/** How a server stops. */
export interface CloseOptions {
  /** How long it still takes requests, so that clients close their connections by themselves. Default 0. */
  readonly drainMs?: number
  /** How long requests under way may take after that. Default 10 000. */
  readonly finishMs?: number
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Whether answers close their connections. */
    stopping: boolean
  }
}

/**
 * Stop without breaking a request. From now on every answer closes its connection; after a while nobody new is
 * let in, and connections that wait for nothing are closed; at last those that take too long are cut.
 */
export async function closeGently(
  app: FastifyInstance,
  { drainMs = 0, finishMs = 10_000 }: CloseOptions,
): Promise<void> {
  app.stopping = true
  if (drainMs > 0 && app.server.listening) await wait(drainMs)
  // A connection that becomes idle after the listener has closed would otherwise be kept alive to its end.
  const idle = setInterval(() => app.server.closeIdleConnections(), 20)
  const late = setTimeout(() => app.server.closeAllConnections(), finishMs)
  try {
    await app.close()
  } finally {
    clearInterval(idle)
    clearTimeout(late)
  }
}
