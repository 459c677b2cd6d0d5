import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request as send } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { blocksOf } from '../readme/blocks.js'
import { read } from '../readme/documents.js'
import { drainMs, type RunningService, runCommand, startService } from './start-service.js'

const key = 'sk_example_for_this_page'
const withKey = ['--api-key', key]

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bailiwick-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

describe('`bailiwick serve`', () => {
  test('answers as the first steps of docs/server.md say', async () => {
    const service = await startService(withKey, { cwd })
    const lines = blocksOf(read('docs/server.md'))
      .filter(({ language }) => language === 'sh')
      .flatMap((block) => block.lines)
      .filter((line) => line.startsWith('curl '))
    expect(lines.length).toBeGreaterThan(5)
    let last = ''
    for (const line of lines) {
      const [, asked = '', status] = /^curl (.*) # (\d{3})$/.exec(line) ?? []
      const command = `curl -s -w '%{http_code}' ${asked.replace('localhost:4100', service.url)}`
      const { stdout } = await promisify(execFile)('sh', ['-c', command])
      expect([stdout.slice(-3), line]).toEqual([status, line])
      last = stdout.slice(0, -3)
    }
    expect(JSON.parse(last)).toMatchObject({ authorized: true })
    expect(last).toContain('editor')
  })

  test('makes a key at the first start, shows it once, and keeps it nowhere', async () => {
    const first = await startService([], { cwd })
    const [secret] = /sk_\S+/.exec(first.said.err) ?? []
    expect(await statusWith(first, secret)).toBe(200)
    first.kill('SIGTERM')
    expect(await first.exited).toBe(0)
    expect(first.said.out).not.toContain(secret)
    for (const file of readdirSync(cwd)) expect(readFileSync(join(cwd, file), 'latin1')).not.toContain(secret)

    const second = await startService([], { cwd })
    expect(second.said.err).not.toContain('sk_')
    expect(await statusWith(second, secret)).toBe(200)
    expect(await statusWith(second, 'sk_another')).toBe(401)
  })

  test('makes the model of a file be the one that is stored', async () => {
    writeFileSync(
      join(cwd, 'model.yaml'),
      'resourceTypes: { project: { parents: [organization] } }\npermissions: { project:edit: project }\nroles: {}\n',
    )
    const service = await startService([...withKey, '--model', 'model.yaml'], { cwd })
    const answer = await fetch(`${service.url}/authorization/permissions/project:edit`, {
      headers: { authorization: `Bearer ${key}` },
    })
    expect(answer.status).toBe(200)
  })

  test.each([
    ['resourceType: { project: { parents: [organization] } }', /Unrecognized key: "resourceType"/],
    ['resourceTypes: { project: {} }', /at resourceTypes.project.parents/],
    ['roles: { editor: { on: project, permissions: project:edit } }', /at roles.editor.permissions/],
    ['resourceTypes: [project', /neither JSON nor YAML/],
    ['resourceTypes: { project: { parents: [nowhere] } }', /unknown parent type `nowhere`/],
  ])('refuses the model %s, and leaves alone what is stored', async (text, sentence) => {
    writeFileSync(join(cwd, 'model.yaml'), text)
    const { code, err } = await runCommand(['serve', '--port', '0', '--model', 'model.yaml'], { cwd })
    expect(code).toBe(1)
    expect(err).toMatch(sentence)
    expect(err).not.toMatch(/^\s+at .*:\d+\)?$/m)
    expect(readdirSync(cwd)).toEqual(['model.yaml'])
  })

  test.each([
    ['a port that is no number', ['--port', 'http'], /must be a whole number from 0 to 65535/],
    ['an issuer that is no address', ['--issuer', 'nonsense'], /the issuer must be/],
    ['a model that is not there', ['--model', 'none.yaml'], /`none.yaml` cannot be read: ENOENT/],
    ['a key that anybody could guess', ['--api-key', 'short'], /must be 16 to 256 characters/],
    ['an option that there is not', ['--prot', '1'], /unknown option '--prot'/],
    ['a folder that is not there', ['--data', 'none/authz.db'], /none/],
  ])('refuses %s in a sentence', async (_, args, sentence) => {
    const { code, err } = await runCommand(['serve', '--port', '0', ...args], { cwd })
    expect(code).toBe(1)
    expect(err).toMatch(sentence)
    expect(err).not.toMatch(/^\s+at /m)
    expect(err).not.toContain('short')
  })

  test('refuses a port that is in use, and a file that is open, saying what to do', async () => {
    const service = await startService(withKey, { cwd })
    const port = new URL(service.url).port
    const taken = await runCommand(['serve', '--port', port, '--data', 'other.db'], { cwd })
    expect(taken).toMatchObject({ code: 1, err: expect.stringContaining('choose another with `--port`') })
    const locked = await runCommand(['serve', '--port', '0'], { cwd })
    expect(locked).toMatchObject({ code: 1, err: expect.stringContaining('open already') })
  })
})

