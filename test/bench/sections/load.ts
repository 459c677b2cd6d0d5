import { join } from 'node:path'
import type { OrganizationId } from '@bailiwick/core'
import { openEngine, type StoreOpener } from '@bailiwick/engine'
import { atLeast, type Findings } from '../goals.js'
import { report, timesTheCost } from '../measure.js'
import { summaryOf } from '../passes.js'
import { inTemporaryFolder } from '../temporary-folder.js'
import { countEntities } from '../workload/entities.js'
import { fillSqlite } from '../workload/fill-sqlite.js'
import { idOf } from '../workload/ids.js'
import { benchModel } from '../workload/model.js'
import type { Size } from '../workload/sizes.js'
import { makeWorkload, type Workload } from '../workload/workload.js'
import { WrongAnswer } from '../wrong-answer.js'
import type { Effort } from './section.js'

/** A whole store read from SQLite until every organization can answer, the file being in the page cache. */
export async function runLoad(size: Size, { rounds }: Effort): Promise<Findings> {
  const workload = makeWorkload(size)
  const entities = countEntities(workload)
  return inTemporaryFolder(async (folder) => {
    const store = await fillSqlite(join(folder, 'authz.db'), workload)
    const samples: number[] = []
    // What the compiler takes is a part of a short load, and none of a long one: the goal is one for L.
    for (let loaded = 0; loaded < entitiesUntilCompiled; loaded += entities) await load(store, workload)
    for (let round = 0; round < Math.min(rounds, 5); round++)
      samples.push(entities / (await load(store, workload)))
    const loaded = { name: 'opened and loaded, entities', ...summaryOf(samples) }
    report(
      `load at ${size.name}: ${entities.toLocaleString('en')} entities in SQLite`,
      [loaded],
      timesTheCost,
    )
    return {
      goals: [atLeast(500_000, loaded.median, `${size.name}: loaded from SQLite`, 'entities a second')],
      figures: {},
    }
  })
}

const entitiesUntilCompiled = 1_000_000

/** Seconds. */
async function load(store: StoreOpener, workload: Workload): Promise<number> {
  const start = performance.now()
  const engine = await openEngine({ store, model: benchModel(), maxMemoryMb: 16_384 })
  for (let index = 0; index < workload.size.organizations; index++) {
    const id = idOf('organization', index) as OrganizationId
    if (!(await engine.hasResource(id, { type: 'organization', externalId: id })))
      throw new WrongAnswer(`${id} is missing`)
  }
  const seconds = (performance.now() - start) / 1_000
  await engine.close()
  return seconds
}
