import type { MembershipId, OrganizationId } from '@bailiwick/core'
import { atMost, type Findings } from '../goals.js'
import { loopAsync, measure, report, timesTheCost } from '../measure.js'
import { openOurs } from '../ours.js'
import { idOf } from '../workload/ids.js'
import { adminRole } from '../workload/model.js'
import type { Size } from '../workload/sizes.js'
import { makeWorkload, type Workload } from '../workload/workload.js'
import { WrongAnswer } from '../wrong-answer.js'
import type { Effort } from './section.js'

/** The first page of 100 where 100 000 answers wait, against where 1 000 do. */
export async function runPages(effort: Effort): Promise<Findings> {
  const small = await openLone(1_000)
  const large = await openLone(100_000)
  try {
    const resources = await measure(
      [
        { name: 'listResources, 100 out of 1 000', run: loopAsync(small.resources) },
        { name: 'listResources, 100 out of 100 000', run: loopAsync(large.resources) },
      ],
      effort,
    )
    const subjects = await measure(
      [
        { name: 'listSubjects, 100 out of 1 000', run: loopAsync(small.subjects) },
        { name: 'listSubjects, 100 out of 100 000', run: loopAsync(large.subjects) },
      ],
      effort,
    )
    report('the first page of 100', resources, timesTheCost)
    report('the first page of 100', subjects, timesTheCost)
    const ratio = ([one, other]: readonly { readonly median: number }[]) =>
      (one?.median ?? Number.NaN) / (other?.median ?? Number.NaN)
    return {
      goals: [
        atMost(3, ratio(resources), 'first page out of 100 000 resources', '× out of 1 000'),
        atMost(3, ratio(subjects), 'first page out of 100 000 memberships', '× out of 1 000'),
      ],
      figures: {},
    }
  } finally {
    await small.close()
    await large.close()
  }
}

/** An organization with so many apps, and so many memberships, all of them administrators. */
async function openLone(answers: number) {
  const size: Size = {
    name: 'lone',
    organizations: 1,
    resourcesEach: Math.round(answers / 0.8),
    membershipsEach: answers,
  }
  const made = makeWorkload(size)
  const workload: Workload = { ...made, ownRole: new Uint8Array(made.memberships).fill(adminRole) }
  const { engine, close } = await openOurs(workload)
  const organizationId = idOf('organization', 0) as OrganizationId
  const subject = { membershipId: idOf('membership', 7) as MembershipId }
  const full = async (page: Promise<{ readonly items: readonly unknown[] }>) => {
    if ((await page).items.length !== 100) throw new WrongAnswer('the page is not full')
  }
  return {
    resources: () =>
      full(
        engine.listResources(
          { organizationId, subject, permission: 'app:view', type: 'app' },
          { limit: 100 },
        ),
      ),
    subjects: () => full(engine.listSubjects({ organizationId, permission: 'app:view' }, { limit: 100 })),
    close,
  }
}
