import type { Change, Timestamp } from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import type { UlidSource } from '../new-id.js'

/** What a command may use besides the graph. */
export interface CommandContext {
  readonly at: Timestamp
  readonly ulid: UlidSource
}

/** What a command does: nothing to change is fine, and is not stored. */
export interface Outcome<Value> {
  readonly changes: readonly Change[]
  readonly value: Value
}

/**
 * A rule of the product: looks at an organization as it is, and says what must change, or throws why it cannot.
 * It changes nothing itself, and may run again when another writer was faster.
 */
export type Command<Value> = (graph: OrganizationGraph, context: CommandContext) => Outcome<Value>
