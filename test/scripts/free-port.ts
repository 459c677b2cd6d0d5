import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'

/**
 * A port that nobody listens on now. It is below those that systems hand out by themselves, so that none of the tests
 * that run beside this one is given it before it is used.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    const server = createServer().listen(port)
    const isTaken = await once(server, 'listening').then(
      () => false,
      () => true,
    )
    if (isTaken) continue
    server.close()
    await once(server, 'close')
    return port
  }
}
