import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CheckQuestion, MembershipId, OrganizationId } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { atMost, type Findings } from '../goals.js'
import { type Figure, report, timesTheCost } from '../measure.js'
import { summaryOf } from '../passes.js'
import { inTemporaryFolder } from '../temporary-folder.js'
import { fillSqlite } from '../workload/fill-sqlite.js'
import { idOf } from '../workload/ids.js'
import { benchModel } from '../workload/model.js'
import { asCheckQuestion, drawQuestions, freshQuestions } from '../workload/questions.js'
import type { Size } from '../workload/sizes.js'
import { makeWorkload } from '../workload/workload.js'
import type { Effort } from './section.js'

const burst = 200

/** Checks in one organization while another one is written without a pause, each write flushed to SQLite. */
export async function runNeighbours(size: Size, { rounds, ms }: Effort): Promise<Findings> {
  return inTemporaryFolder(async (folder) => {
    const workload = makeWorkload(size)
    const store = await fillSqlite(join(folder, 'authz.db'), workload)
    const engine = await openEngine({ store, model: benchModel() })
    // The last organization is written; nobody asks about it.
    const written = size.organizations - 1
    const asked = drawQuestions(workload, 1_000).filter(
      ({ membership }) => Math.floor(membership / size.membershipsEach) !== written,
    )
    const questions = freshQuestions(workload, asked).map(asCheckQuestion)
    for (const question of questions) await engine.check(question)

    /** The time of a check alone, in seconds: bursts are timed, and the writer has its turn between them. */
    const checking = async (): Promise<number> => {
      let checks = 0
      let busy = 0
      for (const end = performance.now() + ms; performance.now() < end; await nextTurn()) {
        const start = performance.now()
        for (let n = 0; n < burst; n++)
          await engine.check(questions[(checks + n) % questions.length] as CheckQuestion)
        busy += performance.now() - start
        checks += burst
      }
      return (checks / busy) * 1_000
    }
    let writing = false
    let writes = 0
    const writer = async () => {
      const organizationId = idOf('organization', written) as OrganizationId
      for (; writing; writes++) {
        const membershipId = idOf('membership', (written + 1) * size.membershipsEach - 1) as MembershipId
        const roles = [writes % 2 === 0 ? 'admin' : 'member']
        await engine.setMembershipRoles(organizationId, { membershipId }, roles)
      }
    }
    const quiet: number[] = []
    const noisy: number[] = []
    for (let round = 0; round < rounds; round++) {
      quiet.push(await checking())
      writing = true
      const done = writer()
      noisy.push(await checking())
      writing = false
      await done
    }
    await engine.close()
    const figures: readonly [Figure, Figure] = [
      { name: 'checks, nobody writes', ...summaryOf(quiet) },
      { name: `checks, ${writes} writes next door`, ...summaryOf(noisy) },
    ]
    report('checks in one organization while another is written', figures, timesTheCost)
    return {
      goals: [
        atMost(
          1.1,
          figures[0].median / figures[1].median,
          'a check while another organization is written',
          '× one in quiet',
        ),
      ],
      figures: {},
    }
  })
}
