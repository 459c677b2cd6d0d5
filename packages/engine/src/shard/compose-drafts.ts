import type { Change, Commit, EntityByKind, EntityKind, Origin, Revision, Timestamp } from '@bailiwick/core'
import type { Command, CommandContext, Outcome } from '../commands/command.js'
import { applyChanges, type GraphChange } from '../graph/apply-change.js'
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
  /** Everyone who was run, refusals included, with what they are told when the drafts are stored: see `settle`. */
  readonly judged: readonly Judged[]
  /** What takes back each of the drafts that the graph has: the first ones, up to the last or without it. */
  readonly undo: readonly (readonly GraphChange[])[]
}

/** A command that was run, and the number of drafts up to and including its own. */
interface Judged {
  readonly write: PendingWrite
  readonly outcome: Outcome<unknown> | Refused
  readonly steps: number
}

interface Refused {
  readonly refusal: unknown
}

/** Entities must be read before the batch can be composed; nobody is answered yet. */
export interface EntitiesNeeded {
  readonly kind: 'needed'
  readonly names: readonly EntityName[]
}

/**
 * Run commands one after the other, each seeing the ones before it. A command that its rules refuse spoils nothing for
 * the others. The graph has the drafts then, all or all but the last: readers see a change only when it is durable, and
 * before anybody else can read, they are stored or taken back.
 */
export function composeDrafts(
  graph: OrganizationGraph,
  batch: readonly PendingWrite[],
  { at, ulid, read }: ComposeContext,
): ComposedDrafts | EntitiesNeeded {
  const context = new BatchContext(at, ulid, read)
  const drafts: CommitDraft[] = []
  const writers: PendingWrite[] = []
  const judged: Judged[] = []
  const needed: EntityName[] = []
  const undo: (readonly GraphChange[])[] = []
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
      judged.push({ write, outcome, steps: drafts.length })
      continue
    }
    const { changes } = outcome
    if (changes.length > 0) {
      drafts.push(draftOf(at, changes, write.origin))
      writers.push(write)
    }
    judged.push({ write, outcome, steps: drafts.length })
    if (endsOrganization(changes)) break
    // The last one has nobody after it who needs to see it.
    if (changes.length === 0 || run === batch.length) continue
    undo.push(applyChanges(graph, changes))
    context.drafted.learn(changes)
  }
  if (needed.length > 0) {
    takeBack(graph, undo)
    return { kind: 'needed', names: needed }
  }
  return { kind: 'drafts', drafts, writers, run, judged, undo }
}

/** Leave a graph as it was before drafts were composed. */
export function takeBack(graph: OrganizationGraph, undo: ComposedDrafts['undo']): void {
  for (const inverse of [...undo].reverse()) applyChanges(graph, inverse)
}

/**
 * Answer everyone who was run, the drafts being stored after revision `expected`. Until then nobody is answered: an
 * answer may rest on a draft before it, which is not stored yet.
 */
export function settle({ judged }: ComposedDrafts, expected: Revision): void {
  for (const { write, outcome, steps } of judged) {
    if ('refusal' in outcome) write.reject(outcome.refusal)
    else write.resolve({ value: outcome.value, revision: expected + steps })
  }
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

/** What the commands of a batch are run with: whole entities as the drafts before leave them, or as they were read. */
class BatchContext implements CommandContext {
  readonly drafted = new EntityMap()

  constructor(
    readonly at: Timestamp,
    readonly ulid: UlidSource,
    private readonly read: EntityMap,
  ) {}

  // Most commands ask for neither, and then they are not made.
  get entity(): CommandContext['entity'] {
    return (kind, id) => this.#newest(kind, [id])[0] as EntityByKind[typeof kind]
  }

  get entities(): CommandContext['entities'] {
    return (kind, ids) => this.#newest(kind, ids)
  }

  #newest<Kind extends EntityKind>(kind: Kind, ids: readonly string[]): readonly EntityByKind[Kind][] {
    const missing: EntityName[] = []
    const found: EntityByKind[Kind][] = []
    for (const id of ids) {
      const entity = this.drafted.get(kind, id) ?? this.read.get(kind, id)
      if (entity === undefined) missing.push({ kind, id })
      else found.push(entity)
    }
    if (missing.length > 0) throw new EntitiesNotRead(missing)
    return found
  }
}

// Commands change nothing themselves, so whatever one throws concerns its own caller alone.
function attempt(
  command: Command<unknown>,
  graph: OrganizationGraph,
  context: CommandContext,
): Outcome<unknown> | EntitiesNotRead | Refused {
  try {
    return command(graph, context)
  } catch (error) {
    return error instanceof EntitiesNotRead ? error : { refusal: error }
  }
}
