import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { CheckQuestion, MembershipId, OrganizationId } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { oneRow } from '../bare-transactions.js'
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

const burst = 1_000

/**
 * Checks in one organization while another one is written without a pause, each write flushed to SQLite. A flush
 * alone leaves the caches cold, whoever asks for it: so checks beside the flushes of a stranger are the measure.
 */
export async function runNeighbours(size: Size, { rounds, ms }: Effort): Promise<Findings> {
  return inTemporaryFolder(async (folder) => {
    const workload = makeWorkload(size)
    const store = await fillSqlite(join(folder, 'authz.db'), workload)
    const engine = await openEngine({ store, model: benchModel() })
    const stranger = oneRow(join(folder, 'stranger.db'))
    // The last organization is written; nobody asks about it.
    const written = size.organizations - 1
    const asked = drawQuestions(workload, 1_000).filter(
      ({ membership }) => Math.floor(membership / size.membershipsEach) !== written,
    )
    const questions = freshQuestions(workload, asked).map(asCheckQuestion)
    for (const question of questions) await engine.check(question)
    const check = (index: number) => {
      const { organizationId, subject, permission, resource } = questions[
        index % questions.length
      ] as CheckQuestion
      engine.subject(organizationId, subject).allows(permission, resource)
    }
    const membershipId = idOf('membership', (written + 1) * size.membershipsEach - 1) as MembershipId
    const situations: readonly Situation[] = [
      { name: 'checks beside flushes of a stranger', write: async (index) => stranger.write(index) },
      {
        name: 'checks beside writes to another organization',
        write: (index) =>
          engine.setMembershipRoles(idOf('organization', written) as OrganizationId, { membershipId }, [
            index % 2 === 0 ? 'admin' : 'member',
          ]),
      },
      { name: 'checks, nobody writes' },
    ]
    const samples = situations.map((): number[] => [])
    for (let round = 0; round < rounds; round++) {
      for (const [n, { write }] of situations.entries()) samples[n]?.push(await checking(check, write, ms))
    }
    stranger.close()
    await engine.close()
    const figures = situations.map(({ name }, n): Figure => ({ name, ...summaryOf(samples[n] ?? []) }))
    report('checks in one organization while another is written', figures, timesTheCost)
    const [beside, ours] = figures as [Figure, Figure]
    const what = 'a check while another organization is written'
    return {
      goals: [atMost(1.1, beside.median / ours.median, what, '× one beside flushes of a stranger')],
      figures: {},
    }
  })
}

interface Situation {
  readonly name: string
  readonly write?: (index: number) => Promise<unknown>
}

let writes = 0

/** Checks a second, the time of the writer left out: it writes all the while, and has its turn between bursts. */
async function checking(
  check: (index: number) => void,
  write: Situation['write'],
  ms: number,
): Promise<number> {
  let writing = true
  const writer = async () => {
    for (; writing && write !== undefined; await nextTurn()) await write(writes++)
  }
  const done = writer()
  let checks = 0
  let busy = 0
  for (const end = performance.now() + ms; performance.now() < end; await nextTurn()) {
    const start = performance.now()
    for (let n = 0; n < burst; n++) check(checks++)
    busy += performance.now() - start
  }
  writing = false
  await done
  return (checks / busy) * 1_000
}
