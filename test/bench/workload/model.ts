import { compileModel, type Model } from '@bailiwick/core'

/** The resource types of the workload, the root first; a type's index is its place here. */
export const typeSlugs = ['organization', 'workspace', 'project', 'app'] as const

/** The permissions of the workload; a permission's index is its place here. */
export const permissionSlugs = [
  'organization:manage',
  'workspace:view',
  'workspace:manage',
  'project:view',
  'project:edit',
  'project:delete',
  'app:view',
  'app:edit',
  'app:deploy',
  'app:delete',
] as const

export type PermissionSlug = (typeof permissionSlugs)[number]

interface BenchRole {
  readonly slug: string
  readonly on: (typeof typeSlugs)[number]
  readonly permissions: readonly PermissionSlug[]
}

const inApps = ['app:view', 'app:edit', 'app:deploy', 'app:delete'] as const
const inProjects = ['project:view', 'project:edit', 'project:delete', ...inApps] as const

/** The roles of the workload; a role's index is its place here. */
export const roles: readonly BenchRole[] = [
  { slug: 'admin', on: 'organization', permissions: permissionSlugs },
  { slug: 'member', on: 'organization', permissions: ['workspace:view', 'project:view'] },
  {
    slug: 'workspace-admin',
    on: 'workspace',
    permissions: ['workspace:view', 'workspace:manage', ...inProjects],
  },
  { slug: 'project-editor', on: 'project', permissions: ['project:view', 'project:edit', ...inApps] },
  { slug: 'project-viewer', on: 'project', permissions: ['project:view', 'app:view'] },
  { slug: 'app-operator', on: 'app', permissions: inApps },
]

export const adminRole = 0
export const memberRole = 1
export const workspaceAdmin = 2
export const projectEditor = 3
export const projectViewer = 4
export const appOperator = 5

/** A set of permissions as bits: bit N is the permission at index N. */
export const roleMasks: Int32Array = Int32Array.from(roles, ({ permissions }) =>
  permissions.reduce((mask, slug) => mask | (1 << permissionSlugs.indexOf(slug)), 0),
)

/** The same model as an application states it. */
export function benchModel(): Model {
  return compileModel({
    resourceTypes: {
      workspace: { parents: ['organization'] },
      project: { parents: ['workspace'] },
      app: { parents: ['project'] },
    },
    permissions: Object.fromEntries(permissionSlugs.map((slug) => [slug, slug.split(':')[0] as string])),
    roles: Object.fromEntries(roles.map(({ slug, on, permissions }) => [slug, { on, permissions }])),
  })
}
