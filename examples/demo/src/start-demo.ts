import { mkdir } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname } from 'node:path'
import { type Authorizer, createAuthorizer } from '@bailiwick/client'
import { createIssuer, type Issuer } from '@bailiwick/testing'
import { createApp } from '@bailiwick-examples/express-api'
import { createNestApp } from '@bailiwick-examples/nest-api'
import { organizationWidePermissions, type PersonKey, people, seed } from '@bailiwick-examples/product'
import { listen } from './listen.js'
import { openDemoEngine } from './open-demo-engine.js'
import type { Settings } from './settings.js'

/** Everything that runs in the demo. */
export interface Demo {
  readonly authz: Authorizer
  /** Base addresses, without a trailing slash. */
  readonly apis: Readonly<Record<'express' | 'nest', string>>
  readonly issuerUrl: string
  /** A session token for each person. */
  readonly tokens: ReadonlyMap<PersonKey, string>
  /** How many entities the seed made: 0 when an earlier start had made them. */
  readonly seeded: number
  close(): Promise<void>
}

/**
 * One engine over one SQLite file, one issuer, and the same product behind Express and behind Nest.
 *
 * @throws {Misconfigured} when a port is taken; {StoreUnusable} when the file is not ours, or open elsewhere.
 */
export async function startDemo({ data, engine: kind, ports }: Settings): Promise<Demo> {
  const opened: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const shut of opened.splice(0).reverse()) await shut()
  }
  try {
    await mkdir(dirname(data), { recursive: true })
    const engine = await openDemoEngine(kind, data)
    opened.push(() => engine.close())
    const seeded = await seed(engine)

    const issuer = await createIssuer()
    const login = await listen('issuer', ports.issuer, (port) => issuer.listen({ port }))
    opened.push(() => login.close())

    // All that the applications need: an engine, and whose tokens to believe.
    const authz = createAuthorizer({ engine, session: login.sessionOptions })

    const express = await listen('express', ports.express, (port) => serve(createApp(authz), port))
    opened.push(() => shutDown(express))
    const nest = await createNestApp(authz, { logger: ['error', 'warn'] })
    opened.push(() => nest.close())
    await listen('nest', ports.nest, (port) => nest.listen(port, '127.0.0.1'))

    return {
      authz,
      apis: { express: addressOf(express), nest: addressOf(nest.getHttpServer()) },
      issuerUrl: login.url,
      tokens: await issueTokens(issuer),
      seeded,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function serve(app: RequestListener, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(app)
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

function shutDown(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const workingDaySec = 8 * 3_600

async function issueTokens(issuer: Issuer): Promise<ReadonlyMap<PersonKey, string>> {
  const tokens = new Map<PersonKey, string>()
  for (const [key, person] of Object.entries(people)) {
    const token = await issuer.token({
      user: person.userId,
      organization: person.organizationId,
      membership: person.membershipId,
      roles: person.roles,
      permissions: organizationWidePermissions(person),
      expiresInSec: workingDaySec,
    })
    tokens.set(key as PersonKey, token)
  }
  return tokens
}
