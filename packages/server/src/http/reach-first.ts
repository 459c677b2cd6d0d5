import type { ServiceEngine } from '@bailiwick/core'
import type { Route } from './route.js'

/** The same route, answered from no earlier state than the consistency token of its request names. */
export function reachFirst(route: Route, engine: Pick<ServiceEngine, 'reach'>): Route {
  return {
    ...route,
    handle: (input, context) => {
      const { consistency } = context.consistency
      if (typeof consistency !== 'object') return route.handle(input, context)
      return engine.reach(consistency.atLeast).then(() => route.handle(input, context))
    },
  }
}
