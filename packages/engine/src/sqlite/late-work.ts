import { type ShardId, StoreFull } from '@bailiwick/core'
import type { DraftRow } from '../store/draft-rows.js'
import type { Gate } from '../store/gate.js'
import type { Appending, LateAppend } from '../store/store.js'
import type { Watchers } from '../store/watchers.js'
import type { AppendOutcome } from './append-drafts.js'
import type { CommitLog } from './commit-log.js'
import type { Work } from './group-commit.js'
import type { Reserve } from './reserve.js'
import { type RoomUse, useOf } from './room-use.js'
import { encodeDraft } from './rows.js'

/** What late appends need of their store. */
export interface LateContext {
  readonly log: CommitLog
  readonly gate: Gate
  readonly reserve: Reserve
  readonly watchers: Watchers
  /** Write in the next transaction. */
  readonly again: (work: LateWork) => void
}

type LateOutcome = AppendOutcome | { readonly kind: 'nothing' } | { readonly kind: 'waits' }

/** A late append in its group: made when its turn has come, told in the turn in which it is on disk. */
export class LateWork implements Work<LateOutcome> {
  readonly where = 'log'
  #appending: Appending | 'nothing' | undefined
  #rows: readonly DraftRow[] = []
  #use: RoomUse = 'giving'

  constructor(
    private readonly shard: ShardId,
    private readonly late: LateAppend,
    private readonly context: LateContext,
  ) {}

  run(): LateOutcome {
    const { gate, log } = this.context
    // Somebody looks at what must not change meanwhile.
    if (gate.closed !== undefined) return waits
    try {
      if (this.#appending === undefined) this.#make()
    } catch (error) {
      // It cannot be written down, or there is no room for it. The others of the group can.
      this.late.delayed()
      return { kind: 'bug', error: error as Error }
    }
    const appending = this.#appending
    if (appending === undefined || appending === 'nothing') return nothing
    const outcome = log.append(this.shard, appending.expected, this.#rows, appending)
    // Those who watch the store hear of the others of the group before this one is told, and may read.
    if (outcome.kind !== 'appended') this.late.delayed()
    return outcome
  }

  durable(outcome: LateOutcome): void {
    const { gate, again, watchers } = this.context
    switch (outcome.kind) {
      case 'nothing':
        break
      case 'waits':
        void Promise.resolve(gate.closed).then(() => again(this))
        break
      case 'bug':
        this.late.failed(outcome.error)
        break
      case 'appended':
        // First: whoever watches may ask at once, and what answers must be what it was told of.
        this.late.done(outcome)
        watchers.tell(this.shard, outcome.revision - this.#rows.length, outcome.revision)
        break
      default:
        this.late.done(outcome)
    }
  }

  failed(error: unknown): void {
    if (this.#appending === 'nothing') return
    const { reserve, again } = this.context
    if (error instanceof StoreFull && this.#use === 'taking' && reserve.spend(error)) {
      this.late.delayed()
      again(this)
    } else this.late.failed(error)
  }

  #make(): void {
    this.#appending = this.late.make('in one piece') ?? 'nothing'
    if (this.#appending === 'nothing') return
    const { drafts } = this.#appending
    // First of all: what cannot be written down has no use, and is not tried again where a disk is full.
    this.#rows = drafts.map((draft) => encodeDraft(this.shard, draft))
    this.#use = useOf(drafts)
    if (this.#use === 'giving') this.context.reserve.hold()
  }
}

const nothing: LateOutcome = { kind: 'nothing' }
const waits: LateOutcome = { kind: 'waits' }
