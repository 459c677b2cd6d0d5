import { randomBytes } from 'node:crypto'
import type { Timestamp, WebhookEndpointRecord } from '@bailiwick/core'
import type { WebhookEndpointJson } from '@bailiwick/wire'

/** Where events are sent. */
export interface WebhookEndpoint {
  /** `we_…` */
  readonly id: string
  readonly url: string
  /** Names of events. */
  readonly events: readonly string[]
  /** Signs what is sent. */
  readonly secret: string
  readonly status: 'enabled' | 'disabled'
  readonly createdAt: Timestamp
  readonly updatedAt: Timestamp
}

/** 256 random bits. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64url')}`
}

/** An endpoint as the log is told of it; its secret is not in it. */
export function endpointRecord({ secret: _, ...told }: WebhookEndpoint): WebhookEndpointRecord {
  return told
}

/** An endpoint as JSON; its secret is not in it. */
export function renderWebhookEndpoint(endpoint: WebhookEndpoint): WebhookEndpointJson {
  return {
    object: 'webhook_endpoint',
    id: endpoint.id,
    endpoint_url: endpoint.url,
    status: endpoint.status,
    events: [...endpoint.events],
    created_at: endpoint.createdAt,
    updated_at: endpoint.updatedAt,
  }
}
