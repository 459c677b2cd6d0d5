import type { WebhookTargets } from './address-policy.js'

/** How webhooks are sent. */
export interface WebhookOptions {
  /** Where they may go. Default `public`: over HTTPS, to addresses that everybody can reach. */
  readonly targets?: WebhookTargets
  /** How long one try may take. Milliseconds, default 10 000. */
  readonly timeoutMs?: number
  /** How often it is looked whether there is something to send. Milliseconds, default 1 000. */
  readonly pollMs?: number
}

/** The same, complete. */
export type WebhookSettings = Required<WebhookOptions>

export function webhookSettings(options: WebhookOptions): WebhookSettings {
  return { targets: 'public', timeoutMs: 10_000, pollMs: 1_000, ...options }
}
