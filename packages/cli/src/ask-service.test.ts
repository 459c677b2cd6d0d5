import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
// Commands load it when they need it, which is no part of what a test takes.
import '@bailiwick/client'
import type { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { exportCommand } from './audit/export-command.js'
import { backupCommand } from './backup/backup-command.js'
import { codegenCommand } from './codegen/codegen-command.js'
import { keysCommand } from './keys/keys-command.js'

const apiKey = 'sk_example_for_this_page'

let server: Server
let asked: (string | undefined)[]
let keys: (string | undefined)[]
let answer: { readonly status: number; readonly headers?: Readonly<Record<string, string>> }

beforeEach(async () => {
  asked = []
  keys = []
  answer = { status: 404, headers: { 'content-type': 'application/json' } }
  server = createServer(({ url, headers }, response) => {
    asked.push(url)
    keys.push(headers.authorization)
    response.writeHead(answer.status, answer.headers).end('{"message":"not here"}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  server.close()
  await once(server, 'close')
})

const commands: readonly (readonly [string, () => Command, readonly string[], string])[] = [
  ['backup', backupCommand, ['none/authz.backup'], '/backup'],
  ['audit export', exportCommand, [], '/audit_logs/export'],
  ['keys list', keysCommand, ['list'], '/api_keys'],
  ['codegen', codegenCommand, ['--out', 'none/model.ts'], '/authorization/model'],
]

describe.each(commands)('`bailiwick %s` of a service', (_, command, args, path) => {
  const run = (url: string) =>
    command().parseAsync([...args, '--url', url, '--api-key', apiKey], { from: 'user' })

  test.each(['', '/authz', '/authz/'])('asks below the path of its URL: `%s`', async (under) => {
    await expect(run(`${place()}${under}`)).rejects.toThrow('not here')
    expect(asked[0]?.replace(/\?$/, '')).toBe(`${under.replace(/\/$/, '')}${path}`)
  })

  test.each(['ada:secret-word@', ':secret-word@', 'ada@'])(
    'refuses a URL with %s, and does not repeat it',
    async (named) => {
      const refused = await run(place().replace('//', `//${named}`)).catch((error: Error) => error)
      expect(refused).toMatchObject({
        message: expect.stringMatching(/^`url` must be .* without a name, a password/),
      })
      expect(asked).toEqual([])
    },
  )

  test('takes its key nowhere else', async () => {
    answer = { status: 307, headers: { location: '/elsewhere' } }
    await expect(run(place())).rejects.toThrow()
    expect(asked).toHaveLength(1)
  })
})

describe('what a command is told of a service', () => {
  const run = (command: Command, ...args: readonly string[]) =>
    quietly(command).parseAsync([...args, '--url', place(), '--api-key', apiKey], { from: 'user' })

  test('is asked for with its key, and a refusal says what the service said', async () => {
    answer = { status: 403, headers: { 'content-type': 'application/json' } }
    await expect(run(keysCommand(), 'list')).rejects.toThrow(`${place()} answered 403: not here`)
    expect(keys).toEqual([`Bearer ${apiKey}`])
  })

  test.each([
    [['--organization', 'org_acme'], 'organization_id=org_acme'],
    [['--from', '2026-01-31'], 'range_start=2026-01-31T00%3A00%3A00.000Z'],
    [['--to', '2026-01-31T01:00:00+01:00'], 'range_end=2026-01-31T00%3A00%3A00.000Z'],
  ])('is which part of the audit log is meant: %j', async (args, query) => {
    await expect(run(exportCommand(), ...args)).rejects.toThrow('not here')
    expect(asked).toEqual([`/audit_logs/export?${query}`])
  })

  test.each([
    [exportCommand, ['--organization', 'acme']],
    [exportCommand, ['--organization', 'org_a/b']],
    [exportCommand, ['--from', '31 January 2026']],
    [exportCommand, ['--to', '2026-13-01']],
    [keysCommand, ['create', '-n', 'ci', '-s', 'read', '--expires-in-days', '0']],
    [keysCommand, ['create', '-n', 'ci', '-s', 'read', '--expires-in-days', '3651']],
    [keysCommand, ['create', '-n', 'ci', '-s', 'read', '--expires-in-days', '1e3']],
    [keysCommand, ['rotate', 'key_1', '--keep-old-for-sec', '-1']],
  ])('is refused before anybody is asked: %o %j', async (command, args) => {
    await expect(run(command(), ...args)).rejects.toMatchObject({ code: 'commander.invalidArgument' })
    expect(asked).toEqual([])
  })
})

/** Neither ends the process nor writes to its output. */
function quietly(command: Command): Command {
  command.exitOverride().configureOutput({ writeErr: () => {} })
  for (const each of command.commands) quietly(each)
  return command
}

function place(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
