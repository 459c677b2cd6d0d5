import { join } from 'node:path'
import type { CheckQuestion, MembershipId, OrganizationId } from '@bailiwick/core'
import { type EmbeddedEngine, openEngine, type StoreOpener } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import pg from 'pg'
import { postgresPrograms } from '../../stores/postgres-programs.js'
import { startPostgres } from '../../stores/private-postgres.js'
import { measureCommits } from '../commits.js'
import type { Findings } from '../goals.js'
import { loopAsync, measure, report, timesTheCost, together } from '../measure.js'
import { inTemporaryFolder } from '../temporary-folder.js'
import { countEntities } from '../workload/entities.js'
import { fillSqlite } from '../workload/fill-sqlite.js'
import { fillStore } from '../workload/fill-store.js'
import { idOf } from '../workload/ids.js'
import { benchModel } from '../workload/model.js'
import { between, seeded } from '../workload/random.js'
import type { Size } from '../workload/sizes.js'
import { makeWorkload, type Workload } from '../workload/workload.js'
import { WrongAnswer } from '../wrong-answer.js'
import type { Effort } from './section.js'

const callers = 64

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
async function measureWithoutFlushes({ rounds, ms }: Effort): Promise<void> {
  const server = await startPostgres({ fsync: 'off' })
  try {
    const less = { rounds: Math.ceil(rounds / 3), ms }
    await measureCommits('the same with `fsync` off', server.connectionString, less)
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
  if (!(await engine.hasResource(id, { type: 'organization', externalId: id })))
    throw new WrongAnswer(`no ${id}`)
  return engine
}

function organizationOf(index: number): OrganizationId {
  return idOf('organization', index) as OrganizationId
}
