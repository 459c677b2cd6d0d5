import 'reflect-metadata'
import { createPublicKey, type JsonWebKey } from 'node:crypto'
import type { AddressInfo, Server } from 'node:net'
import { type Authorizer, createAuthorizer } from '@bailiwick/client'
import { defineModel } from '@bailiwick/core'
import { param as expressParam, problems, requirePermission, session } from '@bailiwick/express'
import { AuthorizationModule, param, RequirePermission } from '@bailiwick/nest'
import { createIssuer, type Issuer, testEngine } from '@bailiwick/testing'
import { createMongoAbility } from '@casl/ability'
import { clerkMiddleware, getAuth } from '@clerk/express'
import { type CanActivate, Controller, type ExecutionContext, Get, Module } from '@nestjs/common'
import { APP_GUARD, NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import express from 'express'
import { auth, claimCheck } from 'express-oauth2-jwt-bearer'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'

/** What the load generator is told: where the servers listen, and a token for each kind of decision. */
export interface RouteServers {
  readonly ports: Readonly<Record<string, number>>
  /** What else guards a route of each platform. */
  readonly peers: Readonly<Record<string, readonly string[]>>
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
  const issuer = await createIssuer({ algorithm: 'RS256' })
  const listening = await issuer.listen()
  const { engine, tokenFor } = await testEngine({
    model,
    issuer,
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
    'express express-oauth2-jwt-bearer': oauthApp(issuer, listening.jwksUrl),
    'express @clerk/express, offline': clerkApp(issuer),
    'nest bare': await nestApp(undefined, 'express'),
    'nest guarded': await nestApp(authz, 'express'),
    'nest CASL in a guard, jose': await caslApp(issuer),
    'nest-fastify bare': await nestApp(undefined, 'fastify'),
    'nest-fastify guarded': await nestApp(authz, 'fastify'),
  }
  const ports = Object.fromEntries(
    Object.entries(servers).map(([name, server]) => [name, (server.address() as AddressInfo).port]),
  )
  const peers = {
    express: ['express-oauth2-jwt-bearer', '@clerk/express, offline'],
    nest: ['CASL in a guard, jose'],
  }
  const told: RouteServers = { ports, peers, byToken: token, byEngine: token }
  process.send?.(told)
}

const answer = (_request: unknown, response: express.Response) => void response.json({ ok: true })

function oauthApp(issuer: Issuer, jwksUri: string): Server {
  const app = express()
  app.use(auth({ issuer: issuer.issuer, audience: issuer.audience, jwksUri, tokenSigningAlg: 'RS256' }))
  const holds = claimCheck(
    ({ permissions }) => Array.isArray(permissions) && permissions.includes('project:list'),
  )
  app.get('/projects', holds, answer)
  return app.listen(0, '127.0.0.1')
}

function clerkApp(issuer: Issuer): Server {
  const [jwk] = issuer.jwks.keys
  const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
  const app = express()
  app.use(
    clerkMiddleware({
      jwtKey: String(key.export({ type: 'spki', format: 'pem' })),
      publishableKey: `pk_test_${Buffer.from('clerk.example.dev$').toString('base64')}`,
      secretKey: 'sk_test_not_used',
    }),
  )
  app.get(
    '/projects',
    (request, response, next) => (getAuth(request).userId === null ? void response.sendStatus(401) : next()),
    answer,
  )
  return app.listen(0, '127.0.0.1')
}

/** As the recipe of Nest does it, with the ability made beforehand and the token verified by `jose`. */
async function caslApp(issuer: Issuer): Promise<Server> {
  const keys = createLocalJWKSet(issuer.jwks as JSONWebKeySet)
  const ability = createMongoAbility([{ action: 'list', subject: 'project' }])
  class CaslGuard implements CanActivate {
    async canActivate(context: ExecutionContext) {
      const { headers } = context.switchToHttp().getRequest<express.Request>()
      await jwtVerify(String(headers.authorization).slice('Bearer '.length), keys)
      return ability.can('list', 'project')
    }
  }
  @Module({ controllers: [BareController], providers: [{ provide: APP_GUARD, useClass: CaslGuard }] })
  class CaslModule {}
  const app = await NestFactory.create(CaslModule, { logger: false })
  await app.listen(0, '127.0.0.1')
  return app.getHttpServer() as Server
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