describe('the limits of `bailiwick serve`', () => {
  test('`--rate-limit` tells a key that asks more often when to come again, and leaves out who has none', async () => {
    const service = await startService([...withKey, '--rate-limit', '1'], { cwd })
    const headers = { authorization: `Bearer ${key}` }
    const asked = Array.from({ length: 20 }, () =>
      fetch(`${service.url}/authorization/permissions`, { headers }),
    )
    const answers = await Promise.all(asked)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]))
    const limited = answers.find(({ status }) => status === 429)
    expect(limited?.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200)
  })

  test('`--max-in-flight` turns away whoever comes while as many are under way, before the body', async () => {
    const service = await startService([...withKey, '--max-in-flight', '1'], { cwd })
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const ask = () => fetch(`${service.url}/organizations`, { method: 'POST', headers, body: '{' })
    // Its body never comes.
    const { hostname, port } = new URL(service.url)
    const slow = connect(Number(port), hostname, () =>
      slow.write(
        `POST /organizations HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${key}\r\n` +
          'content-type: application/json\r\ncontent-length: 100\r\n\r\n',
      ),
    )
    const refused = await vi.waitFor(
      async () => {
        const answer = await ask()
        expect(answer.status).toBe(503)
        return answer
      },
      { timeout: 30_000 },
    )
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(await refused.json()).toMatchObject({ reason: 'overloaded' })
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200)
    slow.destroy()
    await expect.poll(async () => (await ask()).status).toBe(400)
  })
})

describe('SIGTERM', () => {
  test('breaks no request of clients that keep their connections until they are told not to', async () => {
    const service = await startService([...withKey, '--log-level', 'silent'], { cwd })
    const agent = new Agent({ keepAlive: true, maxSockets: 8 })
    const outcomes: string[] = []
    let lastCallAt = Number.POSITIVE_INFINITY
    // Whoever is told to close the connection goes to another node.
    const client = async () => {
      for (let told = false; !told; ) {
        const askedAt = performance.now()
        const { outcome, connection } = await once(service, agent)
        // Who stood still until the service had stopped was told nothing, and asks nobody.
        if (outcome === '200' || askedAt < lastCallAt) outcomes.push(outcome)
        told = connection === 'close' || outcome !== '200'
      }
    }
    const clients = Array.from({ length: 8 }, client)
    while (outcomes.length < 200) await new Promise((resolve) => setImmediate(resolve))
    lastCallAt = performance.now() + drainMs
    service.kill('SIGTERM')
    await Promise.all(clients)
    expect(await service.exited).toBe(0)
    expect(new Set(outcomes)).toEqual(new Set(['200']))
  })
})

