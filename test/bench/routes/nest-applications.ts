import 'reflect-metadata'
import type { Server } from 'node:net'
import { AuthorizationModule, param, RequirePermission } from '@bailiwick/nest'
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  Injectable,
  Module,
  type Type,
} from '@nestjs/common'
import { APP_GUARD, HttpAdapterHost, NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import type { RouteWorld } from './world.js'

/** What Nest runs on. */
export type Platform = 'express' | 'fastify'

/** The routes of the bench, without a guard or with one of the application's own. */
export function plainNest(platform: Platform, guard?: Type<CanActivate>): Promise<Server> {
  @Module({
    controllers: [PlainController],
    providers: guard === undefined ? [] : [{ provide: APP_GUARD, useClass: guard }],
  })
  class PlainModule {}
  return listening(platform, PlainModule)
}

/** What any guard costs at the least. */
export class IdleGuard implements CanActivate {
  canActivate() {
    return true
  }
}

/** What any guard costs that keeps answers out of caches, as ours does. */
@Injectable()
export class HeaderGuard implements CanActivate {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  canActivate(context: ExecutionContext) {
    const { httpAdapter } = this.host
    const response = context.getArgByIndex<{ getHeader(name: string): unknown }>(1)
    if (response.getHeader('vary') === undefined) httpAdapter.setHeader(response, 'vary', 'Authorization')
    if (response.getHeader('cache-control') === undefined)
      httpAdapter.setHeader(response, 'cache-control', 'private, no-store')
    return true
  }
}

export function guardedNest(platform: Platform, { authz }: RouteWorld): Promise<Server> {
  @Module({
    imports: [AuthorizationModule.forRoot({ authorizer: authz })],
    controllers: [GuardedController],
  })
  class GuardedModule {}
  return listening(platform, GuardedModule)
}

@Controller('projects')
class PlainController {
  @Get()
  list() {
    return { ok: true }
  }

  @Get(':id')
  view() {
    return { ok: true }
  }
}

@Controller('projects')
class GuardedController {
  @Get()
  @RequirePermission('project:list')
  list() {
    return { ok: true }
  }

  @Get(':id')
  @RequirePermission('project:view', { resource: param('id') })
  view() {
    return { ok: true }
  }
}

async function listening(platform: Platform, module: Type): Promise<Server> {
  const options = { logger: false } as const
  const app =
    platform === 'fastify'
      ? await NestFactory.create(module, new FastifyAdapter(), options)
      : await NestFactory.create(module, options)
  await app.listen(0, '127.0.0.1')
  return app.getHttpServer() as Server
}
