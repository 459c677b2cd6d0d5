import type { Permission } from '@bailiwick/core'

/** What one route of the product demands, for those who print it or ask why. The APIs say it in their own way. */
export interface ProductRoute {
  readonly method: 'GET' | 'PATCH' | 'POST'
  readonly path: string
  readonly demands: 'nothing' | 'a session' | Permission
  /** The type of the resource that `:id` names. Without it, a permission is about the whole organization. */
  readonly on?: 'project' | 'app'
  readonly tenantScoped?: boolean
}

const routeTable = {
  health: { method: 'GET', path: '/health', demands: 'nothing' },
  me: { method: 'GET', path: '/me', demands: 'a session' },
  viewProject: {
    method: 'GET',
    path: '/projects/:id',
    demands: 'project:view',
    on: 'project',
    tenantScoped: true,
  },
  editProject: { method: 'PATCH', path: '/projects/:id', demands: 'project:edit', on: 'project' },
  projectSecrets: { method: 'GET', path: '/projects/:id/secrets', demands: 'project:edit', on: 'project' },
  viewApp: { method: 'GET', path: '/apps/:id', demands: 'app:view', on: 'app' },
  deployApp: { method: 'POST', path: '/apps/:id/deploys', demands: 'app:deploy', on: 'app' },
  billing: { method: 'GET', path: '/billing', demands: 'billing:manage' },
} as const satisfies Readonly<Record<string, ProductRoute>>

/** The routes of both APIs. */
export const routes: Readonly<Record<RouteKey, ProductRoute>> = routeTable

export type RouteKey = keyof typeof routeTable
