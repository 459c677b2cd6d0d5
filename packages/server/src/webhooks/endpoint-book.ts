import { InputInvalid, type Notebook, type Timestamp } from '@bailiwick/core'
import { WebhookEndpointNotFound } from '@bailiwick/wire'
import { ulid } from 'ulid'
import { newWebhookSecret, type WebhookEndpoint } from './webhook-endpoint.js'

const bucket = 'webhook_endpoints'
const mostEndpoints = 50

/** What can be changed of an endpoint. */
export type EndpointChanges = Partial<Pick<WebhookEndpoint, 'url' | 'events' | 'status' | 'secret'>>

/** The endpoints, kept in the notebook. Their secrets sign, so they are kept as they are. */
export class EndpointBook {
  constructor(
    private readonly notebook: Notebook,
    private readonly now: () => Timestamp,
  ) {}

  /** Oldest first. */
  async list(): Promise<readonly WebhookEndpoint[]> {
    return (await this.notebook.list(bucket)).map(({ value }) => JSON.parse(value) as WebhookEndpoint)
  }

  async find(id: string): Promise<WebhookEndpoint | undefined> {
    const note = await this.notebook.read(bucket, id)
    return note === undefined ? undefined : (JSON.parse(note) as WebhookEndpoint)
  }

  /** @throws {WebhookEndpointNotFound} */
  async get(id: string): Promise<WebhookEndpoint> {
    return JSON.parse(await this.#read(id)) as WebhookEndpoint
  }

  /** @throws {InputInvalid} when there are too many: each of them reads the whole log. */
  async create(url: string, events: readonly string[]): Promise<WebhookEndpoint> {
    if ((await this.notebook.list(bucket)).length >= mostEndpoints)
      throw new InputInvalid(
        'endpointUrl',
        `is one more than the ${mostEndpoints} endpoints there can be`,
        new URL(url).host,
      )
    const at = this.now()
    const endpoint: WebhookEndpoint = {
      id: `we_${ulid()}`,
      url,
      events,
      secret: newWebhookSecret(),
      status: 'enabled',
      createdAt: at,
      updatedAt: at,
    }
    await this.notebook.write(bucket, endpoint.id, JSON.stringify(endpoint))
    return endpoint
  }

  /** @throws {WebhookEndpointNotFound} */
  async change(id: string, to: EndpointChanges): Promise<WebhookEndpoint> {
    for (;;) {
      const before = await this.#read(id)
      const endpoint = { ...(JSON.parse(before) as WebhookEndpoint), ...to, updatedAt: this.now() }
      if (await this.notebook.replace(bucket, id, before, JSON.stringify(endpoint))) return endpoint
    }
  }

  /** @throws {WebhookEndpointNotFound} */
  async remove(id: string): Promise<void> {
    await this.#read(id)
    await this.notebook.remove(bucket, id)
  }

  async #read(id: string): Promise<string> {
    const note = await this.notebook.read(bucket, id)
    if (note === undefined) throw new WebhookEndpointNotFound(id)
    return note
  }
}
