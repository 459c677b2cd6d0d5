import { copyFileSync } from 'node:fs'
import type { ShardId } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { acme, contentOf, draft, globex, member, put, stored } from '../store-contract/samples.js'
import { changeBehind, copyPageOf, overwrite, treesOf, zeroPageOf } from './fixtures/damage.js'
import { openForTest, storeDirectory, tamper } from './fixtures/store-directory.js'
import { sqlite } from './sqlite.js'

describe('a file', () => {
  test.each([
    ['the table of entities', 'entities'],
    ['its index', 'entities_by_id'],
    ['the look-ups', 'lookups'],
    ['their index', 'lookups_by_entity'],
    ['the log', 'log'],
    ['the places of commits', 'log_shards'],
    ['the shards', 'shards'],
    ['the notes', 'notes'],
    ['the id of the store', 'store'],
  ])('is refused with a page of %s gone, and opens with it', async (_what, tree) => {
    const { path } = await closedStore()
    expect(treesOf(path)).toContain(tree)
    const intact = `${path}.intact`
    copyFileSync(path, intact)
    zeroPageOf(path, tree)
    await expectRefused(path)
    copyFileSync(intact, path)
    await expectWhole(path)
  })

  test.each([
    ['lacks an entity', 'entities_by_id', `INSERT INTO entities VALUES ('org_acme', 'x', 'x', '[]', 0)`],
    ['has one that is gone', 'entities_by_id', `DELETE FROM entities WHERE id = 'om_7'`],
    ['has one under another id', 'entities_by_id', `UPDATE entities SET id = 'om_x' WHERE id = 'om_g7'`],
    ['has one in another shard', 'entities_by_id', `UPDATE entities SET shard = 'x' WHERE id = 'om_7'`],
    ['lacks a look-up', 'lookups_by_entity', `INSERT INTO lookups VALUES ('x', 'x', 'om_7', 'x')`],
    ['has one that is gone', 'lookups_by_entity', `DELETE FROM lookups WHERE id = 'om_7'`],
    ['has one of another', 'lookups_by_entity', `UPDATE lookups SET id = 'om_x' WHERE id = 'om_7'`],
  ])('is refused when an index %s (%s: %s)', async (_what, index, change) => {
    const { path } = await closedStore()
    changeBehind(path, index, change)
    await expectRefused(path)
  })

  test('is refused when one id has two entities', async () => {
    const { path } = await closedStore()
    tamper(path, 'DROP INDEX entities_by_id; CREATE INDEX entities_by_id ON entities (kind, id)')
    tamper(
      path,
      `INSERT INTO entities SELECT 'org_globex', kind, id, entity, checksum FROM entities
      WHERE shard = 'org_acme' AND id = 'om_7'`,
    )
    tamper(
      path,
      `PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = replace(sql, 'CREATE INDEX', 'CREATE UNIQUE INDEX') WHERE name = 'entities_by_id'`,
    )
    await expectRefused(path)
  })

  test('is refused when a page stands twice in its table, and another is not there', async () => {
    const { path } = await closedStore()
    copyPageOf(path, 'entities', 2, 3)
    await expectRefused(path)
  })

  test('is refused when its free pages are not what the header says', async () => {
    const { path } = await closedStore()
    const pages = Buffer.alloc(4)
    pages.writeUInt32BE(7_777)
    overwrite(path, 36, pages)
    await expectRefused(path)
  })

  test('is refused with damage to an index that somebody has added', async () => {
    const { path } = await closedStore()
    tamper(path, 'CREATE INDEX theirs ON entities (checksum)')
    await expectWhole(path)
    changeBehind(path, 'theirs', `UPDATE entities SET checksum = checksum + 1 WHERE id = 'om_7'`)
    await expectRefused(path)
  })

  test('which a crash has left is read with its log, and refused with damage', async () => {
    const { path, directory } = await closedStore()
    const crashed = directory.file('crashed.db')
    const store = await sqlite(path)()
    await stored(store, acme, 1, draft(put(member('om_last'))))
    for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${crashed}${end}`)
    await store.close()
    await expectWhole(crashed, ['om_last'])
    zeroPageOf(crashed, 'entities_by_id')
    await expectRefused(crashed)
  })
})

/** Some hundred members in two shards. */
async function closedStore() {
  const directory = storeDirectory()
  const path = directory.file('authz.db')
  const store = await sqlite(path)()
  const putAll = (ids: readonly string[]) => draft(...ids.map((id) => put(member(id))))
  await stored(store, acme, 0, putAll(idsOfAcme))
  await stored(store, globex, 0, putAll(Array.from({ length: 300 }, (_, n) => `om_g${n}`)))
  await store.notebook(() => 0).write('b', 'k', 'v')
  await store.close()
  return { directory, path }
}

const idsOfAcme = Array.from({ length: 300 }, (_, n) => `om_${n}`)

async function expectWhole(path: string, more: readonly string[] = []): Promise<void> {
  const store = await openForTest(sqlite(path))
  const content = await contentOf(store, acme)
  expect(content.map(({ entity }) => entity.id).sort()).toEqual([...idsOfAcme, ...more].sort())
  expect(await store.revision('org_globex' as ShardId)).toBe(1)
  await store.close()
}

/** And again: a refusal lets go of the file. */
async function expectRefused(path: string): Promise<void> {
  for (const attempt of [sqlite(path), sqlite(path)])
    await expect(attempt()).rejects.toMatchObject({ name: 'StoreUnusable', code: 'store_damaged' })
}
