import type { Change, Commit, EntityByKind, EntityKind, Origin, Revision, Timestamp } from '@bailiwick/core'
import type { Command, CommandContext, Outcome } from '../commands/command.js'
import { applyChanges } from '../graph/apply-change.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import type { UlidSource } from '../new-id.js'
import { draftOf } from '../store/draft-of.js'
import type { CommitDraft } from '../store/store.js'
import { EntityMap, type EntityName } from './entity-map.js'

/** A finished write, and the revision at which it can be seen. */
export interface WriteDone<Value> {
  readonly value: Value
  readonly revision: Revision
}

/** What an organization in memory follows of a commit. */
export type ShardChanges = Pick<Commit, 'revision' | 'changes'>

/** A command that waits for its turn. */
export interface PendingWrite {
  readonly command: Command<unknown>
  readonly origin: Origin | undefined
  readonly resolve: (done: WriteDone<unknown>) => void
  readonly reject: (error: unknown) => void
  attempts: number
}

/** What commands are run with. */
export interface ComposeContext {
  readonly at: Timestamp
  readonly ulid: UlidSource
  /** Whole entities that were read for this batch, as new as the graph. */
  readonly read: EntityMap
}

/** What a batch of commands wants to store. */
export interface ComposedDrafts {
  readonly kind: 'drafts'
  readonly drafts: readonly CommitDraft[]
  /** The writers of the drafts, in the same order. Those with nothing to change, or refused, are not among them. */
  readonly writers: readonly PendingWrite[]
  /** How many of the batch were run. The others wait for the next one. */
  readonly run: number
  /**
   * Answer everyone who was run, refusals included, the drafts being stored after revision `expected`. Until then
   * nobody is answered: an answer may rest on a draft before it, which is not stored yet.
   */
  readonly settle: (expected: Revision) => void
}

/** Entities must be read before the batch can be composed; nobody is answered yet. */
export interface EntitiesNeeded {
  readonly kind: 'needed'
  readonly names: readonly EntityName[]
}

/**
 * Run commands one after the other, each seeing the ones before it, and leave the graph as it was: readers see
 * a change only when it is durable. A command that its rules refuse spoils nothing for the others.
 */
export function composeDrafts(
  graph: OrganizationGraph,
  batch: readonly PendingWrite[],
  { at, ulid, read }: ComposeContext,
): ComposedDrafts | EntitiesNeeded {
  const drafted = new EntityMap()
  const newest = newestOf(drafted, read)
  const context: CommandContext = { at, ulid, ...newest }
  const drafts: CommitDraft[] = []
  const writers: PendingWrite[] = []
  const answers: ((expected: Revision) => void)[] = []
  const needed: EntityName[] = []
  const undo: (() => void)[] = []
  let run = 0
  for (const write of batch) {
    run += 1
    const outcome = attempt(write.command, graph, context)
    if (outcome instanceof EntitiesNotRead) {
      // The whole batch runs again, so that commands keep their order. The others say now what they need, too.
      needed.push(...outcome.names)
      continue
    }
    if ('refusal' in outcome) {
      answers.push(() => write.reject(outcome.refusal))
      continue
    }
    const { changes, value } = outcome
    if (changes.length > 0) {
      drafts.push(draftOf(at, changes, write.origin))
      writers.push(write)
    }
    const steps = drafts.length
    answers.push((expected) => write.resolve({ value, revision: expected + steps }))
    if (endsOrganization(changes)) break
    // The last one has nobody after it who needs to see it.
    if (changes.length === 0 || run === batch.length) continue
    const inverse = applyChanges(graph, changes)
    undo.push(() => void applyChanges(graph, inverse))
    drafted.learn(changes)
  }
  for (const takeBack of undo.reverse()) takeBack()
  if (needed.length > 0) return { kind: 'needed', names: needed }
  const settle = (expected: Revision) => {
    for (const answer of answers) answer(expected)
  }
  return { kind: 'drafts', drafts, writers, run, settle }
}

/** Whether these are the changes that delete an organization: nothing is left after them. */
export function endsOrganization(changes: readonly Change[]): boolean {
  const last = changes.at(-1)
  return last?.op === 'remove' && last.kind === 'organization'
}

/** Breaks a command off that needs entities which are not read yet. */
class EntitiesNotRead extends Error {
  constructor(readonly names: readonly EntityName[]) {
    super(`${names.length} entities must be read first`)
  }
}

function newestOf(drafted: EntityMap, read: EntityMap): Pick<CommandContext, 'entity' | 'entities'> {
  const entities = <Kind extends EntityKind>(kind: Kind, ids: readonly string[]): EntityByKind[Kind][] => {
    const missing: EntityName[] = []
    const found: EntityByKind[Kind][] = []
    for (const id of ids) {
      const entity = drafted.get(kind, id) ?? read.get(kind, id)
      if (entity === undefined) missing.push({ kind, id })
      else found.push(entity)
    }
    if (missing.length > 0) throw new EntitiesNotRead(missing)
    return found
  }
  return { entities, entity: (kind, id) => entities(kind, [id])[0] as EntityByKind[typeof kind] }
}

// Commands change nothing themselves, so whatever one throws concerns its own caller alone.
function attempt(
  command: Command<unknown>,
  graph: OrganizationGraph,
  context: CommandContext,
): Outcome<unknown> | EntitiesNotRead | { readonly refusal: unknown } {
  try {
    return command(graph, context)
  } catch (error) {
    return error instanceof EntitiesNotRead ? error : { refusal: error }
  }
}
