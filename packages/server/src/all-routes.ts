import { auditRoutes } from './audit/audit-routes.js'
import { authorizationRoutes } from './authorization/authorization-routes.js'
import { authzenRoutes } from './authzen/authzen-routes.js'
import { directoryRoutes } from './directory/directory-routes.js'
import { extensionRoutes } from './extensions/extension-routes.js'
import { replicationRoutes } from './feed/replication-routes.js'
import type { Route, Service } from './http/route.js'

/** Every route of the API, area by area. */
export function allRoutes(service: Service): readonly Route[] {
  return [
    ...authorizationRoutes(service),
    ...directoryRoutes(service),
    ...extensionRoutes(service),
    ...authzenRoutes(service),
    ...replicationRoutes(service),
    ...auditRoutes(service),
  ]
}
