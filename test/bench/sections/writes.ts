import { join } from 'node:path'
import type { AuthorizationEngine, MembershipId, OrganizationId } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import Database from 'libsql'
import { atLeast, type Findings } from '../goals.js'
import { loopAsync, measure, report, shareKept, type Variant } from '../measure.js'
import { inTemporaryFolder } from '../temporary-folder.js'
import { fillSqlite } from '../workload/fill-sqlite.js'
import { idOf } from '../workload/ids.js'
import { benchModel } from '../workload/model.js'
import type { Size } from '../workload/sizes.js'
import { makeWorkload } from '../workload/workload.js'
import type { Effort } from './section.js'

const writers = 64

/** Durable writes through the engine against the least that SQLite can do: one row in one flushed transaction. */
export async function runWrites(size: Size, effort: Effort): Promise<Findings> {
  return inTemporaryFolder(async (folder) => {
    const bare = openBare(join(folder, 'bare.db'))
    const store = await fillSqlite(join(folder, 'authz.db'), makeWorkload(size))
    const engine = await openEngine({ store, model: benchModel() })
    const write = writesOf(engine, size)
    const figures = await measure(
      [
        { name: 'bare transaction, one row, flushed', run: loopAsync(async (index) => bare.insert(index)) },
        { name: 'assignRole, one writer', run: loopAsync(() => write(0)) },
        together(`assignRole, ${writers} writers in one organization`, () => write(0)),
        together(`assignRole, ${writers} writers in ${size.organizations} organizations`, (writer) =>
          write(writer % size.organizations),
        ),
      ],
      effort,
    )
    bare.close()
    await engine.close()
    report('durable writes: SQLite with synchronous = FULL', figures, shareKept)
    const [least, one, inOne, inMany] = figures.map(({ median }) => median) as [
      number,
      number,
      number,
      number,
    ]
    return {
      goals: [
        atLeast(0.8, one / least, 'one writer', '× a bare flushed transaction'),
        atLeast(8, inOne / one, `${writers} writers in one organization`, '× one writer'),
        atLeast(8, inMany / one, `${writers} writers in ${size.organizations} organizations`, '× one writer'),
      ],
      figures: {},
    }
  })
}

/** A table of what an assignment is at least: an id, who, where and which role. */
function openBare(path: string) {
  const sql = new Database(path)
  sql.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  sql.exec(
    'CREATE TABLE assignments (id TEXT PRIMARY KEY, subject TEXT, resource TEXT, role TEXT) WITHOUT ROWID',
  )
  const [begin, insert, commit] = [
    'BEGIN IMMEDIATE',
    'INSERT INTO assignments VALUES (?, ?, ?, ?)',
    'COMMIT',
  ].map((text) => sql.prepare(text)) as [Database.Statement, Database.Statement, Database.Statement]
  return {
    insert: (index: number) => {
      begin.run()
      insert.run(
        idOf('assignment', index),
        idOf('membership', index),
        idOf('resource', index),
        'app-operator',
      )
      commit.run()
    },
    close: () => sql.close(),
  }
}

/** Give a role in one organization; no two writes give the same one. */
function writesOf(engine: AuthorizationEngine, { membershipsEach, resourcesEach }: Size) {
  const apps = Math.round(resourcesEach * 0.8)
  const firstApp = resourcesEach + 1 - apps
  const given = new Map<number, number>()
  return async (organization: number): Promise<unknown> => {
    const n = given.get(organization) ?? 0
    given.set(organization, n + 1)
    if (n >= apps * membershipsEach) throw new Error('there is nothing left to give')
    const membership = organization * membershipsEach + (n % membershipsEach)
    const app = organization * (resourcesEach + 1) + firstApp + Math.floor(n / membershipsEach)
    return engine.assignRole({
      organizationId: idOf('organization', organization) as OrganizationId,
      subject: { membershipId: idOf('membership', membership) as MembershipId },
      role: 'app-operator',
      resource: { type: 'app', externalId: idOf('app', app) },
    })
  }
}

function together(name: string, write: (writer: number) => Promise<unknown>): Variant {
  return {
    name,
    run: async (ms) => {
      const end = performance.now() + ms
      let done = 0
      const worker = async (writer: number) => {
        for (; performance.now() < end; done++) await write(writer)
      }
      await Promise.all(Array.from({ length: writers }, (_, writer) => worker(writer)))
      return done
    },
  }
}
