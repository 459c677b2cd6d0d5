import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoreOpener } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RawAnswer, request } from '../server/request.js'
import { type StartedServer, startServer } from '../server/start-server.js'
import { startService } from '../server/start-service.js'
import { describeWithPostgres, type TestDatabase, testDatabase } from './test-database.js'

const keys = 200
const apiKey = 'sk_test_the_same_key'
const minuteMs = 60_000

describeWithPostgres('a request with an `Idempotency-Key`, and two nodes', () => {
  let database: TestDatabase
  let store: StoreOpener
  let nodes: readonly [StartedServer, StartedServer]
  /** How far the clocks of both nodes are ahead. */
  let aheadMs = 0

  beforeAll(async () => {
    database = await testDatabase()
    store = postgres(database.connectionString)
    const start = () => startServer({ store, apiKey, clock: () => Date.now() + aheadMs })
    nodes = [await start(), await start()]
  })
  afterAll(async () => {
    for (const node of nodes ?? []) await node.close()
    await database?.stop()
  })

  const create = (node: { readonly url: string }, name: string, key: string): Promise<RawAnswer> =>
    request({ url: node.url, apiKey } as StartedServer, {
      method: 'POST',
      path: '/organizations',
      body: { name },
      headers: { 'idempotency-key': key },
    })
  const made = async (prefix: string) => {
    const names: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await nodes[0].engine.listOrganizations({}, { limit: 100, ...(after && { after }) })
      names.push(...page.items.map(({ name }) => name).filter((name) => name.startsWith(prefix)))
      after = page.after ?? undefined
      if (after === undefined) return names.sort()
    }
  }

  test(`${keys} of them, each at both nodes at once: one effect each, and both are answered the same`, async () => {
    for (let first = 0; first < keys; first += 10) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) =>
          Promise.all(nodes.map((node) => create(node, `Once ${first + n}`, `once-${first + n}`))),
        ),
      )
      for (const [one, other] of answers) {
        expect(one?.status).toBe(201)
        expect(other?.status).toBe(201)
        expect(other?.text).toBe(one?.text)
        expect(other?.headers['bailiwick-consistency-token']).toBe(
          one?.headers['bailiwick-consistency-token'],
        )
      }
    }
    const names = await made('Once ')
    expect(names).toHaveLength(keys)
    expect(new Set(names).size).toBe(keys)
  })

  test('of two requests with one key, one is refused at once, whichever node it is sent to', async () => {
    const answers = await Promise.all([create(nodes[0], 'Two A', 'two'), create(nodes[1], 'Two B', 'two')])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422])
    expect(await made('Two ')).toHaveLength(1)
  })

  test('is not run again at another node when the first is killed in the middle of it', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'bailiwick-'))
    const doomed = await startService(['--database', database.connectionString, '--api-key', apiKey], { cwd })
    // Whoever commits waits from here on.
    const client = new Client(database.connectionString)
    await client.connect()
    await client.query('BEGIN; LOCK TABLE bailiwick.commits IN EXCLUSIVE MODE')
    const broken = create(doomed, 'Killed', 'killed').catch((error: Error) => error)
    while ((await waiting(client)) === 0);
    doomed.kill('SIGKILL')
    expect(await broken).toBeInstanceOf(Error)
    await doomed.exited
    await client.query('COMMIT')
    await client.end()

    // So long no request takes.
    aheadMs = minuteMs
    for (const node of nodes)
      expect(await create(node, 'Killed', 'killed')).toMatchObject({
        status: 409,
        json: { code: 'idempotency_outcome_unknown' },
      })
    expect((await made('Killed')).length).toBeLessThanOrEqual(1)
    expect((await create(nodes[1], 'Killed', 'anew')).status).toBe(201)
    rmSync(cwd, { recursive: true })
  })
})

/** How many commits wait for the table; whoever numbers those before waits as well. */
async function waiting(client: Client): Promise<number> {
  // Within a transaction activity is what it was when it was looked at first.
  await client.query('SELECT pg_stat_clear_snapshot()')
  const { rows } = await client.query<{ count: string }>(
    `SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE NOT granted AND relation = 'bailiwick.commits'::regclass AND query LIKE '%append\\_%'`,
  )
  return Number(rows[0]?.count)
}
