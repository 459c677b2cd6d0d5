import { join } from 'node:path'
import type { AuthorizationEngine, MembershipId, OrganizationId } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { oneRow, sameRows } from '../bare-transactions.js'
import { atLeast, type Findings } from '../goals.js'
import { loopAsync, measure, report, shareKept, together } from '../measure.js'
import { inTemporaryFolder } from '../temporary-folder.js'
import { fillSqlite } from '../workload/fill-sqlite.js'
import { idOf } from '../workload/ids.js'
import { benchModel } from '../workload/model.js'
import type { Size } from '../workload/sizes.js'
import { makeWorkload } from '../workload/workload.js'
import type { Effort } from './section.js'

const writers = 64
// A round of a short run is some hundred writes, and V8 compiles after some thousand. What serves is warm.
const warmUpMs = 500
// One organization has a role to give for each pair of a membership and an app, and no more.
const mostMs = 200

/** Durable writes through the engine against bare transactions: of one row, and of the rows that we write. */
export async function runWrites(size: Size, effort: Effort): Promise<Findings> {
  return inTemporaryFolder(async (folder) => {
    const workload = makeWorkload(size)
    const least = oneRow(join(folder, 'least.db'))
    await fillSqlite(join(folder, 'same.db'), workload)
    const same = sameRows(join(folder, 'same.db'))
    const store = await fillSqlite(join(folder, 'authz.db'), workload)
    const engine = await openEngine({ store, model: benchModel() })
    const write = writesOf(engine, size)
    const figures = await measure(
      [
        { name: 'bare transaction, one row', run: loopAsync(async (index) => least.write(index)) },
        {
          name: 'bare transaction, the rows that we write',
          run: loopAsync(async (index) => same.write(index)),
        },
        { name: 'assignRole, one writer', run: loopAsync(() => write(0)) },
        together(`assignRole, ${writers} writers in one organization`, writers, () => write(0)),
        together(`assignRole, ${writers} writers in ${size.organizations} organizations`, writers, (writer) =>
          write(writer % size.organizations),
        ),
      ],
      { ...effort, ms: Math.min(effort.ms, mostMs), warmUpMs },
    )
    least.close()
    same.close()
    await engine.close()
    report('durable writes: SQLite with synchronous = FULL', figures, shareKept)
    const rate = (n: number) => figures[n]?.median ?? Number.NaN
    const [inLeast, inSame, one, inOne, inMany] = [rate(0), rate(1), rate(2), rate(3), rate(4)]
    return {
      goals: [
        atLeast(0.8, one / inLeast, 'one writer', '× a bare transaction of one row'),
        atLeast(0.8, one / inSame, 'one writer', '× a bare transaction of the same rows'),
        atLeast(8, inOne / one, `${writers} writers in one organization`, '× one writer'),
        atLeast(8, inMany / one, `${writers} writers in ${size.organizations} organizations`, '× one writer'),
      ],
      figures: {},
    }
  })
}

/**
 * Give a role in one organization; no two writes give the same one. The ids of memberships are made before the clock
 * starts, and that of an app once for all of them.
 */
function writesOf(engine: AuthorizationEngine, { organizations, membershipsEach, resourcesEach }: Size) {
  const apps = Math.round(resourcesEach * 0.8)
  const firstApp = resourcesEach + 1 - apps
  const receivers = Array.from({ length: organizations }, (_, organization) => ({
    organizationId: idOf('organization', organization) as OrganizationId,
    memberships: Array.from(
      { length: membershipsEach },
      (_, n) => idOf('membership', organization * membershipsEach + n) as MembershipId,
    ),
    app: '',
    given: 0,
  }))
  return async (organization: number): Promise<unknown> => {
    const receiver = receivers[organization]
    if (receiver === undefined) throw new Error(`there is no organization ${organization}`)
    const n = receiver.given++
    if (n >= apps * membershipsEach) throw new Error('there is nothing left to give')
    const [app, membership] = [Math.floor(n / membershipsEach), n % membershipsEach]
    if (membership === 0) receiver.app = idOf('app', organization * (resourcesEach + 1) + firstApp + app)
    return engine.assignRole({
      organizationId: receiver.organizationId,
      subject: { membershipId: receiver.memberships[membership] as MembershipId },
      role: 'app-operator',
      resource: { type: 'app', externalId: receiver.app },
    })
  }
}
