import { setImmediate } from 'node:timers/promises'
import { defineModel } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { engineOverPostgres } from './engine-over-postgres.js'
import { describeWithPostgres } from './test-database.js'

const model = defineModel({
  resourceTypes: { folder: { parents: ['organization'] } },
  permissions: { 'folder:edit': 'folder' },
  roles: { editor: { on: 'folder', permissions: ['folder:edit'] } },
})

describeWithPostgres('writers over PostgreSQL', () => {
  const over = engineOverPostgres(model)

  const acme = async () => {
    const organizationId = (await over.engine.createOrganization({ name: 'Acme' })).value.id
    const create = (externalId: string) =>
      over.engine.createResource({ organizationId, type: 'folder', externalId, name: externalId })
    const count = async (what: string) => {
      const { rows } = await over.client.query<{ many: string }>(
        `SELECT count(${what}) AS many FROM bailiwick.commits WHERE shard = $1 AND revision > 1`,
        [organizationId],
      )
      return Number(rows[0]?.many)
    }
    return { create, commits: () => count('*'), transactions: () => count('DISTINCT xmin::text') }
  }

  test('who were answered together and write again are stored together, in one transaction a round', async () => {
    const { create, commits, transactions } = await acme()
    const writer = async (n: number) => {
      for (let round = 0; round < 10; round++) {
        await create(`f${n}-${round}`)
        // Some have more to do than others before they write again, and wait for nothing.
        for (let turn = 0; turn < n; turn++) await undefined
      }
    }
    await Promise.all(Array.from({ length: 16 }, (_, n) => writer(n)))
    expect([await commits(), await transactions()]).toEqual([160, 10])
  })

  test('who write one after the other are stored one by one', async () => {
    const { create, commits, transactions } = await acme()
    for (let n = 0; n < 10; n++) await create(`f${n}`)
    expect([await commits(), await transactions()]).toEqual([10, 10])
  })

  test('find another connection when theirs broke between two writes', async () => {
    const { create, commits } = await acme()
    const others = `FROM pg_stat_activity
      WHERE pid <> pg_backend_pid() AND datname = current_database() AND backend_type = 'client backend'`
    for (let n = 0; n < 3; n++) {
      await create(`before-${n}`)
      await over.client.query(`SELECT pg_terminate_backend(pid) ${others}`)
      while ((await over.client.query(`SELECT 1 ${others}`)).rows.length > 0) await setImmediate()
      // The engine has heard of it after the turn in which this was heard of.
      await setImmediate()
      await create(`after-${n}`)
    }
    expect(await commits()).toBe(6)
  })

  test('are refused alone, and those beside them are stored', async () => {
    const { create, transactions } = await acme()
    await create('taken')
    const outcomes = await Promise.allSettled([create('one'), create('taken'), create('two')])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await transactions()).toBe(2)
  })
})
