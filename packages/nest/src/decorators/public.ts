import { authenticated } from '@bailiwick/client'
import type { StepUp } from '@bailiwick/core'
import { demanding } from './demand.js'
import type { RouteDecorator } from './route-decorator.js'

/** Anybody may. No token is read here, so that a stale one does not lock its owner out of the login page. */
export function Public(): RouteDecorator {
  return demanding({ kind: 'public' })
}

/** Whoever has a valid session may. @throws {Misconfigured} for a `stepUp` that demands nothing, at once. */
export function Authenticated(options: { readonly stepUp?: StepUp } = {}): RouteDecorator {
  return demanding(authenticated(options))
}
