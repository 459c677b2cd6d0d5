import {
  type AuthorizationEngine,
  type CheckQuestion,
  defineModel,
  type MembershipId,
  type OrganizationId,
} from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { loop, loopAsync, measure, report, timesTheCost } from './measure.js'

const model = defineModel({
  resourceTypes: {
    workspace: { parents: ['organization'] },
    project: { parents: ['workspace'] },
    app: { parents: ['project'] },
  },
  permissions: { 'project:view': 'project', 'project:edit': 'project', 'app:deploy': 'app' },
  roles: {
    member: { on: 'organization', permissions: ['project:view'] },
    guest: { on: 'organization', permissions: [] },
    'workspace-admin': { on: 'workspace', permissions: ['project:view', 'project:edit', 'app:deploy'] },
    'project-editor': { on: 'project', permissions: ['project:view', 'project:edit'] },
    deployer: { on: 'app', permissions: ['app:deploy'] },
  },
})

/** The same facts in the shape that a careful developer would write by hand: nested maps of strings. */
class MapWalk {
  readonly parent = new Map<string, string>()
  readonly organizationRole = new Map<string, ReadonlySet<string>>()
  readonly held = new Map<string, Map<string, ReadonlySet<string>[]>>()

  assign(membership: string, resource: string, permissions: ReadonlySet<string>): void {
    const roles = this.held.get(membership) ?? new Map<string, ReadonlySet<string>[]>()
    this.held.set(membership, roles)
    roles.set(resource, [...(roles.get(resource) ?? []), permissions])
  }

  check(membership: string, permission: string, resource: string): boolean {
    if (this.organizationRole.get(membership)?.has(permission)) return true
    const held = this.held.get(membership)
    if (held === undefined) return false
    for (let at: string | undefined = resource; at !== undefined; at = this.parent.get(at)) {
      for (const permissions of held.get(at) ?? []) if (permissions.has(permission)) return true
    }
    return false
  }
}

interface Workload {
  readonly engine: AuthorizationEngine
  readonly walk: MapWalk
  readonly questions: readonly CheckQuestion[]
}

/** 100 000 resources and 50 000 memberships over 100 organizations, two assignments for every other membership. */
async function build(
  organizations: number,
  perOrganization: { resources: number; memberships: number },
): Promise<Workload> {
  const random = seeded(20_261_122)
  const engine = await openEngine({ store: memoryStore({ access: 'exclusive' }), model, maxMemoryMb: 4_096 })
  const walk = new MapWalk()
  const questions: CheckQuestion[] = []
  for (let index = 0; index < organizations; index++) {
    const id = `org_${String(index).padStart(26, '0')}` as OrganizationId
    await fill(engine, walk, id, perOrganization, random, questions)
  }
  return { engine, walk, questions: shuffle(questions, random).slice(0, 20_000) }
}

