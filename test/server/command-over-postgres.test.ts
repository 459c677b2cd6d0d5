import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { Agent, request as send } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OrganizationId } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PrivatePostgres, startPostgres } from '../stores/private-postgres.js'
import { describeWithOwnPostgres, runSql } from '../stores/test-database.js'
import { drainMs, type RunningService, runCommand, startService } from './start-service.js'

const key = 'sk_example_for_this_page'
const withKey = ['--api-key', key]

describeWithOwnPostgres('the command over PostgreSQL', () => {
  let server: PrivatePostgres
  let cwd: string
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'bailiwick-'))
    server = await startPostgres()
  })
  afterAll(async () => {
    await server?.stop()
    rmSync(cwd, { recursive: true })
  })

  const password = () => new URL(server.connectionString).password
  const elsewhere = (change: Partial<URL>) => Object.assign(new URL(server.connectionString), change).href
  const database = async (name: string) => {
    await runSql(server.connectionString, `CREATE DATABASE ${name}`)
    return elsewhere({ pathname: `/${name}` })
  }
  const serve = (url: string, ...args: string[]) => startService(['--database', url, ...args], { cwd })

  test('two nodes serve one database, and say where it is without saying who may use it', async () => {
    const url = await database('shared')
    const [one, other] = [await serve(url, ...withKey, '--memory', '64'), await serve(url, ...withKey)]
    const made = await ask(one, 'POST', '/organizations', { id: 'org_acme', name: 'Acme' })
    expect(made.status).toBe(201)
    expect((await ask(other, 'GET', '/organizations/org_acme')).status).toBe(200)
    for (const { said } of [one, other]) {
      expect(said.err).toContain(`database    postgres://${new URL(url).host}/shared`)
      expect(said.err + said.out).not.toContain(password())
    }
    expect(readdirSync(cwd)).toEqual([])
  })

  test('keys are made in the database while a service runs, which knows them at once', async () => {
    const url = await database('keys')
    const service = await serve(url, ...withKey)
    const env = { BAILIWICK_DATABASE: url }
    const made = await runCommand(['keys', 'create', '-n', 'ci', '-s', 'read'], { cwd, env })
    const secret = made.out.trim()
    expect(secret).toMatch(/^sk_/)
    expect((await ask(service, 'GET', '/organizations', undefined, secret)).status).toBe(200)
    const listed = await runCommand(['keys', 'list'], { cwd, env })
    expect(listed.out).toContain('"ci"')
    expect(listed.out + listed.err + made.err).not.toContain(password())
  })

  test.each([
    ['a password that is wrong', { password: 'secret-guess' }, /password authentication failed/],
    ['a database that is not there', { pathname: '/nowhere' }, /database "nowhere" does not exist/],
    ['a server that is not there', { port: '1' }, /ECONNREFUSED/],
  ])('refuses %s in a sentence', async (_, change, sentence) => {
    const url = elsewhere(change)
    for (const args of [
      ['serve', '--port', '0'],
      ['keys', 'list'],
    ]) {
      const { code, err, out } = await runCommand([...args, '--database', url], { cwd })
      expect(code).toBe(1)
      expect(err).toMatch(sentence)
      expect(err).not.toMatch(/^\s+at /m)
      expect(err + out).not.toContain(new URL(url).password)
    }
  })

  test.each([
    ['what is no address', ['--database', 'postgres://ann:secret#guess@host/db'], /must be named as/],
    [
      'a file beside a database',
      ['--database', 'postgres://ann:secret-guess@host/db', '--data', 'a.db'],
      /cannot be used with/,
    ],
  ])('refuses %s, and shows no password', async (_, args, sentence) => {
    const { code, err, out } = await runCommand(['serve', '--port', '0', ...args], { cwd })
    expect(code).toBe(1)
    expect(err).toMatch(sentence)
    expect(err + out).not.toContain('guess')
  })

  test('is ready while the database answers, and refuses to decide while it does not', async () => {
    const own = await startPostgres()
    try {
      const service = await serve(own.connectionString, ...withKey)
      expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
      await ask(service, 'POST', '/organizations', { id: 'org_acme', name: 'Acme' })
      await own.crash()
      expect((await ask(service, 'GET', '/organizations/org_acme')).status).toBe(503)
      await expect.poll(async () => (await fetch(`${service.url}/readyz`)).status).toBe(503)
      expect((await fetch(`${service.url}/healthz`)).status).toBe(200)
      await own.start()
      await expect.poll(async () => (await fetch(`${service.url}/readyz`)).status).toBe(200)
      expect((await ask(service, 'GET', '/organizations/org_acme')).status).toBe(200)
      expect(service.said.out + service.said.err).not.toContain(new URL(own.connectionString).password)
    } finally {
      await own.stop()
    }
  })

  test('SIGTERM drops no write that was accepted', async () => {
    const url = await database('stopped')
    const service = await serve(url, ...withKey, '--log-level', 'silent')
    const agent = new Agent({ keepAlive: true, maxSockets: 8 })
    const outcomes: (number | string)[] = []
    const made: OrganizationId[] = []
    let lastCallAt = Number.POSITIVE_INFINITY
    // Whoever is told to close the connection goes to another node.
    const client = async (_: unknown, name: number) => {
      for (let n = 0, told = false; !told; n++) {
        const id = `org_${name}_${n}` as OrganizationId
        const askedAt = performance.now()
        const { status, connection } = await create(service, agent, id)
        // Who stood still until the service had stopped was told nothing, and asks nobody.
        if (status === 201 || askedAt < lastCallAt) outcomes.push(status)
        if (status === 201) made.push(id)
        told = connection === 'close' || status !== 201
      }
    }
    const clients = Array.from({ length: 8 }, client)
    while (outcomes.length < 200) await new Promise((resolve) => setImmediate(resolve))
    lastCallAt = performance.now() + drainMs
    service.kill('SIGTERM')
    await Promise.all(clients)
    expect(await service.exited).toBe(0)
    expect(new Set(outcomes)).toEqual(new Set([201]))
    const engine = await openEngine({ store: postgres(url) })
    for (const id of made) expect(await engine.getOrganization(id)).toBeDefined()
    await engine.close()
  })
})

function ask(service: RunningService, method: string, path: string, body?: object, secret = key) {
  return fetch(`${service.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${secret}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

function create(service: RunningService, agent: Agent, id: string) {
  return new Promise<{ readonly status: number | string; readonly connection?: string | undefined }>(
    (resolve) => {
      const asked = send(
        `${service.url}/organizations`,
        {
          method: 'POST',
          agent,
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        },
        (answer) => {
          answer.resume()
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, connection: answer.headers.connection }),
          )
        },
      )
      asked.on('error', ({ code }: NodeJS.ErrnoException) => resolve({ status: String(code) }))
      asked.end(JSON.stringify({ id, name: id }))
    },
  )
}
