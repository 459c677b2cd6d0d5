import { linksOf, openEngine, verifyChain } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import { expect, test } from 'vitest'
import { describeWithPostgres, runSql, testDatabase } from './test-database.js'

describeWithPostgres('the chain of a log in PostgreSQL', () => {
  test('is one, whichever node gives the positions, and shows what was changed or deleted by SQL', async () => {
    const database = await testDatabase()
    const store = postgres(database.connectionString)
    const nodes = [await openEngine({ store }), await openEngine({ store })]
    const [one, other] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
    try {
      const { value: acme } = await one.createOrganization({ name: 'Acme' })
      await Promise.all(
        Array.from({ length: 40 }, async (_, n) => {
          const node = n % 2 === 0 ? one : other
          await node.as({ actor: { type: 'node', id: `${n}` } }).createUser({ metadata: { n: `${n}` } })
          await node.changes.lastPosition()
        }),
      )
      const verdict = await verifyChain(linksOf(other.changes))
      expect(verdict).toMatchObject({ kind: 'whole', commits: 42, since: 1 })
      const head = verdict.kind === 'whole' ? verdict.head : undefined
      const [last] = await one.log({ after: 41, limit: 1 })
      await one.createGroup({ organizationId: acme.id, name: 'Crew' })
      expect(await verifyChain(linksOf(one.changes), { head })).toMatchObject({ kind: 'whole', commits: 43 })

      const change = (sql: string) => runSql(database.connectionString, sql)
      await change(
        "UPDATE bailiwick.commits SET origin = replace(origin, 'node', 'nude') WHERE position = 42",
      )
      expect(last?.commit.origin?.actor.type).toBe('node')
      expect(await verifyChain(linksOf(one.changes))).toMatchObject({ kind: 'broken', position: 42 })
      await change('DELETE FROM bailiwick.commits WHERE position = 7')
      expect(await verifyChain(linksOf(one.changes))).toEqual({ kind: 'broken', position: 7, how: 'missing' })
    } finally {
      await one.close()
      await other.close()
      await database.stop()
    }
  })
})
