import { adminRole, appOperator, memberRole, projectEditor, projectViewer, workspaceAdmin } from './model.js'
import { between, seeded } from './random.js'
import type { Size } from './sizes.js'

export const groupsEach = 20
const mostGroupsOfMembership = 5

/** Lists in one array: those of `n` stand from `starts[n]` up to `starts[n + 1]`. */
export interface Lists {
  readonly starts: Int32Array
  readonly items: Int32Array
}

/**
 * Organizations as columns: what an index means is its place. Everything of one organization lies together, its
 * root resource first, then workspaces, projects and apps.
 */
export interface Workload {
  readonly size: Size
  /** Resources of one organization, the root among them. */
  readonly span: number
  readonly resources: number
  readonly memberships: number
  readonly groups: number
  /** The index of a resource's parent; -1 for a root. */
  readonly parent: Int32Array
  readonly type: Uint8Array
  /** The organization-level role of a membership. */
  readonly ownRole: Uint8Array
  readonly groupsOf: Lists
  /** Rows of each membership, then of each group: resource × 8 + role. */
  readonly rowsOf: Lists
}

/** How many roles are given: one to each membership, and all rows. */
export function countAssignments({ memberships, rowsOf }: Workload): number {
  return memberships + rowsOf.items.length
}

/**
 * The workload of a size, the same at every call. A row goes to a random membership or group and lies on a
 * workspace in one case of five, else on a project or an app.
 */
export function makeWorkload(size: Size): Workload {
  const random = seeded(20_261_122)
  const { organizations, resourcesEach, membershipsEach } = size
  const span = resourcesEach + 1
  const resources = organizations * span
  const memberships = organizations * membershipsEach
  const groups = organizations * groupsEach
  const shares = sharesOf(resourcesEach)
  const parent = new Int32Array(resources).fill(-1)
  const type = new Uint8Array(resources)
  const ownRole = new Uint8Array(memberships)
  const memberLists: number[][] = []
  const rowLists: number[][] = Array.from({ length: memberships + groups }, () => [])
  for (let organization = 0; organization < organizations; organization++) {
    const root = organization * span
    fillTree({ parent, type, root, shares, random })
    const firstMembership = organization * membershipsEach
    const firstGroup = organization * groupsEach
    for (let each = 0; each < membershipsEach; each++) {
      ownRole[firstMembership + each] = random() < 0.05 ? adminRole : memberRole
      memberLists.push(someGroups(firstGroup, random))
    }
    const seen = new Set<number>()
    for (let each = 0; each < 2 * membershipsEach; each++) {
      const holder =
        each < membershipsEach
          ? firstMembership + between(random, 0, membershipsEach)
          : memberships + firstGroup + between(random, 0, groupsEach)
      addRow(rowLists[holder] as number[], holder, { root, shares, random, seen })
    }
  }
  return {
    size,
    span,
    resources,
    memberships,
    groups,
    parent,
    type,
    ownRole,
    groupsOf: packed(memberLists),
    rowsOf: packed(rowLists),
  }
}

/** The organization of a resource. */
export function organizationOf({ span }: Workload, resource: number): number {
  return Math.floor(resource / span)
}

/** The places in an organization at which workspaces, projects and apps begin, and where apps end. */
interface Shares {
  readonly workspaces: number
  readonly projects: number
  readonly apps: number
  readonly end: number
}

function sharesOf(resourcesEach: number): Shares {
  const workspaces = Math.round(resourcesEach * 0.02)
  const projects = Math.round(resourcesEach * 0.18)
  return { workspaces: 1, projects: 1 + workspaces, apps: 1 + workspaces + projects, end: resourcesEach + 1 }
}

interface TreePlan {
  readonly parent: Int32Array
  readonly type: Uint8Array
  readonly root: number
  readonly shares: Shares
  readonly random: () => number
}

function fillTree({ parent, type, root, shares, random }: TreePlan): void {
  for (let local = 1; local < shares.end; local++) {
    const [kind, from, to] =
      local < shares.projects
        ? [1, 0, 1]
        : local < shares.apps
          ? [2, shares.workspaces, shares.projects]
          : [3, shares.projects, shares.apps]
    type[root + local] = kind
    parent[root + local] = root + between(random, from, to)
  }
}

function someGroups(firstGroup: number, random: () => number): number[] {
  const wanted = between(random, 0, mostGroupsOfMembership + 1)
  const chosen = new Set<number>()
  while (chosen.size < wanted) chosen.add(firstGroup + between(random, 0, groupsEach))
  return [...chosen]
}

interface RowPlan {
  readonly root: number
  readonly shares: Shares
  readonly random: () => number
  readonly seen: Set<number>
}

/** Give one role that this holder does not have yet. */
function addRow(rows: number[], holder: number, { root, shares, random, seen }: RowPlan): void {
  for (;;) {
    const kind = random()
    const resource =
      root +
      (kind < 0.2
        ? between(random, shares.workspaces, shares.projects)
        : kind < 0.6
          ? between(random, shares.projects, shares.apps)
          : between(random, shares.apps, shares.end))
    const role =
      kind < 0.2 ? workspaceAdmin : kind < 0.4 ? projectEditor : kind < 0.6 ? projectViewer : appOperator
    const row = resource * 8 + role
    // Within one organization, so that the key is exact: below 2 ** 53.
    const key = holder * 2 ** 24 + (resource - root) * 8 + role
    if (seen.has(key)) continue
    seen.add(key)
    rows.push(row)
    return
  }
}

function packed(lists: readonly (readonly number[])[]): Lists {
  const starts = new Int32Array(lists.length + 1)
  for (const [n, list] of lists.entries()) starts[n + 1] = (starts[n] as number) + list.length
  const items = new Int32Array(starts[lists.length] as number)
  for (const [n, list] of lists.entries()) items.set(list, starts[n])
  return { starts, items }
}
