import type { CheckQuestion } from '@bailiwick/core'
import type { PermissionHandle, ResourceHandle, SubjectHandle } from '@bailiwick/engine'
import { FloorCsr } from '../floors/floor-csr.js'
import { FloorIndex } from '../floors/floor-index.js'
import { FloorPacked } from '../floors/floor-packed.js'
import { atLeast, atMost, type Findings } from '../goals.js'
import { type Figure, report, timesTheCost } from '../measure.js'
import { openOurs } from '../ours.js'
import { type Contender, measurePasses } from '../passes.js'
import { CasbinPeer } from '../peers/casbin.js'
import { CaslPeer } from '../peers/casl.js'
import { CedarPeer } from '../peers/cedar.js'
import { Facts } from '../peers/facts.js'
import {
  type Asked,
  asCheckQuestion,
  drawQuestions,
  freshQuestions,
  type Question,
} from '../workload/questions.js'
import type { Size } from '../workload/sizes.js'
import { countAssignments, makeWorkload, type Workload } from '../workload/workload.js'
import type { Effort } from './section.js'

/** One check: ours, the floors and the peers, every answer compared. */
export async function runCheck(size: Size, { rounds }: Effort): Promise<Findings> {
  const workload = makeWorkload(size)
  const asked = drawQuestions(workload, 1_000)
  const floors = floorsOf(workload, asked)
  const expected = answersOf(floors[0] as Contender)
  const ours = await openOurs(workload)
  try {
    const contenders = [...floors, ...oursOf(ours, workload, asked), ...(await peersOf(workload, asked))]
    const figures = await measurePasses(contenders, expected, rounds)
    const allowed = Math.round((100 * expected.reduce((sum, answer) => sum + answer, 0)) / expected.length)
    const title = `check at ${size.name}: ${countAssignments(workload).toLocaleString('en')} assignments`
    report(`${title}, ${expected.length} questions, ${allowed} % allowed`, figures, timesTheCost)
    return judge(size, figures)
  } finally {
    await ours.close()
  }
}

const inStrings = ['floor, ids in a Map', 'floor, ids as bytes'] as const
const inIntegers = 'floor, integers'
const plain = 'ours, yes or no'
const subjectResolved = 'ours, membership resolved'
const bothResolved = 'ours, both resolved'

function judge(size: Size, figures: readonly Figure[]): Findings {
  const nanoseconds = (name: string) => 1e9 / (figures.find((each) => each.name === name) as Figure).median
  const peer = (name: string) => figures.find((each) => each.name === name)?.median
  const floor = Math.min(...inStrings.map(nanoseconds))
  const own = nanoseconds(plain)
  const ratio = (name: string) => 1e9 / own / (peer(name) ?? Number.NaN)
  const goals = [
    atMost(1.5, own / floor, `${size.name}: check, string ids`, '× the floor'),
    atMost(0.7, nanoseconds(subjectResolved) / own, `${size.name}: membership resolved`, '× that'),
    atMost(
      2,
      nanoseconds(bothResolved) / nanoseconds(inIntegers),
      `${size.name}: both resolved`,
      '× the floor in integers',
    ),
    atLeast(2.5, ratio('CASL'), `${size.name}: checks a second`, '× CASL'),
    atLeast(250, ratio('Cedar'), `${size.name}: checks a second`, '× Cedar'),
  ]
  if (peer('casbin') !== undefined)
    goals.push(atLeast(60, ratio('casbin'), `${size.name}: checks a second`, '× casbin'))
  return { goals, figures: { [`check.${size.name}.ours`]: own, [`check.${size.name}.floor`]: floor } }
}

function floorsOf(workload: Workload, asked: readonly Asked[]): readonly Contender[] {
  const csr = new FloorCsr(workload)
  const packed = new FloorPacked(workload)
  const index = new FloorIndex(workload)
  const memberships = Int32Array.from(asked, ({ membership }) => membership)
  const bits = Int32Array.from(asked, ({ permission }) => 1 << permission)
  const resources = Int32Array.from(asked, ({ resource }) => resource)
  const fresh = () => freshQuestions(workload, asked)
  return [
    over(inStrings[0], fresh, (questions, answers) => {
      for (let n = 0; n < questions.length; n++) {
        const { membershipId, permission, type, externalId } = questions[n] as Question
        answers[n] = csr.check(membershipId, permission, type, externalId) ? 1 : 0
      }
    }),
    over(inStrings[1], fresh, (questions, answers) => {
      for (let n = 0; n < questions.length; n++) {
        const { membershipId, permission, type, externalId } = questions[n] as Question
        answers[n] = packed.check(membershipId, permission, type, externalId) ? 1 : 0
      }
    }),
    over(
      inIntegers,
      () => asked,
      (questions, answers) => {
        for (let n = 0; n < questions.length; n++)
          answers[n] = index.check(memberships[n] as number, bits[n] as number, resources[n] as number)
            ? 1
            : 0
      },
    ),
  ]
}

