import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type AssignmentId,
  defineModel,
  type LogEntry,
  type MembershipId,
  type OrganizationId,
  type RoleId,
} from '@bailiwick/core'
import { openEngine, type StoreOpener } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import { sqlite } from '@bailiwick/engine/sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { blocksOf } from '../readme/blocks.js'
import { read } from '../readme/documents.js'
import { commandsOf } from '../readme/shell-lines.js'
import { runCommand, startService as start } from '../server/start-service.js'
import { describeWithPostgres, type TestDatabase, testDatabase } from '../stores/test-database.js'

let cwd: string
const at = (name: string) => join(cwd, name)
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bailiwick-backup-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

describe('`bailiwick backup` and `restore`', () => {
  test('bring a data file back: decisions, log, keys', async () => {
    await fill(sqlite(at('authz.db')))
    const made = (await run('keys', 'create', '--name', 'shop', '--scopes', 'check')).out
    expect(made).toMatch(/^sk_/)
    expect(await run('backup', 'authz.backup')).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^authz\.backup: \d+ commits of store /),
      out: '',
    })
    expect(await run('restore', 'authz.backup', '--data', 'new.db')).toMatchObject({ code: 0, out: '' })
    expect(readdirSync(cwd).filter((name) => name.startsWith('new'))).toEqual(['new.db'])
    expect(await contentOf(sqlite(at('new.db')))).toEqual(await contentOf(sqlite(at('authz.db'))))
    expect((await run('keys', 'list', '--data', 'new.db')).out).toContain('"shop"')
    expect(await run('verify', '--data', 'new.db')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ok: \d+ commits, \d+ entities in 3 shards, 2 notes\n$/),
    })
  })

  test('do what docs/backup.md says, line by line', async () => {
    await fill(sqlite(at('authz.db')))
    await fill(sqlite(at('served.db')))
    const service = await startService(['--api-key', key, '--data', 'served.db'], { cwd })
    const commands = commandsOf(blocksOf(read('docs/backup.md')))
    expect(commands.length).toBeGreaterThan(3)
    for (const command of commands) {
      const [npx, bailiwick, ...args] = command.replace('http://localhost:4100', service.url).split(' ')
      expect([npx, bailiwick]).toEqual(['npx', 'bailiwick'])
      const { code, err } = await run(...args, ...(args.includes('--url') ? ['--api-key', key] : []))
      expect([command, code, err]).toEqual([command, 0, err])
    }
    await service.stop()
  })

  test('do so from a service that goes on', async () => {
    await fill(sqlite(at('authz.db')))
    const service = await startService(['--api-key', key, '--data', 'authz.db'], { cwd })
    const from = ['--url', service.url]
    expect(await run('backup', 'authz.backup', ...from, '--api-key', key)).toMatchObject({ code: 0 })
    await service.stop()
    await run('restore', 'authz.backup', '--data', 'new.db')
    expect(await contentOf(sqlite(at('new.db')))).toEqual(await contentOf(sqlite(at('authz.db'))))
  })

  test('are for administrators alone, where a service is asked', async () => {
    await fill(sqlite(at('authz.db')))
    const lesser = (await run('keys', 'create', '--name', 'shop', '--scopes', 'write')).out.trim()
    const service = await startService(['--data', 'authz.db'], { cwd })
    for (const [given, sentence] of [
      [lesser, 'answered 403'],
      ['sk_another_key_of_nobody', 'answered 401'],
    ] as const) {
      const { code, err } = await run('backup', 'authz.backup', '--url', service.url, '--api-key', given)
      expect([code, err]).toEqual([1, expect.stringContaining(sentence)])
    }
    await service.stop()
    const { code, err } = await run('backup', 'authz.backup', '--url', service.url, '--api-key', key)
    expect([code, err]).toEqual([1, expect.stringContaining('nobody answers')])
    expect(existsSync(at('authz.backup'))).toBe(false)
  })

  test('leave alone what is there already, and a log or a journal without its file', async () => {
    await fill(sqlite(at('authz.db')))
    await run('backup', 'authz.backup')
    const before = readFileSync(at('authz.db'))
    const { code, err } = await run('restore', 'authz.backup')
    expect([code, err]).toEqual([1, expect.stringContaining('is there already')])
    expect(readFileSync(at('authz.db'))).toEqual(before)
    for (const rest of ['old.db-wal', 'old.db-ahead', 'old.db-journal']) {
      writeFileSync(at(rest), 'of the file that was here')
      const other = await run('restore', 'authz.backup', '--data', 'old.db')
      expect([other.code, other.err]).toEqual([1, expect.stringContaining(`${rest}\` is there already`)])
      expect(existsSync(at('old.db'))).toBe(false)
      rmSync(at(rest))
    }
  })

  test('refuse a file that was cut, or is none, and leave nothing behind', async () => {
    await fill(sqlite(at('authz.db')))
    await run('backup', 'authz.backup')
    truncateSync(at('authz.backup'), readFileSync(at('authz.backup')).length - 30)
    const before = readdirSync(cwd)
    const cut = await run('restore', 'authz.backup', '--data', 'new.db')
    expect([cut.code, cut.err]).toEqual([1, expect.stringMatching(/^bailiwick: the backup is damaged/)])
    const none = await run('restore', 'authz.db', '--data', 'new.db')
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('is no backup')])
    expect(readdirSync(cwd)).toEqual(before)
  })

  test('like every command but `serve`, refuse a data file that is not there, and make none', async () => {
    const commands = ['backup other.backup', 'verify', 'audit verify', 'audit export', 'keys list']
    const told = await Promise.all(commands.map((line) => run(...line.split(' '), '--data', 'none.db')))
    for (const [index, { code, err, out }] of told.entries()) {
      expect([commands[index], code, out]).toEqual([commands[index], 1, ''])
      expect(err).toContain('there is no data file')
    }
    expect(readdirSync(cwd)).toEqual([])
  })

  test('`verify` says what does not fit together, and ends with 1', async () => {
    await fill(sqlite(at('authz.db')))
    const store = await sqlite(at('authz.db'))()
    const [held] = await store.scan('assignment', { limit: 1 })
    if (held === undefined) throw new Error('nothing is held')
    const id = `role_assignment_${'0'.repeat(26)}` as AssignmentId
    const entity = { ...held.entity, id, roleId: 'role_gone' as RoleId }
    await store.append(acme, await store.revision(acme), [
      { at: '', changes: [{ op: 'put', kind: 'assignment', entity }] },
    ])
    await store.close()
    const { code, out } = await run('verify')
    expect(code).toBe(1)
    // It is restored as it was, and told.
    await run('backup', 'authz.backup')
    const restored = await run('restore', 'authz.backup', '--data', 'new.db')
    expect([restored.code, restored.out]).toEqual([1, out])
    expect(out).toContain(
      `the assignment \`${id}\` of \`${acme}\` names role \`role_gone\`, which is not there`,
    )
  })
})

