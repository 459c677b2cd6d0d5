import 'reflect-metadata'
import type { Server } from 'node:http'
import type { Authorizer } from '@bailiwick/client'
import { AuthorizationModule, RequirePermission } from '@bailiwick/nest'
import { Controller, Get, type INestApplication, Module, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { Door } from './door.js'
import { urlOf } from './express-door.js'
import type { GuardedPath } from './guarded-paths.js'
import { httpDoor } from './http-door.js'

/** Guarded routes of Nest, on one of its adapters. */
export function nestDoor(adapter: 'Express' | 'Fastify'): Door {
  return httpDoor(`guarded routes of Nest on ${adapter}`, async (authorizer, paths) => {
    const http = adapter === 'Express' ? new ExpressAdapter() : new FastifyAdapter()
    const app: INestApplication = await NestFactory.create(moduleOf(authorizer, paths), http, {
      logger: false,
      forceCloseConnections: true,
    })
    await app.listen(0, '127.0.0.1')
    return { url: urlOf(app.getHttpServer() as Server), close: () => app.close() }
  })
}

/** What a developer writes with decorators, written by a loop. */
function moduleOf(authorizer: Authorizer, paths: readonly GuardedPath[]): Type {
  class WorldController {}
  for (const { path, permission, options } of paths) {
    const method = { configurable: true, writable: true, value: () => ({ reached: path }) }
    Object.defineProperty(WorldController.prototype, path, method)
    Get(path)(WorldController.prototype, path, method)
    RequirePermission(permission, options)(WorldController.prototype, path, method)
  }
  Controller()(WorldController)

  class WorldModule {}
  Module({ imports: [AuthorizationModule.forRoot({ authorizer })], controllers: [WorldController] })(
    WorldModule,
  )
  return WorldModule
}
