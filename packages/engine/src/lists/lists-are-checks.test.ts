import {
  type Cursor,
  type ItemId,
  limits,
  type Page,
  type PageOptions,
  type ResourceRef,
  type ResourcesQuestion,
  type RoleMode,
  type SubjectKey,
  type SubjectRef,
  type SubjectsQuestion,
} from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { decide, inFull } from '../decide/decide.js'
import { effectivePermissions } from './effective-permissions.js'
import { type Effort, usualEffort } from './effort.js'
import { Random } from './fixtures/random.js'
import { organizationId, RandomOrganization, type Sizes } from './fixtures/random-organization.js'
import { listResources } from './list-resources.js'
import { listSubjects } from './list-subjects.js'
import { scope } from './scope.js'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000_000))
const seeded = `seed ${seed}; SEED=${seed} draws the same`

const small: Sizes = {
  resources: 40,
  memberships: 12,
  groups: 3,
  assignments: 25,
  mappings: 3,
  exclusions: 20,
  hoard: 12,
}
const large: Sizes = {
  resources: 8_000,
  memberships: 2_500,
  groups: 40,
  assignments: 5_000,
  mappings: 8,
  exclusions: 60,
  hoard: 20_000,
}

/** So little of it that lists of a few items are found in every way there is. */
const impatient: Effort = { firstTurn: 3, patience: 1, crowd: 2, assignments: 6 }

const permissions = [
  'billing:manage',
  'workspace:view',
  'project:view',
  'project:edit',
  'app:deploy',
  'bot:run',
]
const types = ['organization', 'workspace', 'folder', 'project', 'project', 'app', 'bot', 'crawler']

describe(`a list holds exactly what a check allows (${seeded})`, () => {
  test.each([
    ['of small organizations', small, 60, usualEffort],
    ['of small ones, whichever way it is found', small, 150, impatient],
    ['of large ones', large, 2, usualEffort],
  ] as const)(
    '%s',
    async (_, sizes, organizations, effort) => {
      const random = new Random(seed)
      const met = { allowed: 0, denied: 0 }
      for (let i = 0; i < organizations; i++) {
        const drawn = await RandomOrganization.draw(random, drawRoleMode(random), sizes)
        for (let j = 0; j < 10; j++) {
          compareResources(random, drawn, met, effort)
          compareSubjects(random, drawn, met, effort)
          comparePermissions(random, drawn)
          drawn.change()
        }
      }
      expect(met.allowed, 'answers met').toBeGreaterThan(100)
      expect(met.denied, 'answers met').toBeGreaterThan(100)
    },
    60_000,
  )

  test('and goes on exactly while the organization changes', async () => {
    const random = new Random(seed + 1)
    for (let i = 0; i < 150; i++) {
      const drawn = await RandomOrganization.draw(random, drawRoleMode(random), small)
      const effort = random.pick([usualEffort, impatient])
      const question = drawResourcesQuestion(random, drawn)
      const allowed = () => allowedResources(drawn, question)
      walkWhileChanging(random, drawn, allowed, (page) => listResources(drawn.graph, question, page, effort))
      const about = drawSubjectsQuestion(random, drawn)
      const holders = () => allowedSubjects(drawn, about)
      walkWhileChanging(random, drawn, holders, (page) => listSubjects(drawn.graph, about, page, effort))
    }
  })
})

type Met = { allowed: number; denied: number }

function compareResources(random: Random, drawn: RandomOrganization, met: Met, effort: Effort): void {
  const question = drawResourcesQuestion(random, drawn)
  const expected = allowedResources(drawn, question)
  met.allowed += expected.length
  met.denied += drawn.ofType(question.type).length - expected.length
  const limit = random.between(1, limits.pageSize)
  const pages = (page: PageOptions) => listResources(drawn.graph, question, { limit, ...page }, effort)
  comparePages(random, pages, expected, JSON.stringify(question))
  if (question.under === undefined && question.depth === undefined)
    expect(inScope(drawn, question), `scope of ${JSON.stringify(question)}`).toEqual(expected)
}