describeWithPostgres('with a database', () => {
  let database: TestDatabase
  let url: string
  beforeAll(async () => {
    database = await testDatabase()
    url = database.connectionString
  })
  afterAll(() => database.stop())

  test('a data file is moved into it, and back, with all that it holds', async () => {
    await fill(sqlite(at('authz.db')))
    const wanted = await contentOf(sqlite(at('authz.db')))
    await run('backup', 'first.backup')
    expect(await run('restore', 'first.backup', '--database', url)).toMatchObject({ code: 0 })
    expect(await run('verify', '--database', url)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ok: /),
    })
    expect(await contentOf(postgres(url))).toEqual(wanted)
    const again = await run('restore', 'first.backup', '--database', url)
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('holds something already')])
    expect(await contentOf(postgres(url))).toEqual(wanted)

    await run('backup', 'second.backup', '--database', url)
    expect(await run('restore', 'second.backup', '--data', 'back.db')).toMatchObject({ code: 0 })
    expect(await contentOf(sqlite(at('back.db')))).toEqual(wanted)
  })
})

describeWithPostgres('a restore into a database that is killed half-way', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database.stop())

  test('leaves what no engine opens, and can be begun anew', async () => {
    const url = database.connectionString
    await fill(sqlite(at('authz.db')), 3_000)
    await run('backup', 'authz.backup')
    const restoring = spawn(process.execPath, [command, 'restore', 'authz.backup', '--database', url], {
      cwd,
    })
    const ended = new Promise((resolve) => restoring.once('close', resolve))
    const store = await openWhenThere(postgres(url))
    while ((await store.lastPosition()) === 0);
    restoring.kill('SIGKILL')
    await ended
    await store.close()
    await expect(openEngine({ store: postgres(url) })).rejects.toMatchObject({
      code: 'store_damaged',
      message: expect.stringContaining('not restored into this store to its end'),
    })
    expect(await run('restore', 'authz.backup', '--database', url)).toMatchObject({ code: 0 })
    expect(await contentOf(postgres(url))).toEqual(await contentOf(sqlite(at('authz.db'))))
  })
})

const command = fileURLToPath(new URL('../../packages/cli/bin/bailiwick.js', import.meta.url))
const key = 'sk_example_for_this_page'
const acme = 'org_acme' as OrganizationId
const ann = { membershipId: 'om_ann' as MembershipId }
const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:edit': 'project' },
  roles: { editor: { on: 'project', permissions: ['project:edit'] } },
})

/** A service, and the way to let it go. */
async function startService(args: readonly string[], options: { readonly cwd: string }) {
  const { url, kill, exited } = await start(args, options)
  const stop = async () => {
    kill('SIGTERM')
    await exited
  }
  return { url, stop }
}

function run(...args: readonly string[]) {
  return runCommand(args, { cwd })
}

async function fill(opener: StoreOpener, projects = 3): Promise<void> {
  const engine = await openEngine({ store: opener, model })
  await engine.createOrganization({ id: acme, name: 'Acme' })
  await engine.createMembership({ organizationId: acme, userId: 'user_ann', id: ann.membershipId })
  const made = Array.from({ length: projects }, (_, n) =>
    engine.createResource({
      organizationId: acme,
      type: 'project',
      externalId: `p${n}`,
      name: `Project ${n}`,
    }),
  )
  await Promise.all(made)
  await engine.assignRole({ organizationId: acme, subject: ann, role: 'editor', resource: project('p1') })
  await engine.close()
}

/** What matters of a store: its log, and what is decided over it. */
async function contentOf(store: StoreOpener): Promise<{ log: readonly LogEntry[]; may: readonly string[] }> {
  const engine = await openEngine({ store })
  const ask = (externalId: string) =>
    engine.check({
      organizationId: acme,
      subject: ann,
      permission: 'project:edit',
      resource: project(externalId),
    })
  const decisions = [await ask('p0'), await ask('p1')]
  const log = await engine.log({ after: 0, limit: 10_000 })
  await engine.close()
  return { log, may: decisions.map(({ kind }) => kind) }
}

function project(externalId: string) {
  return { type: 'project', externalId }
}

async function openWhenThere(opener: StoreOpener) {
  for (;;) {
    const store = await opener().catch(() => undefined)
    if (store !== undefined) return store
  }
}
