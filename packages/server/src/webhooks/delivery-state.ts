import type { Notebook, ShardId } from '@bailiwick/core'
import type { EventPlace } from '../events/event-ids.js'

/**
 * An organization, or another shard, whose next event could not be delivered. What happens there afterwards waits
 * behind it, in its order; the others go on.
 */
export interface Lane {
  readonly shard: ShardId
  /** The first change that is not delivered. */
  readonly from: EventPlace
  /** How often its delivery has failed. */
  readonly attempts: number
  /** Milliseconds since 1970. */
  readonly nextAttemptAt: number
}

/** How far an endpoint has come. */
export interface DeliveryState {
  /** The first change that nobody has looked at yet. */
  readonly from: EventPlace
  readonly lanes: readonly Lane[]
}

const bucket = 'webhook_states'

/** A state, and the text that it was read from. */
export interface KnownState {
  readonly text: string
  readonly state: DeliveryState
}

/** How far endpoints have come, over a restart too. Written only by who has read what it replaces. */
export class DeliveryStates {
  constructor(private readonly notebook: Notebook) {}

  /** Begin at a position of the log: what comes after it is to be delivered. */
  async begin(endpointId: string, position: number): Promise<void> {
    await this.notebook.insert(bucket, endpointId, JSON.stringify(stateAt(position + 1)))
  }

  async read(endpointId: string): Promise<KnownState | undefined> {
    const text = await this.notebook.read(bucket, endpointId)
    return text === undefined ? undefined : { text, state: JSON.parse(text) as DeliveryState }
  }

  /** @returns the new one, or `undefined` when somebody else has written meanwhile. */
  async advance(endpointId: string, before: KnownState, to: DeliveryState): Promise<KnownState | undefined> {
    const text = JSON.stringify(to)
    if (text === before.text) return before
    const isWritten = await this.notebook.replace(bucket, endpointId, before.text, text)
    return isWritten ? { text, state: to } : undefined
  }

  /** Go back, or ahead, to a change: it and all after it are to be delivered, and nothing waits. */
  async restart(endpointId: string, from: EventPlace): Promise<void> {
    const state: DeliveryState = { from, lanes: [] }
    for (;;) {
      const before = await this.read(endpointId)
      if (before === undefined) {
        if (await this.notebook.insert(bucket, endpointId, JSON.stringify(state))) return
      } else if ((await this.advance(endpointId, before, state)) !== undefined) return
    }
  }

  async remove(endpointId: string): Promise<void> {
    await this.notebook.remove(bucket, endpointId)
  }
}

function stateAt(position: number): DeliveryState {
  return { from: { position, change: 0 }, lanes: [] }
}
