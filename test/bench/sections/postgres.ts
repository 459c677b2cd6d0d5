import { join } from 'node:path'
import type { CheckQuestion, MembershipId, OrganizationId } from '@bailiwick/core'
import { type EmbeddedEngine, openEngine, type StoreOpener } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import pg from 'pg'
import { postgresPrograms } from '../../stores/postgres-programs.js'
import { startPostgres } from '../../stores/private-postgres.js'
import { atLeast, type Findings, type Goal } from '../goals.js'
import { loopAsync, measure, report, shareKept, timesTheCost, type Variant } from '../measure.js'
import { inTemporaryFolder } from '../temporary-folder.js'
import { countEntities } from '../workload/entities.js'
import { fillSqlite } from '../workload/fill-sqlite.js'
import { fillStore } from '../workload/fill-store.js'
import { idOf } from '../workload/ids.js'
import { benchModel } from '../workload/model.js'
import { between, seeded } from '../workload/random.js'
import type { Size } from '../workload/sizes.js'
import { makeWorkload, type Workload } from '../workload/workload.js'
import type { Effort } from './section.js'

const callers = 64
const organizations = 16
/**
 * A writer who waits for a disk makes two thousand commits a second: what is compiled after some thousand calls is not
 * compiled in the tenth of a second that warms up what only computes. It takes both kinds of writers some seconds.
 */
const warmUpMs = 1_000
/** Of fewer commits the median is what the disk happened to do. */
const leastMs = 150

/** A node over PostgreSQL: its checks against those over SQLite, its commits against plain inserts, how it loads. */
export async function runPostgres(size: Size, effort: Effort): Promise<Findings> {
  if (postgresPrograms === undefined) {
    console.log('\npostgres: left out, for this machine has no PostgreSQL')
    return { goals: [], figures: {} }
  }
  const server = await startPostgres({ fsync: 'on' })
  try {
    const workload = makeWorkload(size)
    const large = postgres(server.connectionString, { schema: 'large', statementTimeoutMs: 60_000 })
    await fillStore(large, workload)
    await measureLoad(large, workload, server.connectionString)
    await measureChecks(large, workload, effort)
    const goals = await measureCommits('durable commits over PostgreSQL', server.connectionString, effort)
    await measureWithoutFlushes(effort)
    return { goals, figures: {} }
  } finally {
    await server.stop()
  }
}

/** What is left of a commit where nothing waits for the disk, which is nothing to run in production. */
async function measureWithoutFlushes(effort: Effort): Promise<void> {
  const server = await startPostgres({ fsync: 'off' })
  try {
    await measureCommits('the same with `fsync` off', server.connectionString, effort)
  } finally {
    await server.stop()
  }
}

/** An organization read until it can answer. */
async function measureLoad(store: StoreOpener, workload: Workload, connectionString: string): Promise<void> {
  const entities = countEntities(workload)
  const samples: number[] = []
  for (let round = 0; round < 3; round++) {
    const start = performance.now()
    const engine = await openLarge(store)
    samples.push(performance.now() - start)
    await engine.close()
  }
  const client = new pg.Client(connectionString)
  await client.connect()
  const { rows } = await client.query<{ bytes: string }>(
    'SELECT sum(octet_length(entity)) AS bytes FROM large.entities',
  )
  await client.end()
  const [, median = 0] = samples.sort((one, other) => one - other)
  const megabytes = Number(rows[0]?.bytes) / 1_048_576
  console.log(
    `\nload from PostgreSQL at ${workload.size.name}: ${entities.toLocaleString('en')} entities, ${megabytes.toFixed(1)} MiB, in ${Math.round(median).toLocaleString('en')} ms`,
  )
}

async function measureChecks(store: StoreOpener, workload: Workload, effort: Effort): Promise<void> {
  const questions = questionsAbout(workload)
  await inTemporaryFolder(async (folder) => {
    const embedded = await openLarge(await fillSqlite(join(folder, 'authz.db'), workload))
    const node = await openLarge(store)
    const asking = (engine: EmbeddedEngine, consistency?: 'bounded') => {
      let next = 0
      const options = consistency && { consistency }
      return () => engine.check(questions[next++ % questions.length] as CheckQuestion, options)
    }
    const figures = await measure(
      [
        together(`SQLite, ${callers} callers`, callers, asking(embedded)),
        together(`PostgreSQL bounded, ${callers} callers`, callers, asking(node, 'bounded')),
        together(`PostgreSQL strong, ${callers} callers`, callers, asking(node)),
        { name: 'PostgreSQL strong, one caller', run: loopAsync(asking(node)) },
      ],
      effort,
    )
    await embedded.close()
    await node.close()
    report('checks of a node', figures, timesTheCost)
  })
}

