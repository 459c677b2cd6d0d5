import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { INestApplication } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import express from 'express'
import express4 from 'express-4'
import { expressApp } from './express-app.js'
import { fastifyApp } from './fastify-app.js'
import { honoApp } from './hono-app.js'
import { nestApp } from './nest-app.js'
import type { Served, Serving, Stack } from './stack.js'

const expressStacks: readonly Stack[] = [
  { name: 'Express 5', serve: (serving) => serveExpress(express, serving) },
  { name: 'Express 4', serve: (serving) => serveExpress(express4, serving) },
]

const otherStacks: readonly Stack[] = [
  { name: 'Fastify', serve: serveFastify },
  { name: 'Hono', serve: serveHono },
]

const nestStacks: readonly Stack[] = [
  { name: 'Nest on Express', serve: (serving) => serveNest(() => new ExpressAdapter(), serving) },
  { name: 'Nest on Fastify', serve: (serving) => serveNest(() => new FastifyAdapter(), serving) },
]

/** Every framework; Nest alone where the tests run once more on another Nest. */
export const stacks: readonly Stack[] =
  process.env.GUARDED_BY === 'nest' ? nestStacks : [...expressStacks, ...otherStacks, ...nestStacks]

async function serveExpress(factory: typeof express, serving: Serving): Promise<Served> {
  const handled: string[] = []
  return listen(expressApp(factory, serving, handled) as RequestListener, handled)
}

async function serveHono(serving: Serving): Promise<Served> {
  const handled: string[] = []
  return listen(getRequestListener(honoApp(serving, handled).fetch), handled)
}

async function listen(listener: RequestListener, handled: string[]): Promise<Served> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { port: portOf(server), handled, close }
}

async function serveFastify(serving: Serving): Promise<Served> {
  const handled: string[] = []
  const app = await fastifyApp(serving, handled)
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { port: portOf(app.server), handled, close: () => app.close() }
}

async function serveNest(adapter: () => ExpressAdapter | FastifyAdapter, serving: Serving): Promise<Served> {
  const handled: string[] = []
  const app: INestApplication = await NestFactory.create(nestApp(serving, handled), adapter(), {
    logger: false,
    forceCloseConnections: true,
  })
  await app.listen(0, '127.0.0.1')
  return { port: portOf(app.getHttpServer() as Server), handled, close: () => app.close() }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
