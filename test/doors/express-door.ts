import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { problems, requirePermission, session } from '@bailiwick/express'
import express from 'express'
import type { Door } from './door.js'
import { httpDoor } from './http-door.js'

/** Guarded routes of Express. */
export function expressDoor(): Door {
  return httpDoor('guarded routes of Express', async (authorizer, paths) => {
    const app = express()
    app.use(session(authorizer))
    for (const { path, permission, options } of paths) {
      app.get(path, requirePermission(permission, options), (_req, res) => {
        res.json({ reached: path })
      })
    }
    app.use(problems())
    const server = createServer(app as RequestListener)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return { url: urlOf(server), close: () => closeServer(server) }
  })
}

/** `http://127.0.0.1:<port>` */
export function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
