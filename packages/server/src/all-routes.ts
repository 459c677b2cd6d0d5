import type { Route, Service } from './http/route.js'

/** Every route of the API, area by area. */
export function allRoutes(_service: Service): readonly Route[] {
  return []
}
