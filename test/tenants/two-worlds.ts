import {
  type AuthorizationEngine,
  defineModel,
  type GroupId,
  isAuthorizationError,
  type MembershipId,
  type OrganizationId,
  type ResourceId,
} from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'

export const model = defineModel({
  resourceTypes: {
    workspace: { parents: ['organization'] },
    project: { parents: ['workspace', 'organization'] },
  },
  permissions: { 'project:view': 'project', 'project:edit': 'project', 'billing:manage': 'organization' },
  roles: {
    editor: { on: 'project', permissions: ['project:view', 'project:edit'] },
    keeper: { on: 'workspace', permissions: ['project:view', 'project:edit'] },
    accountant: { on: 'organization', permissions: ['billing:manage', 'project:view'] },
  },
})

export const [organizationCount, memberCount, thingCount, groupCount] = [8, 6, 10, 3]

/** One organization in one engine: what there bears names that all organizations have. */
export interface Place {
  readonly engine: AuthorizationEngine
  readonly id: OrganizationId
  /** By number, as everywhere. */
  readonly members: readonly MembershipId[]
  readonly groups: readonly GroupId[]
  /** By number, as it was made at first. */
  readonly things: readonly ResourceId[]
}

/** An organization among all others, and alone. Whatever is asked of both must be answered alike. */
export interface Tenant {
  readonly among: Place
  readonly alone: Place
}

/**
 * Organizations with the same external ids, users and names of groups in one engine, and each of them once more in an
 * engine where there is nothing else.
 *
 * @param shared - The engine that holds them all.
 */
export async function tenantsOf(shared: AuthorizationEngine): Promise<readonly Tenant[]> {
  const tenants: Tenant[] = []
  for (let number = 0; number < organizationCount; number++) {
    const id = `org_${number}` as OrganizationId
    const alone = await openEngine({ store: memoryStore({ access: 'exclusive' }), model })
    tenants.push({ among: await settle(shared, id), alone: await settle(alone, id) })
  }
  return tenants
}

async function settle(engine: AuthorizationEngine, id: OrganizationId): Promise<Place> {
  await engine.createOrganization({ id, name: 'Any' })
  const members = await each(memberCount, async (n) => {
    const membershipId = `om_${id.slice(4)}_${n}` as MembershipId
    await engine.createMembership({ organizationId: id, userId: `user_${n}`, id: membershipId })
    return membershipId
  })
  const things = await each(thingCount, async (n) => {
    const parent = n < 3 ? {} : { parent: thing(n % 3) }
    const made = await engine.createResource({ organizationId: id, ...thing(n), name: 'Any', ...parent })
    return made.value.id
  })
  const groups = await each(groupCount, async (n) => {
    const { value } = await engine.createGroup({ organizationId: id, name: `group ${n}` })
    return value.id
  })
  // Each organization gives other roles to the same people.
  const number = Number(id.slice(4))
  for (let n = 0; n < memberCount; n++) {
    const at = (5 * n + number) % thingCount
    const subject = { userId: `user_${n}` }
    await engine.assignRole({ organizationId: id, subject, role: roleOn(at), resource: thing(at) })
  }
  return { engine, id, members, things, groups }
}

/** A workspace or a project, by the name that it has in every organization. */
export function thing(number: number) {
  return { type: number < 3 ? 'workspace' : 'project', externalId: `t${number}` }
}

/** A role that can be given there. */
export function roleOn(number: number): string {
  return number < 3 ? 'keeper' : 'editor'
}

/** What came of a call, without ids that are another's by nature. */
export async function outcomeOf(call: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await call()) ?? 'done'
  } catch (error) {
    // Which of two that are missing is named first is no matter of tenants.
    if (isAuthorizationError(error)) return error.kind === 'not_found' ? error.kind : error.code
    throw error
  }
}

async function each<Item>(count: number, make: (number: number) => Promise<Item>): Promise<readonly Item[]> {
  const items: Item[] = []
  for (let number = 0; number < count; number++) items.push(await make(number))
  return items
}
