import type { Decision, Session } from '@bailiwick/core'
import type { DecidedBy } from '../authorizer-options.js'
import type { Target } from '../target.js'

/** One decision, as logs and audits keep it. It holds no token. */
export interface DecisionRecord {
  /** `dec_…`: a denial's body carries it, so that who was refused can say which refusal it was. */
  readonly id: string
  /** When it was made: ISO 8601 with milliseconds. */
  readonly at: string
  /** What it took, in milliseconds. */
  readonly ms: number
  readonly session: Session
  readonly permission: string
  /** Absent when the question was about the whole organization. */
  readonly target: Target | undefined
  readonly outcome:
    | { readonly kind: 'decided'; readonly decision: Decision; readonly by: DecidedBy }
    /** It could not be decided: `code` is that of the error. */
    | { readonly kind: 'undecided'; readonly code: string }
}

/** Hears of every decision, after it is made. What it throws is dropped: nobody is let in or out by it. */
export type DecisionListener = (record: DecisionRecord) => void