async function measureCommits(
  title: string,
  connectionString: string,
  { rounds, ms }: Effort,
): Promise<readonly Goal[]> {
  const pool = new pg.Pool({ connectionString, max: organizations + 1 })
  // The server may stop before the last connection has said goodbye.
  pool.on('error', () => {})
  await pool.query('CREATE TABLE plain (id text PRIMARY KEY, subject text, resource text, role text)')
  let inserted = 0
  const insert = (on: pg.Pool | pg.PoolClient = pool) =>
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
  const inTransaction = async () => {
    await held.query('BEGIN')
    await insert(held)
    await held.query('COMMIT')
  }
  const store = postgres(connectionString, { maxConnections: organizations })
  const engine = await openEngine({ store, model: benchModel() })
  for (let index = 0; index < organizations; index++)
    await engine.createOrganization({ id: organizationOf(index), name: `${index}` })
  let created = 0
  const create = (index: number) => {
    const externalId = `w${created++}`
    return engine.createResource({
      organizationId: organizationOf(index),
      type: 'workspace',
      externalId,
      name: externalId,
    })
  }
  const figures = await measure(
    [
      { name: 'plain insert, one connection', run: loopAsync(() => insert()) },
      { name: 'BEGIN, plain insert, COMMIT', run: loopAsync(inTransaction) },
      { name: 'createResource, one writer', run: loopAsync(() => create(0)) },
      together(`plain insert, ${organizations} connections`, organizations, () => insert()),
      together(`createResource, ${organizations} organizations`, organizations, create),
      together(`createResource, ${organizations} writers in one organization`, organizations, () =>
        create(0),
      ),
      together(`createResource, ${callers} writers in one organization`, callers, () => create(0)),
    ],
    { rounds, ms: Math.max(ms, leastMs), warmUpMs },
  )
  held.release()
  await pool.end()
  await engine.close()
  report(`${title}: how long one writer waits`, figures.slice(0, 3), shareKept)
  report(`${title}: how much many writers get done`, figures.slice(3), shareKept)
  const rate = (n: number) => figures[n]?.median ?? Number.NaN
  return [
    atLeast(0.7, rate(2) / rate(0), 'PostgreSQL: one writer', '× a plain insert'),
    atLeast(0.7, rate(2) / rate(1), 'PostgreSQL: one writer', '× BEGIN, a plain insert, COMMIT'),
    atLeast(
      0.7,
      rate(5) / rate(3),
      `PostgreSQL: ${organizations} writers`,
      '× plain inserts, as many connections',
    ),
  ]
}

/** May this member view that app? */
function questionsAbout({ size, span }: Workload): readonly CheckQuestion[] {
  const random = seeded(1)
  const apps = Math.round(size.resourcesEach * 0.8)
  return Array.from({ length: 5_000 }, () => ({
    organizationId: organizationOf(0),
    subject: { membershipId: idOf('membership', between(random, 0, size.membershipsEach)) as MembershipId },
    permission: 'app:view',
    resource: { type: 'app', externalId: idOf('app', between(random, span - apps, span)) },
  }))
}

async function openLarge(store: StoreOpener): Promise<EmbeddedEngine> {
  const engine = await openEngine({ store, model: benchModel(), maxMemoryMb: 16_384 })
  const id = organizationOf(0)
  if (!(await engine.hasResource(id, { type: 'organization', externalId: id }))) throw new Error(`no ${id}`)
  return engine
}

function organizationOf(index: number): OrganizationId {
  return idOf('organization', index) as OrganizationId
}

function together(name: string, many: number, work: (worker: number) => Promise<unknown>): Variant {
  return {
    name,
    run: async (ms) => {
      const end = performance.now() + ms
      let done = 0
      const worker = async (n: number) => {
        for (; performance.now() < end; done++) await work(n)
      }
      await Promise.all(Array.from({ length: many }, (_, n) => worker(n)))
      return done
    },
  }
}
