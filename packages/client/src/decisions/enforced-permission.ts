import type { DecidedBy } from '../authorizer-options.js'
import type { Target } from '../target.js'

/** A permission that a guard asked and that was allowed. What allows it, `explain` says. */
export interface EnforcedPermission {
  readonly permission: string
  /** Absent when the question was about the whole organization. */
  readonly resource: Target | undefined
  readonly decidedBy: DecidedBy
}