function oursOf(
  { engine, subject, resource }: Awaited<ReturnType<typeof openOurs>>,
  workload: Workload,
  asked: readonly Asked[],
): readonly Contender[] {
  const fresh = () => freshQuestions(workload, asked).map(asCheckQuestion)
  // One handle a membership and a resource, as sessions keep them.
  const subjects = new Map<number, ReturnType<typeof subject>>()
  const resources = new Map<number, ReturnType<typeof resource>>()
  const permissions = new Map<string, PermissionHandle>()
  const kept = (slug: string) => {
    const handle = permissions.get(slug) ?? engine.permission(slug)
    permissions.set(slug, handle)
    return handle
  }
  const resolved = fresh().map((question, n) => {
    const { membership, resource: index } = asked[n] as Asked
    // Within the organization of the question, which is not always that of the resource.
    const place = Math.floor(membership / workload.size.membershipsEach) * workload.resources + index
    const [who, what] = [
      subjects.get(membership) ?? subject(question),
      resources.get(place) ?? resource(question),
    ]
    subjects.set(membership, who)
    resources.set(place, what)
    return { subject: who, permission: kept(question.permission), resource: what }
  })
  // Side by side, as the integers of the floor are: what is compared is a check, and not where its question lies.
  const who = resolved.map(({ subject }) => subject)
  const may = resolved.map(({ permission }) => permission)
  const what = resolved.map(({ resource }) => resource)
  const bySubject = () =>
    fresh().map((question, n) => ({ ...question, subject: (resolved[n] as Resolved).subject }))
  type Resolved = (typeof resolved)[number]
  return [
    over(plain, fresh, (questions, answers) => {
      for (let n = 0; n < questions.length; n++) {
        const question = questions[n] as CheckQuestion
        answers[n] = subject(question).allows(question.permission, question.resource) ? 1 : 0
      }
    }),
    over(subjectResolved, bySubject, (questions, answers) => {
      for (let n = 0; n < questions.length; n++) {
        const question = questions[n] as ReturnType<typeof bySubject>[number]
        answers[n] = question.subject.allows(question.permission, question.resource) ? 1 : 0
      }
    }),
    over(
      bothResolved,
      () => resolved,
      (questions, answers) => {
        for (let n = 0; n < questions.length; n++)
          answers[n] = (who[n] as SubjectHandle).allows(may[n] as PermissionHandle, what[n] as ResourceHandle)
            ? 1
            : 0
      },
    ),
    over('ours, check awaited', fresh, async (questions, answers) => {
      for (let n = 0; n < questions.length; n++)
        answers[n] = (await engine.check(questions[n] as CheckQuestion)).kind === 'allow' ? 1 : 0
    }),
    over('ours, checkMany of 100', fresh, async (questions, answers) => {
      for (let n = 0; n < questions.length; n += 100) {
        const decisions = await engine.checkMany(questions.slice(n, n + 100))
        for (const [at, { kind }] of decisions.entries()) answers[n + at] = kind === 'allow' ? 1 : 0
      }
    }),
  ]
}

/**
 * The peers answer fewer questions a pass: they would take minutes over all. Each has a loop of its own as well: in one
 * for all of them, V8 11.3 now and then ended the process when it took back what it had compiled.
 */
async function peersOf(workload: Workload, asked: readonly Asked[]): Promise<readonly Contender[]> {
  const facts = new Facts(workload)
  const members = new Set(asked.map(({ membership }) => membership))
  const casl = new CaslPeer(facts, members)
  const cedar = new CedarPeer(facts, members)
  const some = (count: number) => () => freshQuestions(workload, asked.slice(0, count))
  const peers = [
    over('CASL', some(5_000), (questions, answers) => {
      for (let n = 0; n < questions.length; n++) answers[n] = casl.check(questions[n] as Question) ? 1 : 0
    }),
    over('Cedar', some(100), (questions, answers) => {
      for (let n = 0; n < questions.length; n++) answers[n] = cedar.check(questions[n] as Question) ? 1 : 0
    }),
  ]
  // Loading the roles of M into casbin takes minutes.
  if (workload.resources >= 20_000) return peers
  const casbin = await CasbinPeer.build(facts)
  return [
    ...peers,
    over('casbin', some(100), (questions, answers) => {
      for (let n = 0; n < questions.length; n++) answers[n] = casbin.check(questions[n] as Question) ? 1 : 0
    }),
  ]
}

// Each contender brings its own loop: in one loop for all, none would be compiled for what it calls.
function over<Item>(
  name: string,
  ready: () => readonly Item[],
  pass: (items: readonly Item[], answers: Uint8Array) => void | Promise<void>,
): Contender {
  return {
    name,
    prepare: () => {
      const items = ready()
      return { questions: items.length, run: (answers) => pass(items, answers) }
    },
  }
}

function answersOf({ prepare }: Contender): Uint8Array {
  const { questions, run } = prepare()
  const answers = new Uint8Array(questions)
  void run(answers)
  return answers
}
