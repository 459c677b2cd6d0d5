import type { CheckQuestion, MembershipId, OrganizationId } from '@bailiwick/core'
import { idOf } from './ids.js'
import {
  adminRole,
  appOperator,
  memberRole,
  type PermissionSlug,
  permissionSlugs,
  projectEditor,
  projectViewer,
  roleMasks,
  typeSlugs,
  workspaceAdmin,
} from './model.js'
import { between, seeded, shuffled } from './random.js'
import { organizationOf, type Workload } from './workload.js'

/** One question as integers. */
export interface Asked {
  readonly category: string
  readonly membership: number
  /** The index of the permission. */
  readonly permission: number
  readonly resource: number
}

/** One question as an application asks it, in strings. */
export interface Question {
  readonly organizationId: string
  readonly membershipId: string
  readonly permission: PermissionSlug
  readonly type: string
  readonly externalId: string
}

/**
 * Ten kinds of questions, as many of each, spread evenly over all organizations: so caches are as cold as they
 * can be. About four of five are allowed.
 */
export function drawQuestions(workload: Workload, perCategory: number): readonly Asked[] {
  const random = seeded(7_071_067)
  const draw = new Draw(workload, random)
  const categories: readonly (readonly [string, () => Omit<Asked, 'category'> | undefined])[] = [
    ['direct', () => draw.held(draw.anyMembership(), 0)],
    ['inherited, 1 up', () => draw.held(draw.anyMembership(), 1)],
    ['inherited, 2 up', () => draw.held(draw.anyMembership(), 2)],
    ['organization admin, 3 up', () => draw.byOwnRole(adminRole, 3, 'app:delete')],
    ['organization member, 2 up', () => draw.byOwnRole(memberRole, 2, 'project:view')],
    ['group, direct', () => draw.heldThroughGroup(0)],
    ['group, inherited', () => draw.heldThroughGroup(1)],
    ['any project', () => draw.any(2, [3, 4, 5])],
    ['any app', () => draw.any(3, [6, 7, 8, 9])],
    ['other organization', () => draw.elsewhere()],
  ]
  const questions = categories.flatMap(([category, next]) =>
    Array.from({ length: perCategory }, () => ({ category, ...untilFound(next) })),
  )
  return shuffled(questions, random)
}

/** The questions in new strings: the permission is a literal of the program, every id has just come in. */
export function freshQuestions(workload: Workload, asked: readonly Asked[]): readonly Question[] {
  const { membershipsEach } = workload.size
  return asked.map(({ membership, permission, resource }) => ({
    organizationId: idOf('organization', Math.floor(membership / membershipsEach)),
    membershipId: idOf('membership', membership),
    permission: permissionSlugs[permission] as PermissionSlug,
    type: typeSlugs[workload.type[resource] as number] as string,
    externalId: externalIdOf(workload, resource),
  }))
}

/** The same strings in the shape in which the engine takes them. */
export function asCheckQuestion(question: Question): CheckQuestion {
  const { organizationId, membershipId, permission, type, externalId } = question
  return {
    organizationId: organizationId as OrganizationId,
    subject: { membershipId: membershipId as MembershipId },
    permission,
    resource: { type, externalId },
  }
}

/** The application's own id of a resource; the root answers to the organization's. */
export function externalIdOf(workload: Workload, resource: number): string {
  const type = typeSlugs[workload.type[resource] as number] as (typeof typeSlugs)[number]
  if (type !== 'organization') return idOf(type, resource)
  return idOf('organization', organizationOf(workload, resource))
}

/** A permission that a role is for, on each type from the role's own one down. */
const purpose: Readonly<Record<number, readonly (PermissionSlug | undefined)[]>> = {
  [workspaceAdmin]: ['workspace:manage', 'project:edit', 'app:edit'],
  [projectEditor]: ['project:edit', 'app:edit', undefined],
  [projectViewer]: ['project:view', 'app:view', undefined],
  [appOperator]: ['app:deploy', undefined, undefined],
}

type Drawn = Omit<Asked, 'category'> | undefined

class Draw {
  readonly #children: ReadonlyMap<number, readonly number[]>

  constructor(
    private readonly workload: Workload,
    private readonly random: () => number,
  ) {
    this.#children = childrenOf(workload)
  }

  anyMembership(): number {
    return between(this.random, 0, this.workload.memberships)
  }

  /** What a membership holds itself, asked so many levels further down. */
  held(membership: number, below: number): Drawn {
    return this.#throughRow(membership, membership, below)
  }

  heldThroughGroup(below: number): Drawn {
    const membership = this.anyMembership()
    const group = this.#pick(this.workload.groupsOf, membership)
    return group === undefined
      ? undefined
      : this.#throughRow(membership, this.workload.memberships + group, below)
  }

  byOwnRole(role: number, type: number, permission: PermissionSlug): Drawn {
    const membership = this.anyMembership()
    if (this.workload.ownRole[membership] !== role) return undefined
    return {
      membership,
      permission: permissionSlugs.indexOf(permission),
      resource: this.#anyIn(membership, type),
    }
  }

  any(type: number, permissions: readonly number[]): Drawn {
    const membership = this.anyMembership()
    const permission = permissions[between(this.random, 0, permissions.length)] as number
    return { membership, permission, resource: this.#anyIn(membership, type) }
  }

  elsewhere(): Drawn {
    const resource = this.#anyIn(this.anyMembership(), 2)
    const membership = this.anyMembership()
    const { membershipsEach } = this.workload.size
    if (organizationOf(this.workload, resource) === Math.floor(membership / membershipsEach)) return undefined
    return { membership, permission: permissionSlugs.indexOf('project:view'), resource }
  }

  #throughRow(membership: number, holder: number, below: number): Drawn {
    const row = this.#pick(this.workload.rowsOf, holder)
    if (row === undefined) return undefined
    let resource: number | undefined = row >> 3
    for (let step = 0; step < below && resource !== undefined; step++) {
      const children: readonly number[] = this.#children.get(resource) ?? []
      resource = children[between(this.random, 0, children.length)]
    }
    const permission = permissionSlugs.indexOf(purpose[row & 7]?.[below] as PermissionSlug)
    if (resource === undefined || permission < 0) return undefined
    if (((roleMasks[row & 7] as number) & (1 << permission)) === 0)
      throw new Error('the role lacks its purpose')
    return { membership, permission, resource }
  }

  #pick({ starts, items }: Workload['rowsOf'], list: number): number | undefined {
    const from = starts[list] as number
    const to = starts[list + 1] as number
    return from === to ? undefined : items[between(this.random, from, to)]
  }

  #anyIn(membership: number, type: number): number {
    const { size, span } = this.workload
    const root = Math.floor(membership / size.membershipsEach) * span
    for (;;) {
      const resource = root + between(this.random, 1, span)
      if (this.workload.type[resource] === type) return resource
    }
  }
}

function childrenOf({ parent }: Workload): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>()
  for (const [resource, above] of parent.entries()) {
    if (above < 0) continue
    const known = children.get(above)
    if (known === undefined) children.set(above, [resource])
    else known.push(resource)
  }
  return children
}

function untilFound<Value>(next: () => Value | undefined): Value {
  for (;;) {
    const found = next()
    if (found !== undefined) return found
  }
}
