import { describe, expect, test } from 'vitest'
import { acme, contentOf, draft, globex, member, put, remove, resource, stored } from './samples.js'
import { openerForTest, type StoreUnderTest } from './store-under-test.js'

/** Load and commits: whole, in order, unchanged, and nobody else's to change. */
export function reading(open: () => Promise<StoreUnderTest>): void {
  const fresh = async () => (await openerForTest(open))()

  describe('load and commitsSince', () => {
    test('a shard loads at its revision, with what its commits leave', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('om_1')), put(member('om_2'))))
      await stored(store, acme, 1, draft(remove(member('om_1')), put(resource('authz_resource_1'))))
      expect((await store.load(acme))?.revision).toBe(2)
      expect(await contentOf(store, acme)).toEqual([member('om_2'), resource('authz_resource_1')])
    })

    test('a shard whose last entity is removed still loads, empty, at its revision', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('om_1'))), draft(remove(member('om_1'))))
      const loaded = await store.load(acme)
      expect(loaded?.revision).toBe(2)
      expect([...(loaded?.entities ?? [])]).toEqual([])
    })

    test('commits come oldest first, strictly after the revision asked for', async () => {
      const store = await fresh()
      const at = ['2026-01-01T00:00:00.000Z', '2026-01-03T00:00:00.000Z', '2026-01-02T00:00:00.000Z'] as const
      const commits = at.map((instant, n) => ({
        shard: acme,
        revision: n + 1,
        at: instant,
        changes: [put(member(`om_${n}`)), put(resource(`authz_resource_${n}`))],
      }))
      for (const { revision, at, changes } of commits)
        await stored(store, acme, revision - 1, { at, changes })
      await stored(store, globex, 0, draft(put(member('om_globex'))))
      expect(await store.commitsSince(acme, 0)).toEqual(commits)
      expect(await store.commitsSince(acme, 1)).toEqual(commits.slice(1))
      expect(await store.commitsSince(acme, 3)).toEqual([])
      expect(await store.commitsSince(acme, 99)).toEqual([])
    })

    test('a commit without changes is a commit', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft())
      expect((await store.load(acme))?.revision).toBe(1)
      expect(await store.commitsSince(acme, 0)).toMatchObject([{ revision: 1, changes: [] }])
    })

    test('a removed entity stands in its commit by kind and id', async () => {
      const store = await fresh()
      const last = member('om_1', { status: 'inactive' })
      await stored(store, acme, 0, draft(put(last)), draft(remove(last)))
      expect((await store.commitsSince(acme, 1))[0]?.changes).toEqual([
        { op: 'remove', kind: 'membership', id: 'om_1' },
      ])
    })

    test('what the writer changes afterwards is not stored', async () => {
      const store = await fresh()
      const entity = { ...member('om_1').entity, roleIds: [] as never[] }
      const changes = [put({ kind: 'membership', entity })]
      const writing = store.append(acme, 0, [{ at: '2026-01-01T00:00:00.000Z', changes }])
      // Once while the append is under way, and once after it.
      entity.userId = 'mallory'
      changes.push(put(member('om_2')))
      await writing
      entity.roleIds.push('role_admin' as never)
      expect(await contentOf(store, acme)).toEqual([member('om_1')])
      expect((await store.commitsSince(acme, 0))[0]?.changes).toEqual([put(member('om_1'))])
      expect((await store.find('membership', 'om_1'))?.entity).toEqual(member('om_1').entity)
    })

    test('what one reader changes is not what the next one reads', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('om_1'))))
      const loaded = [...((await store.load(acme))?.entities ?? [])].map(({ entity }) => entity)
      const found = (await store.find('membership', 'om_1'))?.entity
      const scanned = (await store.scan('membership', { limit: 1 }))[0]?.entity
      const [commit] = await store.commitsSince(acme, 0)
      const change = commit?.changes[0]
      const committed = change?.op === 'put' ? change.entity : undefined
      for (const entity of [...loaded, found, scanned, committed]) {
        expect(entity).toEqual(member('om_1').entity)
        tamperWith(entity)
      }
      expect(await contentOf(store, acme)).toEqual([member('om_1')])
      expect((await store.find('membership', 'om_1'))?.entity).toEqual(member('om_1').entity)
      expect((await store.commitsSince(acme, 0))[0]?.changes).toEqual([put(member('om_1'))])
    })

    test('a load is the shard at one moment, whatever is appended while it is read', async () => {
      const store = await fresh()
      await stored(store, acme, 0, draft(put(member('om_1')), put(member('om_2'))))
      const loaded = await store.load(acme)
      await stored(store, acme, 1, draft(remove(member('om_1')), put(member('om_3'))))
      expect(loaded?.revision).toBe(1)
      expect([...(loaded?.entities ?? [])].map(({ entity }) => entity.id).sort()).toEqual(['om_1', 'om_2'])
    })

    test.each([
      ['names of Object.prototype', ['__proto__', 'constructor', 'hasOwnProperty', 'toString']],
      [
        'quotes, separators and comment marks',
        ["o'hara", '"', '`', ';--', 'a:b#c@d|e,f', '/*', '%_', '?1', '\\'],
      ],
      ['dots, slashes and spaces', ['.', '..', 'a/b', 'a%2Fb', ' ', '  a  ']],
      ['numbers in disguise', ['0', '00', '1e3', '0x10', '9007199254740993', 'NaN', 'null']],
      ['the longest ones', ['x'.repeat(128), `${'x'.repeat(127)}y`]],
    ])('ids are plain strings: %s', async (_which, ids) => {
      const store = await fresh()
      const members = ids.map((id) => member(id))
      await stored(store, acme, 0, draft(...members.map(put)))
      for (const { entity } of members) {
        expect(await store.find('membership', entity.id)).toEqual({ shard: acme, entity })
      }
      expect((await contentOf(store, acme)).map(({ entity }) => entity.id)).toEqual([...ids].sort())
      await stored(store, acme, 1, draft(...members.map(remove)))
      expect(await contentOf(store, acme)).toEqual([])
    })

    test.each(['org___proto__', 'org_constructor', `org_${'x'.repeat(64)}`, "org_' or 1=1 --"])(
      'so are the ids of shards: %s',
      async (name) => {
        const store = await fresh()
        const shard = name as typeof acme
        await stored(store, acme, 0, draft(put(member('om_1'))))
        expect(await store.load(shard)).toBeUndefined()
        await stored(store, shard, 0, draft(put(member('om_2'))))
        expect(await contentOf(store, shard)).toEqual([member('om_2')])
        expect(await store.find('membership', 'om_2')).toMatchObject({ shard })
        expect(await contentOf(store, acme)).toEqual([member('om_1')])
      },
    )

    test.each([
      ['emoji and other planes', 'Zoë 🦊👩‍👩‍👧 𝕏 \u{10ffff}'],
      ['composed and decomposed accents', 'é e\u0301'],
      ['control characters and NUL', 'a\u0000b\u0001\n\r\t\u001f\u007f\u2028'],
      ['right-to-left marks and zero width', '\u202egnp.exe\u200b\ufeff'],
      ['a lone surrogate', 'a\ud800b'],
      ['SQL and JSON in disguise', `'); DROP TABLE entities; -- {"a":"b"} \\u0000`],
      ['1 024 characters', 'd'.repeat(1_024)],
    ])('text comes back as it was given: %s', async (_which, text) => {
      const store = await fresh()
      const odd = resource('authz_resource_1', { name: text, description: text, externalId: text })
      await stored(store, acme, 0, draft(put(odd)))
      expect(await contentOf(store, acme)).toEqual([odd])
      expect((await store.commitsSince(acme, 0))[0]?.changes).toEqual([put(odd)])
    })

    test('a large commit is stored whole', async () => {
      const store = await fresh()
      const many = Array.from({ length: 3_000 }, (_, n) => resource(`authz_resource_${n}`))
      await stored(store, acme, 0, draft(...many.map(put)))
      expect(await contentOf(store, acme)).toHaveLength(3_000)
      expect((await store.commitsSince(acme, 0))[0]?.changes).toHaveLength(3_000)
    })
  })
}

/** A store may hand out frozen values or fresh copies. */
function tamperWith(value: object | undefined): void {
  if (value !== undefined && !Object.isFrozen(value))
    Object.assign(value, { status: 'inactive', userId: 'x' })
}