function compareSubjects(random: Random, drawn: RandomOrganization, met: Met, effort: Effort): void {
  const question = drawSubjectsQuestion(random, drawn)
  const expected = allowedSubjects(drawn, question)
  met.allowed += expected.length
  met.denied += subjectsOf(drawn, question.kind).length - expected.length
  const limit = random.between(1, limits.pageSize)
  const pages = (page: PageOptions) => listSubjects(drawn.graph, question, { limit, ...page }, effort)
  comparePages(random, pages, expected, JSON.stringify(question))
}

/** In both orders, to the end and back, by the cursors of pages or by the ids of what is on them. */
function comparePages(random: Random, pages: Pages, expected: readonly string[], question: string): void {
  const descending: Pages = (page) => pages({ ...page, order: 'desc' })
  const next = random.pick([byCursor, byId])
  expect(forwards(pages, next), question).toEqual(expected)
  expect(backwards(pages, next), question).toEqual(expected)
  expect(forwards(descending, next), `descending: ${question}`).toEqual(expected.toReversed())
  expect(backwards(descending, next), `descending: ${question}`).toEqual(expected.toReversed())
}

function comparePermissions(random: Random, drawn: RandomOrganization): void {
  const asking = { ...drawAsking(random, drawn), resource: drawRef(random, drawn) }
  const allowed = permissions.filter(
    (permission) => decide(drawn.graph, { ...asking, permission }).kind === 'allow',
  )
  expect(effectivePermissions(drawn.graph, asking)).toEqual(allowed.sort())
}

function drawRoleMode(random: Random): RoleMode {
  return random.pick(['single', 'multiple'])
}

function drawAsking(random: Random, drawn: RandomOrganization) {
  const onBehalfOf = random.chance(0.3)
    ? [refOf(drawn.subject()), refOf(drawn.subject())].slice(random.between(0, 1))
    : []
  return { organizationId, subject: refOf(drawn.subject()), ...(onBehalfOf.length > 0 && { onBehalfOf }) }
}

function drawResourcesQuestion(random: Random, drawn: RandomOrganization): ResourcesQuestion {
  return {
    ...drawAsking(random, drawn),
    permission: random.pick(permissions),
    type: random.pick(types),
    ...(random.chance(0.4) && { under: drawRef(random, drawn) }),
    ...(random.chance(0.3) && { depth: random.pick(['subtree', 'children'] as const) }),
  }
}

function drawSubjectsQuestion(random: Random, drawn: RandomOrganization): SubjectsQuestion {
  return {
    organizationId,
    permission: random.pick(permissions),
    ...(random.chance(0.9) && { resource: drawRef(random, drawn) }),
    ...(random.chance(0.7) && { kind: random.pick(['membership', 'group', 'agent'] as const) }),
    ...(random.chance(0.4) && { access: random.pick(['any', 'direct'] as const) }),
  }
}

function drawRef(random: Random, drawn: RandomOrganization): ResourceRef {
  // A top has more below it than most.
  const { id, type, externalId } = random.chance(0.3)
    ? random.pick(drawn.resources.slice(0, 5))
    : random.pick(drawn.resources)
  return random.chance(0.5) ? { resourceId: id } : { type, externalId }
}

function refOf(subject: SubjectKey): SubjectRef {
  switch (subject.kind) {
    case 'membership':
      return { membershipId: subject.id }
    case 'group':
      return { groupId: subject.id }
    case 'agent':
      return { agent: { resourceId: subject.id } }
  }
}

function allowedResources(drawn: RandomOrganization, question: ResourcesQuestion): readonly string[] {
  const { graph } = drawn
  const { under, depth, type, ...asked } = question
  const root = drawn.resources[0]?.id
  const above = under === undefined ? root : graph.resources.id(graph.findResource(under))
  return drawn
    .ofType(type)
    .filter(({ parentId }) => {
      if (under === undefined && depth !== 'children') return true
      if (depth === 'children') return parentId === above
      return parentId !== null && wayUp(drawn, parentId).includes(above ?? '')
    })
    .filter(({ id }) => decide(graph, { ...asked, resource: { resourceId: id } }).kind === 'allow')
    .map(({ id }) => id)
    .sort()
}

