import type { EventJson } from '@bailiwick/wire'
import { type EventPlace, parseEventId } from '../events/event-ids.js'
import type { Attempt } from './attempt-log.js'
import type { EndpointBook } from './endpoint-book.js'
import { retryDelay } from './retry-delay.js'
import type { WebhookSender } from './send-webhook.js'
import { signatureOf } from './sign.js'
import type { WebhookEndpoint } from './webhook-endpoint.js'

/** What deliveries are made with. */
export interface DeliveryParts {
  readonly endpoints: Pick<EndpointBook, 'find'>
  readonly sender: WebhookSender
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** From 0 to 1. */
  readonly random: () => number
  /** How long one try may take. Milliseconds. */
  readonly timeoutMs: number
  /** Aborted when the service stops: nothing more is begun. */
  readonly stopping: AbortSignal
  /** Aborted soon after that: what is on its way is broken off. */
  readonly cut: AbortSignal
}

/** What came of events that were to be delivered in their order. */
export interface Delivered {
  /** Oldest first. */
  readonly attempts: readonly Attempt[]
  /** Where to go on, when the next event has to wait. */
  readonly waiting?: { readonly from: EventPlace; readonly attempts: number; readonly nextAttemptAt: number }
}

/** So many, and what came of them is noted: a crash delivers them again. */
const mostInTurn = 500

/**
 * Deliver events one after the other, until one of them fails and is to be tried again, or there were many. One that
 * has failed too often is given up, and the next has its turn. An endpoint that is paused meanwhile is sent nothing more.
 *
 * @param failures - How often the first of them has failed before.
 */
export async function deliverInOrder(
  endpointId: string,
  events: readonly EventJson[],
  failures: number,
  parts: DeliveryParts,
): Promise<Delivered> {
  const attempts: Attempt[] = []
  let failed = failures
  for (const event of events) {
    const at = parts.clock()
    // As it is now: there are many events, and a new secret signs at once.
    const endpoint = await parts.endpoints.find(endpointId)
    if (endpoint?.status !== 'enabled' || attempts.length === mostInTurn || parts.stopping.aborted)
      return { attempts, waiting: { from: parseEventId(event.id), attempts: failed, nextAttemptAt: at } }
    const outcome = await tryOnce(endpoint, event, at, parts)
    // Nothing was found out: the next process tries again.
    if (parts.cut.aborted && !outcome.isDelivered)
      return { attempts, waiting: { from: parseEventId(event.id), attempts: failed, nextAttemptAt: at } }
    const delay = outcome.isDelivered ? undefined : retryDelay(failed + 1, parts.random())
    const nextAttemptAt = delay === undefined ? undefined : at + delay
    attempts.push({ event, attempt: failed + 1, at, outcome, nextAttemptAt })
    if (nextAttemptAt !== undefined)
      return { attempts, waiting: { from: parseEventId(event.id), attempts: failed + 1, nextAttemptAt } }
    failed = 0
  }
  return { attempts }
}

function tryOnce(endpoint: WebhookEndpoint, event: EventJson, at: number, parts: DeliveryParts) {
  const body = JSON.stringify(event)
  return parts.sender.send({
    url: endpoint.url,
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Bailiwick-Webhooks/1',
      'workos-signature': signatureOf(body, endpoint.secret, at),
    },
    signal: AbortSignal.any([parts.cut, AbortSignal.timeout(parts.timeoutMs)]),
  })
}
