import 'reflect-metadata'
import type { AddressInfo, Server } from 'node:net'
import { type Authorizer, createAuthorizer } from '@bailiwick/client'
import { defineModel } from '@bailiwick/core'
import { param as expressParam, problems, requirePermission, session } from '@bailiwick/express'
import { AuthorizationModule, param, RequirePermission } from '@bailiwick/nest'
import { testEngine } from '@bailiwick/testing'
import { Controller, Get, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import express from 'express'

/** What the load generator is told: where the servers listen, and a token for each kind of decision. */
export interface RouteServers {
  readonly ports: Readonly<Record<string, number>>
  readonly byToken: string
  readonly byEngine: string
}

const model = defineModel({
  resourceTypes: { workspace: { parents: ['organization'] }, project: { parents: ['workspace'] } },
  permissions: { 'project:view': 'project', 'project:list': 'organization' },
  roles: {
    member: { on: 'organization', permissions: ['project:list'] },
    'workspace-viewer': { on: 'workspace', permissions: ['project:view'] },
  },
})

async function main(): Promise<void> {
  const { engine, issuer, tokenFor } = await testEngine({
    model,
    organizations: {
      acme: {
        resources: { 'workspace:eng': { 'project:web': {} } },
        people: { ada: { roles: ['member'], on: { 'workspace:eng': 'workspace-viewer' } } },
      },
    },
  })
  const authz = createAuthorizer({ engine, session: issuer.sessionOptions })
  const token = await tokenFor('ada', { expiresInSec: 3_600 })
  const servers: Readonly<Record<string, Server>> = {
    'express bare': expressApp(undefined),
    'express guarded': expressApp(authz),
    'nest bare': await nestApp(undefined, 'express'),
    'nest guarded': await nestApp(authz, 'express'),
    'nest-fastify bare': await nestApp(undefined, 'fastify'),
    'nest-fastify guarded': await nestApp(authz, 'fastify'),
  }
  const ports = Object.fromEntries(
    Object.entries(servers).map(([name, server]) => [name, (server.address() as AddressInfo).port]),
  )
  const told: RouteServers = { ports, byToken: token, byEngine: token }
  process.send?.(told)
}

function expressApp(authz: Authorizer | undefined): Server {
  const app = express()
  if (authz === undefined) {
    app.get('/projects', (_request, response) => void response.json({ ok: true }))
    app.get('/projects/:id', (_request, response) => void response.json({ ok: true }))
  } else {
    app.use(session(authz))
    app.get(
      '/projects',
      requirePermission('project:list'),
      (_request, response) => void response.json({ ok: true }),
    )
    const one = requirePermission('project:view', { resource: expressParam('id') })
    app.get('/projects/:id', one, (_request, response) => void response.json({ ok: true }))
    app.use(problems())
  }
  return app.listen(0, '127.0.0.1')
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

@Controller('projects')
class BareController {
  @Get()
  list() {
    return { ok: true }
  }

  @Get(':id')
  view() {
    return { ok: true }
  }
}

@Module({ controllers: [BareController] })
class BareModule {}

@Module({ controllers: [GuardedController] })
class GuardedModule {}

async function nestApp(authz: Authorizer | undefined, platform: 'express' | 'fastify'): Promise<Server> {
  const module =
    authz === undefined
      ? BareModule
      : { module: GuardedModule, imports: [AuthorizationModule.forRoot({ authorizer: authz })] }
  const options = { logger: false } as const
  const app =
    platform === 'fastify'
      ? await NestFactory.create(module, new FastifyAdapter(), options)
      : await NestFactory.create(module, options)
  await app.listen(0, '127.0.0.1')
  return app.getHttpServer() as Server
}

await main()
