import type { Route, Service } from '../http/route.js'
import { checkRoutes } from './check-routes.js'
import { directoryRoutes } from './directory-routes.js'
import { environmentRoutes } from './environment-routes.js'
import { exclusionRoutes } from './exclusion-routes.js'
import { membershipRoutes } from './membership-routes.js'
import { resourceTypeRoutes } from './resource-type-routes.js'
import { roleOrderRoutes } from './role-order-routes.js'
import { searchRoutes } from './search-routes.js'
import { subjectAssignmentRoutes } from './subject-assignment-routes.js'

/** What the API has beyond that of WorkOS, under the same conventions. */
export function extensionRoutes(service: Service): readonly Route[] {
  return [
    ...checkRoutes(service),
    ...searchRoutes(service),
    ...subjectAssignmentRoutes(service),
    ...membershipRoutes(service),
    ...exclusionRoutes(service),
    ...directoryRoutes(service),
    ...roleOrderRoutes(service),
    ...environmentRoutes(service),
    ...resourceTypeRoutes(service),
  ]
}
