import { eventRoutes } from '../events/event-routes.js'
import type { Route, Service } from '../http/route.js'
import { sessionRoutes } from '../sessions/session-routes.js'
import { groupRoutes } from './group-routes.js'
import { membershipRoutes } from './membership-routes.js'
import { organizationRoutes } from './organization-routes.js'
import { userRoutes } from './user-routes.js'

/** Who there is, what happened, and who is signed in. */
export function directoryRoutes(service: Service): readonly Route[] {
  return [
    ...organizationRoutes(service),
    ...userRoutes(service),
    ...membershipRoutes(service),
    ...groupRoutes(service),
    ...eventRoutes(service),
    ...sessionRoutes(service),
  ]
}
