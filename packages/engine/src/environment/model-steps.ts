import type { Model, PermissionType, ResourceType, RoleType } from '@bailiwick/core'

/** One difference between two models. */
export interface Difference {
  readonly op: 'add' | 'change' | 'remove'
  readonly part:
    | 'resource_type'
    /** Whether a type may lie under another; the slug reads `project under workspace`. */
    | 'parent'
    /** Whether a type is able to act. */
    | 'agent'
    | 'permission'
    | 'role'
    /** Whether a role holds a permission; the slug reads `editor holds project:edit`. */
    | 'role_permission'
    | 'setting'
  readonly slug: string
  /** What is different, in a phrase. */
  readonly summary: string
  /** Environment roles whose holders may do more, or less. */
  readonly gainingRoles: readonly string[]
  readonly losingRoles: readonly string[]
}

/** Every difference, what is new before what goes. */
export function modelSteps(current: Model, next: Model): readonly Difference[] {
  return [
    ...typeSteps(current, next),
    ...permissionSteps(current, next),
    ...roleSteps(current, next),
    ...settingSteps(current, next),
  ].sort((one, other) => rank[one.op] - rank[other.op])
}

const rank = { add: 0, change: 1, remove: 2 } as const

function typeSteps(current: Model, next: Model): readonly Difference[] {
  return differences(current.types, next.types, {
    added: ({ slug, parents }) => [step('add', 'resource_type', slug, `new, under ${list(parents)}`)],
    removed: ({ slug }) => [step('remove', 'resource_type', slug, 'no longer a type')],
    kept: (before, after) => [
      ...described('resource_type', before, after),
      ...without(after.parents, before.parents).map((parent) =>
        step('add', 'parent', `${after.slug} under ${parent}`, 'allowed from now on'),
      ),
      ...without(before.parents, after.parents).map((parent) =>
        step('remove', 'parent', `${after.slug} under ${parent}`, 'no longer allowed'),
      ),
      ...agentSteps(before, after),
    ],
  })
}

function agentSteps({ agent }: ResourceType, after: ResourceType): readonly Difference[] {
  if (agent === after.agent) return []
  return after.agent
    ? [step('add', 'agent', after.slug, 'its resources are able to act')]
    : [step('remove', 'agent', after.slug, 'its resources are no longer able to act')]
}

function permissionSteps(current: Model, next: Model): readonly Difference[] {
  const holding = (slug: string) =>
    [...current.roles.values()]
      .filter(({ permissions }) => permissions.includes(slug))
      .map((role) => role.slug)
  return differences(current.permissions, next.permissions, {
    added: ({ slug, on }) => [step('add', 'permission', slug, `new, on \`${on}\``)],
    removed: ({ slug }) => [
      { ...step('remove', 'permission', slug, 'nobody has it any more'), losingRoles: holding(slug) },
    ],
    kept: (before, after) => [
      ...described('permission', before, after),
      ...(before.on === after.on
        ? []
        : [step('change', 'permission', after.slug, `moves from \`${before.on}\` to \`${after.on}\``)]),
      ...freshSteps(before, after),
    ],
  })
}

function freshSteps({ fresh }: PermissionType, after: PermissionType): readonly Difference[] {
  if (fresh === after.fresh) return []
  const summary = after.fresh ? 'never answered from a token' : 'may be answered from a token'
  return [step('change', 'permission', after.slug, summary)]
}

function roleSteps(current: Model, next: Model): readonly Difference[] {
  const steps = differences<RoleType>(current.roles, next.roles, {
    added: ({ slug, on }) => [step('add', 'role', slug, `new, on \`${on}\``)],
    removed: ({ slug }) => [step('remove', 'role', slug, 'no longer a role')],
    kept: (before, after) => {
      // A role is held on resources of its type: on another type it is another role, and nobody has it.
      if (before.on !== after.on) {
        return [
          step('remove', 'role', after.slug, `no longer a role on \`${before.on}\``),
          step('add', 'role', after.slug, `new, on \`${after.on}\``),
        ]
      }
      const gained = without(after.permissions, before.permissions)
      const lost = without(before.permissions, after.permissions).filter((slug) => next.permissions.has(slug))
      return [
        ...described('role', before, after),
        ...gained.map((slug) => ({
          ...step('add', 'role_permission', `${after.slug} holds ${slug}`, 'its holders gain it'),
          gainingRoles: [after.slug],
        })),
        ...lost.map((slug) => ({
          ...step('remove', 'role_permission', `${after.slug} holds ${slug}`, 'its holders lose it'),
          losingRoles: [after.slug],
        })),
      ]
    },
  })
  return steps
}

function settingSteps(current: Model, next: Model): readonly Difference[] {
  return settings.flatMap((setting) => {
    // A role that comes or goes is a step of its own; the order is another only where it turns.
    const stays = (slug: string) => current.roles.has(slug) && next.roles.has(slug)
    const [before, after] = [text(current[setting], stays), text(next[setting], stays)]
    return before === after ? [] : [step('change', 'setting', setting, `from ${before} to ${after}`)]
  })
}

const settings = ['defaultRole', 'maxDepth', 'roleMode', 'rolePriority'] as const

function text(value: Model[(typeof settings)[number]], stays: (slug: string) => boolean): string {
  if (value === undefined) return 'none'
  return typeof value === 'object' ? list(value.filter(stays)) : `\`${value}\``
}

function differences<Part extends { readonly slug: string }>(
  current: ReadonlyMap<string, Part>,
  next: ReadonlyMap<string, Part>,
  steps: {
    readonly added: (part: Part) => readonly Difference[]
    readonly removed: (part: Part) => readonly Difference[]
    readonly kept: (before: Part, after: Part) => readonly Difference[]
  },
): readonly Difference[] {
  const gone = [...current.values()].filter(({ slug }) => !next.has(slug))
  const here = [...next.values()].flatMap((after) => {
    const before = current.get(after.slug)
    return before === undefined ? steps.added(after) : steps.kept(before, after)
  })
  return [...here, ...gone.flatMap(steps.removed)]
}

function described(
  part: Difference['part'],
  before: { readonly name: string; readonly description: string | null },
  after: { readonly slug: string; readonly name: string; readonly description: string | null },
): readonly Difference[] {
  if (before.name === after.name && before.description === after.description) return []
  return [step('change', part, after.slug, 'another name or description')]
}

function step(op: Difference['op'], part: Difference['part'], slug: string, summary: string): Difference {
  return { op, part, slug, summary, gainingRoles: [], losingRoles: [] }
}

function without(all: readonly string[], others: readonly string[]): readonly string[] {
  return all.filter((each) => !others.includes(each))
}

function list(slugs: readonly string[]): string {
  return slugs.length === 0 ? 'none' : slugs.map((slug) => `\`${slug}\``).join(', ')
}
