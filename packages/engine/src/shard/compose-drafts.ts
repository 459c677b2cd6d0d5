import { type AuthorizationError, isAuthorizationError, type Revision } from '@bailiwick/core'
import type { Command, CommandContext, Outcome } from '../commands/command.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import type { CommitDraft } from '../store/store.js'

/** A finished write, and the revision at which it can be seen. */
export interface WriteDone<Value> {
  readonly value: Value
  readonly revision: Revision
}

/** A command that waits for its turn. */
export interface PendingWrite {
  readonly command: Command<unknown>
  readonly resolve: (done: WriteDone<unknown>) => void
  readonly reject: (error: unknown) => void
  attempts: number
}

/** What a batch of commands wants to store. */
export interface ComposedDrafts {
  readonly drafts: readonly CommitDraft[]
  /** The writers of the drafts, in the same order. Those with nothing to change, or refused, are not among them. */
  readonly writers: readonly PendingWrite[]
  /**
   * Answer everyone in the batch, refusals included, the drafts being stored after revision `expected`. Until
   * then nobody is answered: an answer may rest on a draft before it, which is not stored yet.
   */
  readonly settle: (expected: Revision) => void
}

/**
 * Run commands one after the other, each seeing the ones before it, and leave the graph as it was: readers see
 * a change only when it is durable. A command that its rules refuse spoils nothing for the others.
 */
export function composeDrafts(
  graph: OrganizationGraph,
  batch: readonly PendingWrite[],
  context: CommandContext,
): ComposedDrafts {
  const drafts: CommitDraft[] = []
  const writers: PendingWrite[] = []
  const answers: ((expected: Revision) => void)[] = []
  const undo: (() => void)[] = []
  for (const [index, write] of batch.entries()) {
    const outcome = run(graph, write, context)
    if ('refusal' in outcome) {
      answers.push(() => write.reject(outcome.refusal))
      continue
    }
    if (outcome.changes.length > 0) {
      drafts.push({ at: context.at, changes: outcome.changes })
      writers.push(write)
      // The last one has nobody after it who needs to see it.
      if (index < batch.length - 1) {
        const inverse = graph.apply(outcome.changes)
        undo.push(() => void graph.apply(inverse))
      }
    }
    const steps = drafts.length
    answers.push((expected) => write.resolve({ value: outcome.value, revision: expected + steps }))
  }
  for (const takeBack of undo.reverse()) takeBack()
  return {
    drafts,
    writers,
    settle: (expected) => {
      for (const answer of answers) answer(expected)
    },
  }
}

function run(
  graph: OrganizationGraph,
  write: PendingWrite,
  context: CommandContext,
): Outcome<unknown> | { readonly refusal: AuthorizationError } {
  try {
    return write.command(graph, context)
  } catch (error) {
    if (!isAuthorizationError(error)) throw error
    return { refusal: error }
  }
}
