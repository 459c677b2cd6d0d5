import { join } from 'node:path'
import type { OrganizationId } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { sqlite } from '@bailiwick/engine/sqlite'
import { atLeast, type Findings } from '../goals.js'
import { report, timesTheCost } from '../measure.js'
import { summaryOf } from '../passes.js'
import { inTemporaryFolder } from '../temporary-folder.js'
import { countEntities } from '../workload/entities.js'
import { fillStore } from '../workload/fill-store.js'
import { idOf } from '../workload/ids.js'
import { benchModel } from '../workload/model.js'
import { type Size, sizeL, sizeSmallM } from '../workload/sizes.js'
import { makeWorkload, type Workload } from '../workload/workload.js'
import { readRoleIds } from '../workload/workload-store.js'
import type { Effort, Section } from './section.js'

/** A whole store read from SQLite until every organization can answer, the file being in the page cache. */
export const loadSection: Section = {
  name: 'load',
  sizes: { full: [sizeL], short: [sizeSmallM] },
  run: runLoad,
}

const model = benchModel()

async function runLoad(size: Size, { rounds }: Effort): Promise<Findings> {
  const workload = makeWorkload(size)
  const entities = countEntities(workload)
  return inTemporaryFolder(async (folder) => {
    const path = join(folder, 'authz.db')
    const filling = await fill(path, workload)
    const samples: number[] = []
    for (let round = 0; round < Math.min(rounds, 5); round++) samples.push(entities / (await load(path, workload)))
    const loaded = { name: 'opened and loaded', ...summaryOf(samples) }
    const filled = { name: 'written, one commit an organization', ...summaryOf([entities / filling]) }
    report(`load at ${size.name}: ${entities.toLocaleString('en')} entities in SQLite`, [loaded, filled], timesTheCost)
    return {
      goals: [atLeast(500_000, loaded.median, `${size.name}: loaded from SQLite`, 'entities a second')],
      figures: {},
    }
  })
}

/** Seconds. */
async function fill(path: string, workload: Workload): Promise<number> {
  // The first open stores the model, and so gives the roles their ids.
  await (await openEngine({ store: sqlite(path), model })).close()
  const start = performance.now()
  const store = await sqlite(path)()
  await fillStore(store, workload, await readRoleIds(store))
  await store.close()
  return (performance.now() - start) / 1_000
}

/** Seconds. */
async function load(path: string, workload: Workload): Promise<number> {
  const start = performance.now()
  const engine = await openEngine({ store: sqlite(path), model, maxMemoryMb: 16_384 })
  for (let index = 0; index < workload.size.organizations; index++) {
    const id = idOf('organization', index) as OrganizationId
    if (!(await engine.hasResource(id, { type: 'organization', externalId: id }))) throw new Error(`${id} is missing`)
  }
  const seconds = (performance.now() - start) / 1_000
  await engine.close()
  return seconds
}
