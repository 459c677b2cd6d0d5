import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type Platform, platforms } from './applications.js'
import { makeRouteWorld } from './world.js'

/** What the bench is told when the server listens. */
export interface RouteServer {
  readonly port: number
  readonly token: string
}

/** One application in a process of its own, as applications are: several in one would share what V8 learns of them. */
async function main(platform: string, way: string): Promise<void> {
  const world = await makeRouteWorld()
  const { peers, floors, ...ours } = platforms[platform] as Platform
  const application = { ...peers, ...floors, ...ours }[way]
  if (application === undefined) throw new Error(`there is no application ${platform} ${way}`)
  const server = await application(world)
  if (!server.listening) await once(server, 'listening')
  process.once('disconnect', () => process.exit())
  process.on('message', () => process.send?.(process.cpuUsage()))
  const told: RouteServer = { port: (server.address() as AddressInfo).port, token: world.token }
  process.send?.(told)
}

await main(process.argv[2] ?? '', process.argv[3] ?? '')
