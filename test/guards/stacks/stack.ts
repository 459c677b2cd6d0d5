import type { Authorizer, ProblemOptions } from '@bailiwick/client'

/** What the application of these tests is served with. */
export interface Serving {
  readonly authorizer: Authorizer
  readonly problems?: ProblemOptions
  readonly cookie?: string
  /** Whether there is the page for development. */
  readonly developmentPage?: boolean
}

/** A running application. */
export interface Served {
  readonly port: number
  /** The names of the handlers that have run since this was last emptied. */
  readonly handled: string[]
  close(): Promise<void>
}

/** One framework with the routes of these tests: the same ones, the same guards. */
export interface Stack {
  readonly name: string
  serve(serving: Serving): Promise<Served>
}
