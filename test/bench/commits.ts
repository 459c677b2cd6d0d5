import type { OrganizationId } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import pg from 'pg'
import { atLeast, type Goal } from './goals.js'
import { type FigureInRounds, measure, report, shareInRounds, together } from './measure.js'
import type { Effort } from './sections/section.js'
import { idOf } from './workload/ids.js'
import { benchModel } from './workload/model.js'

const mostWriters = 64
const organizations = 16
/**
 * A writer who waits for a disk makes two thousand commits a second: what is compiled after some thousand calls is not
 * compiled in the tenth of a second that warms up what only computes. It takes both kinds of writers some seconds.
 */
const warmUpMs = 1_000
/**
 * What runs after something that slept more than it is slower for a third of a second, ours and the database's part
 * alike: one commit took 460 to 510 µs after plain inserts of one connection, and 350 to 390 after 64 writers.
 */
const leadInMs = 400
/** Of fewer commits the median is what the disk happened to do. */
const leastMs = 150

/**
 * Commits in one organization beside plain inserts of one row, each a transaction of its own, by as many writers: as
 * many connections there, and as many callers of one engine here.
 */
export async function measureCommits(
  title: string,
  connectionString: string,
  { rounds, ms }: Effort,
): Promise<readonly Goal[]> {
  const plain = await plainWriters(connectionString)
  const ours = await ourWriters(connectionString)
  const insert = (many: number) => together(`${many} × plain insert`, many, plain.insert)
  const create = (many: number) =>
    together(`${many} × createResource, one organization`, many, () => ours.create(0))
  const [one, oursOfOne, inTransaction, sixteen, oursOf16, oursApart, many, oursOfMany] = await measure(
    [
      insert(1),
      create(1),
      together('1 × BEGIN, plain insert, COMMIT', 1, plain.inTransaction),
      insert(16),
      create(16),
      together(`${organizations} × createResource, an organization each`, organizations, ours.create),
      insert(64),
      create(64),
    ],
    { rounds, ms: Math.max(ms, leastMs), warmUpMs, leadInMs },
  )
  await plain.close()
  await ours.close()
  const share = (figure: FigureInRounds, base: FigureInRounds) =>
    `${shareInRounds(figure, base).toFixed(2)} of it`
  report(`${title}: one writer`, [one, oursOfOne, inTransaction], share)
  report(`${title}: 16 writers`, [sixteen, oursOf16, oursApart], share)
  report(`${title}: 64 writers`, [many, oursOfMany], share)
  const goal = (figure: FigureInRounds, base: FigureInRounds, writers: string, unit: string) =>
    atLeast(0.7, shareInRounds(figure, base), `PostgreSQL, one organization: ${writers}, commits`, unit)
  return [
    goal(oursOfOne, one, '1 writer', '× plain inserts by 1'),
    goal(oursOfOne, inTransaction, '1 writer', '× BEGIN, insert, COMMIT by 1'),
    goal(oursOf16, sixteen, '16 writers', '× plain inserts by 16'),
    goal(oursOfMany, many, '64 writers', '× plain inserts by 64'),
  ]
}

/** Whoever has a table and a prepared statement, and a connection for each writer. */
async function plainWriters(connectionString: string) {
  const pool = new pg.Pool({ connectionString, max: mostWriters + 1 })
  // The server may stop before the last connection has said goodbye.
  pool.on('error', () => {})
  await pool.query('CREATE TABLE plain (id text PRIMARY KEY, subject text, resource text, role text)')
  let inserted = 0
  const insertOn = (on: pg.Pool | pg.PoolClient) =>
    on.query({
      name: 'insert',
      text: 'INSERT INTO plain VALUES ($1, $2, $3, $4)',
      values: [
        idOf('assignment', inserted),
        idOf('membership', inserted),
        idOf('resource', inserted++),
        'editor',
      ],
    })
  const held = await pool.connect()
  return {
    insert: () => insertOn(pool),
    inTransaction: async () => {
      await held.query('BEGIN')
      await insertOn(held)
      await held.query('COMMIT')
    },
    close: () => {
      held.release()
      return pool.end()
    },
  }
}

async function ourWriters(connectionString: string) {
  const store = postgres(connectionString, { maxConnections: organizations })
  const engine = await openEngine({ store, model: benchModel() })
  const organizationOf = (index: number) => idOf('organization', index) as OrganizationId
  for (let index = 0; index < organizations; index++)
    await engine.createOrganization({ id: organizationOf(index), name: `${index}` })
  let created = 0
  return {
    create: (index: number) => {
      const externalId = `w${created++}`
      return engine.createResource({
        organizationId: organizationOf(index),
        type: 'workspace',
        externalId,
        name: externalId,
      })
    },
    close: () => engine.close(),
  }
}
