import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEngine } from '@bailiwick/engine'
import { sqlite } from '@bailiwick/engine/sqlite'
import Database from 'libsql'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runCommand, startService } from './start-service.js'

let cwd: string
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bailiwick-'))
  const engine = await openEngine({ store: sqlite(join(cwd, 'authz.db')) })
  const { value: acme } = await engine.createOrganization({ name: 'Acme' })
  const byAnn = engine.as({ actor: { type: 'user', id: 'user_ann' } })
  for (const name of ['Crew', 'Team']) await byAnn.createGroup({ organizationId: acme.id, name })
  await engine.close()
})
afterEach(() => rmSync(cwd, { recursive: true }))

const run = (...args: string[]) => runCommand(['audit', ...args], { cwd })
const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
function change(statement: string): void {
  const file = new Database(join(cwd, 'authz.db'))
  file.exec(statement)
  file.close()
}

describe('`bailiwick audit`', () => {
  test('exports what a file holds and what a service holds, alike', async () => {
    const fromFile = await run('export')
    expect(fromFile).toMatchObject({ code: 0, err: '' })
    const lines = linesOf(fromFile.out)
    expect(lines.filter(({ action }) => action === 'group.created')).toMatchObject([
      { actor: { id: 'user_ann' }, after: { name: 'Crew' } },
      { actor: { id: 'user_ann' }, after: { name: 'Team' } },
    ])
    const { end, head } = lines.at(-1)
    expect(end).toBe(lines.length - 2)
    expect(await run('verify', '--head', head)).toMatchObject({
      code: 0,
      out: `ok 4 commits, head ${head}\n`,
    })

    const service = await startService(['--api-key', 'sk_example_for_this_page'], { cwd })
    const there = ['--url', service.url, '--api-key', 'sk_example_for_this_page']
    expect((await run('export', ...there)).out).toBe(fromFile.out)
    const organization = lines.find(({ action }) => action === 'group.created').organization_id
    const some = linesOf(
      (await run('export', ...there, '--organization', organization, '--from', '2020-01-01')).out,
    )
    expect(some.slice(1, -1).every(({ organization_id }) => organization_id === organization)).toBe(true)
    expect(linesOf((await run('export', ...there, '--to', '2020-01-01')).out)).toHaveLength(2)
    expect(await run('verify')).toMatchObject({ code: 1, err: expect.stringContaining('open already') })
  })

  test('finds a letter that was changed by SQL, with the checksum beside it', async () => {
    const head = /head (\w+)/.exec((await run('verify')).out)?.[1] ?? ''
    change("UPDATE log SET commits = replace(commits, 'Crew', 'Clan') WHERE commits LIKE '%Crew%'")
    const { code, out } = await run('verify', '--head', head)
    expect([code, out]).toEqual([1, expect.stringMatching(/^position 3 does not fit/)])
  })

  test('finds a row that was taken out, and an end that was cut off by who knows the head', async () => {
    const head = /head (\w+)/.exec((await run('verify')).out)?.[1] ?? ''
    change('DELETE FROM log WHERE position = 4')
    expect(await run('verify')).toMatchObject({ code: 0 })
    expect(await run('verify', '--head', head)).toMatchObject({
      code: 1,
      out: expect.stringContaining('does not hold that head'),
    })
    change('DELETE FROM log WHERE position = 2')
    expect(await run('verify')).toMatchObject({ code: 1, out: 'the commit at position 2 is missing\n' })
  })

  test('links as docs/audit.md says: whoever has the rows can do without us', async () => {
    const file = new Database(join(cwd, 'authz.db'))
    const rows = file.prepare('SELECT first, position, commits, hash FROM log ORDER BY position').raw().all()
    file.close()
    let last = '0'.repeat(64)
    for (const [first, position, commits, hash] of rows as [number, number, string, string][]) {
      last = createHash('sha256').update(`${last}\n${first}\n${position}\n${commits}`).digest('hex')
      expect(hash).toBe(last)
    }
    expect(rows.length).toBeGreaterThan(2)
  })
})