test('a request that is repeated after the process was killed has one effect, and the same answer', async () => {
  const create = async (service: RunningService) => {
    const answer = await fetch(`${service.url}/organizations`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'idempotency-key': 'once',
      },
      body: '{"name":"Acme"}',
    })
    return [answer.status, answer.headers.get('bailiwick-consistency-token'), await answer.text()]
  }
  const first = await startService(withKey, { cwd })
  const answered = await create(first)
  expect(answered[0]).toBe(201)
  first.kill('SIGKILL')
  await first.exited
  const second = await startService(withKey, { cwd })
  expect(await create(second)).toEqual(answered)
  const list = await fetch(`${second.url}/organizations`, { headers: { authorization: `Bearer ${key}` } })
  expect(await list.json()).toMatchObject({ data: [{ name: 'Acme' }], list_metadata: { after: null } })
})

describe('`bailiwick keys`', () => {
  test('works on a service that runs', async () => {
    const service = await startService(withKey, { cwd })
    const at = ['--url', service.url, ...withKey]
    const made = await runCommand(['keys', 'create', '-n', 'ci', '-s', 'read', ...at], { cwd })
    const secret = made.out.trim()
    expect(secret).toMatch(/^sk_/)
    expect(await statusWith(service, secret)).toBe(200)
    const listed = await runCommand(['keys', 'list', ...at], { cwd })
    expect(listed.out).toMatch(/^key_\S+ {2}"ci" {2}read {2}sk_\S+ {2}holds {2}used/m)
    expect(listed.out).not.toContain(secret)
    const [id = ''] = /key_\S+/.exec(listed.out) ?? []
    const rotated = await runCommand(['keys', 'rotate', id, ...at], { cwd })
    expect(await statusWith(service, rotated.out.trim())).toBe(200)
    expect((await runCommand(['keys', 'revoke', id, ...at], { cwd })).code).toBe(0)
    expect(await statusWith(service, secret)).toBe(401)
    expect(await statusWith(service, rotated.out.trim())).toBe(200)
  })

  test('works on a file that nobody serves, and says so of one that somebody does', async () => {
    const service = await startService(withKey, { cwd })
    const create = ['keys', 'create', '-n', 'ci', '-s', 'read,check']
    expect(await runCommand(create, { cwd })).toMatchObject({
      code: 1,
      err: expect.stringContaining('open already'),
    })
    service.kill('SIGTERM')
    await service.exited
    const made = await runCommand(create, { cwd })
    expect(made.code).toBe(0)
    const again = await startService([], { cwd })
    expect(await statusWith(again, made.out.trim())).toBe(200)
  })

  test.each([
    ['a scope that there is not', ['create', '-n', 'x', '-s', 'root'], /some of read, check, write, admin/],
    ['a file that is not there', ['list', '-d', 'none.db'], /no data file `none.db`/],
    ['a service without a key for it', ['list', '--url', 'http://localhost:1'], /give `--api-key`/],
    ['a service that is not there', ['list', '--url', 'http://localhost:1', ...withKey], /nobody answers/],
  ])('refuses %s in a sentence', async (_, args, sentence) => {
    const { code, err } = await runCommand(['keys', ...args], { cwd })
    expect(code).toBe(1)
    expect(err).toMatch(sentence)
    expect(err).not.toMatch(/^\s+at /m)
  })
})

async function statusWith(service: RunningService, secret: string | undefined): Promise<number> {
  const answer = await fetch(`${service.url}/authorization/permissions`, {
    headers: { authorization: `Bearer ${secret}` },
  })
  await answer.body?.cancel()
  return answer.status
}

/** One request: its status, or the code of what went wrong, and what becomes of the connection. */
function once(
  service: RunningService,
  agent: Agent,
): Promise<{ readonly outcome: string; readonly connection?: string | undefined }> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${key}` }
    const failed = ({ code }: NodeJS.ErrnoException) => resolve({ outcome: String(code) })
    const outgoing = send(`${service.url}/authorization/permissions`, { agent, headers }, (answer) => {
      const { connection } = answer.headers
      answer.resume()
      answer.on('end', () => resolve({ outcome: String(answer.statusCode), connection }))
      answer.on('error', failed)
    })
    outgoing.on('error', failed)
    outgoing.end()
  })
}