function wayUp(drawn: RandomOrganization, id: string): readonly string[] {
  const { resources } = drawn.graph
  const ids: string[] = []
  for (let entry = resources.findById(id); entry >= 0; entry = resources.parent(entry))
    ids.push(resources.id(entry))
  return ids
}

function subjectsOf(drawn: RandomOrganization, kind: SubjectsQuestion['kind']): readonly SubjectKey[] {
  if (kind === 'group') return drawn.groups.map(({ id }) => ({ kind, id }))
  if (kind === 'agent')
    return [...drawn.ofType('bot'), ...drawn.ofType('crawler')].map(({ id }) => ({ kind, id }))
  return drawn.memberships.map(({ id }) => ({ kind: 'membership', id }))
}

function allowedSubjects(drawn: RandomOrganization, question: SubjectsQuestion): readonly string[] {
  const { access, kind, ...asked } = question
  const resource =
    question.resource === undefined ? drawn.graph.resources.root : drawn.graph.findResource(question.resource)
  const here = drawn.graph.resources.id(resource)
  return subjectsOf(drawn, kind)
    .filter((subject) => {
      const decision = decide(drawn.graph, { ...asked, subject: refOf(subject) }, inFull)
      if (decision.kind === 'deny') return false
      return access !== 'direct' || decision.grants.some((grant) => 'on' in grant && grant.on.id === here)
    })
    .map(({ id }) => id)
    .sort()
}

/** What a scope describes, looked up resource by resource. */
function inScope(drawn: RandomOrganization, question: ResourcesQuestion): readonly string[] {
  const described = scope(drawn.graph, question)
  return drawn
    .ofType(question.type)
    .map(({ id }) => id)
    .filter((id) => {
      if (described.kind !== 'some') return described.kind === 'all'
      const path = wayUp(drawn, id)
      const isOn = (resources: readonly { readonly id: string }[]) =>
        resources.some((each) => path.includes(each.id))
      return isOn(described.within) && !isOn(described.except)
    })
    .sort()
}

type Listed = Page<{ readonly id: string }>
type Pages = (page: PageOptions) => Listed

/** How to name the place before or after a page; `null` where nothing is. */
interface Next {
  readonly before: (page: Listed) => Cursor | ItemId | null
  readonly after: (page: Listed) => Cursor | ItemId | null
}

const byCursor: Next = { before: ({ before }) => before, after: ({ after }) => after }
const byId: Next = {
  before: ({ before, items }) => (before === null ? null : ((items[0]?.id as ItemId | undefined) ?? before)),
  after: ({ after, items }) => (after === null ? null : ((items.at(-1)?.id as ItemId | undefined) ?? after)),
}

function forwards(pages: Pages, next: Next): readonly string[] {
  const ids: string[] = []
  for (let page = pages({}); ; ) {
    ids.push(...page.items.map(({ id }) => id))
    const after = next.after(page)
    if (after === null) return ids
    page = pages({ after })
  }
}

/** From the end, which is the place past the last item of all. */
function backwards(pages: Pages, next: Next): readonly string[] {
  const ids: string[] = []
  let end = pages({ limit: limits.pageSize })
  while (end.after !== null) end = pages({ limit: limits.pageSize, after: end.after })
  const last = end.items.map(({ id }) => id)
  for (let before = next.before(end); before !== null; ) {
    const page = pages({ before })
    ids.unshift(...page.items.map(({ id }) => id))
    before = next.before(page)
  }
  return [...ids, ...last]
}

function walkWhileChanging(
  random: Random,
  drawn: RandomOrganization,
  allowed: () => readonly string[],
  pages: Pages,
): void {
  const limit = random.between(1, 4)
  let last = ''
  let page = pages({ limit })
  for (;;) {
    const left = allowed().filter((id) => id > last)
    expect(
      page.items.map(({ id }) => id),
      'what is allowed now, past what was seen',
    ).toEqual(left.slice(0, limit))
    expect(page.after === null, 'says whether there is more').toBe(left.length <= limit)
    if (page.after === null) return
    last = page.items.at(-1)?.id ?? last
    for (let i = random.between(0, 3); i > 0; i--) drawn.change()
    page = pages({ limit, after: page.after })
  }
}