async function fill(
  engine: AuthorizationEngine,
  walk: MapWalk,
  organizationId: OrganizationId,
  size: { resources: number; memberships: number },
  random: () => number,
  questions: CheckQuestion[],
): Promise<void> {
  await engine.createOrganization({ id: organizationId, name: organizationId })
  const root = `organization/${organizationId}`
  const made: { type: string; externalId: string }[] = []
  const key = (ref: { type: string; externalId: string }) => `${organizationId}/${ref.type}/${ref.externalId}`
  for (const [type, share, parentType] of [
    ['workspace', 0.02, undefined],
    ['project', 0.18, 'workspace'],
    ['app', 0.8, 'project'],
  ] as const) {
    const parents = made.filter((ref) => ref.type === parentType)
    const refs = Array.from({ length: Math.round(size.resources * share) }, (_, index) => ({
      type,
      externalId: `${type}-${String(index).padStart(20, '0')}`,
    }))
    await Promise.all(
      refs.map((ref) => {
        const parent = parents[Math.floor(random() * parents.length)]
        walk.parent.set(key(ref), parent === undefined ? root : key(parent))
        return engine.createResource({
          organizationId,
          ...ref,
          name: ref.externalId,
          ...(parent && { parent }),
        })
      }),
    )
    made.push(...refs)
  }
  const roleOn = { workspace: 'workspace-admin', project: 'project-editor', app: 'deployer' } as const
  const members = Array.from({ length: size.memberships }, (_, index) => index)
  await Promise.all(
    members.map(async (index) => {
      const membershipId = `om_${organizationId.slice(-6)}${String(index).padStart(20, '0')}` as MembershipId
      const role = index % 4 === 0 ? 'member' : 'guest'
      walk.organizationRole.set(membershipId, new Set(model.role(role).permissions))
      await engine.createMembership({
        organizationId,
        userId: `user_${index}`,
        id: membershipId,
        roles: [role],
      })
      const subject = { membershipId }
      for (let given = 0; given < (index % 2) * 2; given++) {
        const resource = made[Math.floor(random() * made.length)] as {
          type: keyof typeof roleOn
          externalId: string
        }
        const assigned = roleOn[resource.type]
        walk.assign(membershipId, key(resource), new Set(model.role(assigned).permissions))
        await engine.assignRole({ organizationId, subject, role: assigned, resource })
        const permission = resource.type === 'app' ? 'app:deploy' : 'project:edit'
        questions.push({ organizationId, subject, permission, resource })
      }
      const resource = made[Math.floor(random() * made.length)] as { type: string; externalId: string }
      questions.push({ organizationId, subject, permission: 'project:view', resource })
    }),
  )
}

/** Embedded checks, warm, against a hand-written walk over maps, the answers compared first. */
export async function benchCheck({
  rounds,
  ms,
}: {
  readonly rounds: number
  readonly ms: number
}): Promise<void> {
  const { engine, walk, questions } = await build(100, { resources: 1_000, memberships: 500 })
  let allows = 0
  const inStrings = questions.map(({ organizationId, subject, permission, resource }) => ({
    membership: (subject as { membershipId: string }).membershipId,
    permission,
    resource: `${organizationId}/${(resource as { type: string }).type}/${(resource as { externalId: string }).externalId}`,
  }))
  for (const [index, question] of questions.entries()) {
    const { membership, permission, resource } = inStrings[index] as (typeof inStrings)[number]
    const byHand = walk.check(membership, permission, resource)
    const decision = await engine.check(question)
    if ((decision.kind === 'allow') !== byHand)
      throw new Error(`the answers differ: ${JSON.stringify(question)}`)
    if (byHand) allows++
  }
  console.log(
    `\n${questions.length} questions answered alike by both, ${Math.round((100 * allows) / questions.length)} % allowed`,
  )
  const at = <Item>(items: readonly Item[], index: number) => items[index % items.length] as Item
  const figures = await measure(
    [
      {
        name: 'map walk by hand',
        run: loop((index) => {
          const { membership, permission, resource } = at(inStrings, index)
          walk.check(membership, permission, resource)
        }),
      },
      { name: 'engine.check, awaited', run: loopAsync((index) => engine.check(at(questions, index))) },
      {
        name: 'engine.checkMany, 100 at a time',
        run: scaled(
          100,
          loopAsync((index) => engine.checkMany(slice(questions, index * 100, 100))),
        ),
      },
    ],
    { rounds, ms },
  )
  report('check: 100 000 resources, 50 000 memberships, warm', figures, timesTheCost)
  await engine.close()
}

function scaled(factor: number, run: (ms: number) => Promise<number>): (ms: number) => Promise<number> {
  return async (ms) => factor * (await run(ms))
}

function slice(questions: readonly CheckQuestion[], from: number, count: number): readonly CheckQuestion[] {
  const start = from % (questions.length - count)
  return questions.slice(start, start + count)
}

/** mulberry32: small, seeded, good enough to spread questions. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function shuffle<Item>(items: readonly Item[], random: () => number): Item[] {
  const shuffled = [...items]
  for (let index = shuffled.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1))
    ;[shuffled[index], shuffled[other]] = [shuffled[other] as Item, shuffled[index] as Item]
  }
  return shuffled
}
