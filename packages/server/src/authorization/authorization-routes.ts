import type { Route, Service } from '../http/route.js'
import { checkRoutes } from './check-routes.js'
import { discoveryRoutes } from './discovery-routes.js'
import { effectivePermissionRoutes } from './effective-permission-routes.js'
import { environmentRoleRoutes } from './environment-role-routes.js'
import { groupRoleAssignmentRoutes } from './group-role-assignment-routes.js'
import { organizationRoleRoutes } from './organization-role-routes.js'
import { permissionRoutes } from './permission-routes.js'
import { resourceListRoutes } from './resource-list-routes.js'
import { resourceRoutes } from './resource-routes.js'
import { roleAssignmentRoutes } from './role-assignment-routes.js'

/** The WorkOS authorization API. */
export function authorizationRoutes(service: Service): readonly Route[] {
  return [
    ...checkRoutes(service),
    ...permissionRoutes(service),
    ...environmentRoleRoutes(service),
    ...organizationRoleRoutes(service),
    ...resourceRoutes(service),
    ...resourceListRoutes(service),
    ...roleAssignmentRoutes(service),
    ...groupRoleAssignmentRoutes(service),
    ...discoveryRoutes(service),
    ...effectivePermissionRoutes(service),
  ]
}
