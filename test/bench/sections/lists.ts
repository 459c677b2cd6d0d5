import type { MembershipId, OrganizationId, Page, ResourceAddress, SubjectKey } from '@bailiwick/core'
import { FloorLists } from '../floors/floor-lists.js'
import { atMost, type Findings } from '../goals.js'
import { type Figure, report, timesTheCost } from '../measure.js'
import { openOurs } from '../ours.js'
import { summaryOf } from '../passes.js'
import { idOf } from '../workload/ids.js'
import { permissionSlugs, typeSlugs } from '../workload/model.js'
import { between, seeded } from '../workload/random.js'
import type { Size } from '../workload/sizes.js'
import { makeWorkload, type Workload } from '../workload/workload.js'
import { WrongAnswer } from '../wrong-answer.js'
import type { Effort } from './section.js'

const permission = 'project:edit'
const bit = 1 << permissionSlugs.indexOf(permission)
const type = 'project'

/** Complete lists both ways against the floor's: both are given ids as strings, and answer with ids. */
export async function runLists(size: Size, effort: Effort): Promise<Findings> {
  const workload = makeWorkload(size)
  const floor = new FloorLists(workload)
  const resourceIds = Array.from({ length: workload.resources }, (_, index) => idOf('resource', index))
  const membershipIds = Array.from({ length: workload.memberships }, (_, index) => idOf('membership', index))
  const membershipOf = new Map(membershipIds.map((id, index) => [id, index]))
  const projectOf = new Map(projectsOf(workload).map((index) => [idOf(type, index), index]))
  const ours = await openOurs(workload)
  try {
    const { memberships, projects } = askedOf(workload)
    const aboutMemberships = () =>
      memberships.map(
        (membership): Asked => ({
          organizationId: idOf(
            'organization',
            Math.floor(membership / size.membershipsEach),
          ) as OrganizationId,
          id: idOf('membership', membership),
        }),
      )
    const resources = await compare(effort, aboutMemberships, {
      floor: ({ id }) =>
        named(floor.resources(membershipOf.get(id) as number, bit, typeSlugs.indexOf(type)), resourceIds),
      ours: ({ organizationId, id }) => {
        const subject = { membershipId: id as MembershipId }
        return allPages((page) =>
          ours.engine.listResources({ organizationId, subject, permission, type }, page),
        )
      },
    })
    const aboutProjects = () =>
      projects.map(
        (project): Asked => ({
          organizationId: idOf('organization', Math.floor(project / workload.span)) as OrganizationId,
          id: idOf(type, project),
        }),
      )
    const subjects = await compare(effort, aboutProjects, {
      floor: ({ id }) => named(floor.subjects(projectOf.get(id) as number, bit), membershipIds),
      ours: ({ organizationId, id }) => {
        const resource = { type, externalId: id }
        return allPages((page) => ours.engine.listSubjects({ organizationId, permission, resource }, page))
      },
    })
    report(
      `lists at ${size.name}: the projects that a membership may edit, all pages`,
      resources,
      timesTheCost,
    )
    report(
      `lists at ${size.name}: the memberships that may edit a project, all pages`,
      subjects,
      timesTheCost,
    )
    return {
      goals: [
        atMost(2, costOf(resources), `${size.name}: listResources, complete`, '× the floor'),
        atMost(2, costOf(subjects), `${size.name}: listSubjects, complete`, '× the floor'),
      ],
      figures: {},
    }
  } finally {
    await ours.close()
  }
}

/** Written out: `Array.from` would cost the floor half as much again. */
function named(indexes: Int32Array, ids: readonly string[]): readonly string[] {
  const found = new Array<string>(indexes.length)
  for (let n = 0; n < indexes.length; n++) found[n] = ids[indexes[n] as number] as string
  return found
}

function projectsOf(workload: Workload): readonly number[] {
  return Array.from(workload.type.keys()).filter(
    (resource) => typeSlugs[workload.type[resource] as number] === type,
  )
}

/** 1 000 memberships that do not hold everything, and 1 000 projects. */
function askedOf(workload: Workload) {
  const random = seeded(31_415)
  const memberships: number[] = []
  const projects: number[] = []
  while (memberships.length < 1_000) memberships.push(between(random, 0, workload.memberships))
  while (projects.length < 1_000) {
    const resource = between(random, 0, workload.resources)
    if (typeSlugs[workload.type[resource] as number] === type) projects.push(resource)
  }
  return { memberships, projects }
}

/** What one list is asked for: new strings in every pass, as in the section on checks. */
interface Asked {
  readonly organizationId: OrganizationId
  readonly id: string
}

type Pages = readonly Page<ResourceAddress | SubjectKey>[]

interface Lists {
  readonly floor: (asked: Asked) => readonly string[]
  readonly ours: (asked: Asked) => Promise<Pages>
}

/** Both in turn, round by round, every list compared in the first. */
async function compare(
  { rounds, ms }: Effort,
  prepare: () => readonly Asked[],
  { floor, ours }: Lists,
): Promise<readonly [Figure, Figure]> {
  const asked = prepare()
  let answers = 0
  for (const each of asked) {
    const expected = floor(each)
    const got = (await ours(each)).flatMap(({ items }) => items.map(({ id }) => id))
    if (expected.join() !== got.join()) throw new WrongAnswer(`the lists of ${each.id} differ`)
    answers += got.length
  }
  const samples: { readonly floor: number[]; readonly ours: number[] } = { floor: [], ours: [] }
  // Until both are compiled for what they meet.
  for (const end = performance.now() + 6 * ms; performance.now() < end; ) {
    await timed(prepare(), floor)
    await timed(prepare(), ours)
  }
  for (let round = 0; round < rounds; round++) {
    samples.floor.push(await timed(prepare(), floor))
    samples.ours.push(await timed(prepare(), ours))
  }
  const mean = Math.round(answers / asked.length)
  return [
    { name: `floor, ${mean} answers on average`, ...summaryOf(samples.floor) },
    { name: 'ours', ...summaryOf(samples.ours) },
  ]
}

/** Lists a second. */
async function timed(asked: readonly Asked[], list: Lists['floor'] | Lists['ours']): Promise<number> {
  const start = performance.now()
  for (const each of asked) {
    const answer = list(each)
    if (answer instanceof Promise) await answer
  }
  return (asked.length / (performance.now() - start)) * 1_000
}

type Window = { readonly limit: number; readonly after?: NonNullable<Page<unknown>['after']> }

/** All pages, as they were given: the floor makes its strings one array as well, and nobody reads them. */
async function allPages(pageOf: (page: Window) => Promise<Pages[number]>): Promise<Pages> {
  const pages: Pages[number][] = []
  let page = await pageOf({ limit: 100 })
  for (;;) {
    pages.push(page)
    if (page.after === null) return pages
    page = await pageOf({ limit: 100, after: page.after })
  }
}

function costOf([floor, ours]: readonly [Figure, Figure]): number {
  return floor.median / ours.median
}
