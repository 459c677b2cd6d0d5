import type { Change, EntityByKind, EntityKind, Timestamp } from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import type { UlidSource } from '../new-id.js'

/** What a command may use besides the graph. */
export interface CommandContext {
  readonly at: Timestamp
  readonly ulid: UlidSource
  /**
   * An entity that the graph knows, as a whole and in its newest form. The graph holds what decides and no more, so
   * the rest may have to be read first: the command is then broken off and runs again.
   */
  readonly entity: <Kind extends EntityKind>(kind: Kind, id: string) => EntityByKind[Kind]
  /** The same for several at once, in the order of `ids`. */
  readonly entities: <Kind extends EntityKind>(
    kind: Kind,
    ids: readonly string[],
  ) => readonly EntityByKind[Kind][]
}

/** What a command does: nothing to change is fine, and is not stored. */
export interface Outcome<Value> {
  readonly changes: readonly Change[]
  readonly value: Value
}

/**
 * A rule of the product: looks at an organization as it is, and says what must change, or throws why it cannot.
 * It changes nothing itself, and may run again: when it needs an entity that is not read yet, or when another
 * writer was faster.
 */
export type Command<Value> = (graph: OrganizationGraph, context: CommandContext) => Outcome<Value>
