import type { Notebook } from '@bailiwick/core'
import type { EventJson, WebhookDeliveryJson } from '@bailiwick/wire'
import type { Outcome } from './send-webhook.js'

/** One try to send an event. */
export interface Attempt {
  readonly event: Pick<EventJson, 'id' | 'event'>
  readonly attempt: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly outcome: Outcome
  /** `undefined` where there is none. */
  readonly nextAttemptAt: number | undefined
}

const bucket = 'webhook_deliveries'
const mostKept = 100

interface Kept {
  /** Newest first. */
  readonly last: readonly WebhookDeliveryJson[]
  /** Those after which there was no other: however much is delivered, they stay for a while. */
  readonly failed: readonly WebhookDeliveryJson[]
}

/** The last tries of each endpoint: a hundred, and a hundred that were given up. */
export class AttemptLog {
  constructor(private readonly notebook: Notebook) {}

  /** Newest first. */
  async list(
    endpointId: string,
    status?: WebhookDeliveryJson['status'],
  ): Promise<readonly WebhookDeliveryJson[]> {
    const { last, failed } = await this.#read(endpointId)
    if (status === 'failed') return failed
    return status === undefined ? last : last.filter((each) => each.status === status)
  }

  /** Keep tries, the oldest of them first. */
  async add(endpointId: string, attempts: readonly Attempt[]): Promise<void> {
    if (attempts.length === 0) return
    const before = await this.#read(endpointId)
    const told = attempts.map(render).reverse()
    const kept: Kept = {
      last: [...told, ...before.last].slice(0, mostKept),
      failed: [...told.filter(({ status }) => status === 'failed'), ...before.failed].slice(0, mostKept),
    }
    await this.notebook.write(bucket, endpointId, JSON.stringify(kept))
  }

  async remove(endpointId: string): Promise<void> {
    await this.notebook.remove(bucket, endpointId)
  }

  async #read(endpointId: string): Promise<Kept> {
    const note = await this.notebook.read(bucket, endpointId)
    return note === undefined ? { last: [], failed: [] } : (JSON.parse(note) as Kept)
  }
}

function render({ event, attempt, at, outcome, nextAttemptAt }: Attempt): WebhookDeliveryJson {
  return {
    object: 'webhook_delivery',
    event_id: event.id,
    event: event.event,
    status: outcome.isDelivered ? 'delivered' : nextAttemptAt === undefined ? 'failed' : 'retrying',
    attempt,
    attempted_at: new Date(at).toISOString(),
    next_attempt_at: nextAttemptAt === undefined ? null : new Date(nextAttemptAt).toISOString(),
    response_status: outcome.responseStatus,
    error: outcome.error,
  }
}
