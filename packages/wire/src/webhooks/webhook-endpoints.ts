import { z } from 'zod'
import { timestamp } from '../primitives.js'

const events = z.array(z.string().min(1).max(100)).min(1).max(200)
const url = z.url().max(2_048)
const status = z.enum(['enabled', 'disabled'])

/** Where webhooks are sent, as it is answered. */
export const webhookEndpointJson = z
  .object({
    object: z.literal('webhook_endpoint'),
    id: z.string(),
    endpoint_url: z.string(),
    status,
    /** Names of events, as `GET /events` has them. */
    events: z.array(z.string()),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'WebhookEndpoint' })

/** An endpoint as JSON. */
export type WebhookEndpointJson = z.input<typeof webhookEndpointJson>

/** An endpoint with the secret that signs what is sent there: it is shown this once. */
export const newWebhookEndpointAnswer = webhookEndpointJson.extend({ secret: z.string() })

/** What an endpoint is made of. Names that we never tell are no error: they are WorkOS's, and nothing comes of them. */
export const newWebhookEndpointJson = z.object({ endpoint_url: url, events })

/** What is changed of an endpoint; what is left out stays. */
export const webhookEndpointChanges = z.object({
  endpoint_url: url.optional(),
  status: status.optional(),
  events: events.optional(),
})

/** Which endpoint. */
export const webhookEndpointParams = z.object({
  webhook_endpoint_id: z.string().regex(/^we_[0-9A-Z]{26}$/, 'must be the id of an endpoint'),
})

/** From where everything is sent again: after an event, or from a time on. */
export const webhookReplayJson = z.union([
  z.strictObject({ after: z.string().max(100) }),
  z.strictObject({ range_start: z.iso.datetime({ offset: true }) }),
])

/** One try to send an event. */
export const webhookDeliveryJson = z
  .object({
    object: z.literal('webhook_delivery'),
    event_id: z.string(),
    event: z.string(),
    /** `retrying`: there will be another try. `failed`: there will be none. */
    status: z.enum(['delivered', 'retrying', 'failed']),
    /** Counted from 1. */
    attempt: z.int(),
    attempted_at: timestamp,
    next_attempt_at: timestamp.nullable(),
    /** What the endpoint answered, if it did. */
    response_status: z.int().nullable(),
    /** Why there was no answer. */
    error: z.string().nullable(),
  })
  .meta({ id: 'WebhookDelivery' })

/** A try as JSON. */
export type WebhookDeliveryJson = z.input<typeof webhookDeliveryJson>

/** Which tries. */
export const webhookDeliveryQuery = z.object({
  status: z.enum(['delivered', 'retrying', 'failed']).optional(),
})
