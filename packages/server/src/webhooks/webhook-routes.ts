import { CursorInvalid } from '@bailiwick/core'
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  getWebhookEndpoint,
  listWebhookDeliveries,
  listWebhookEndpoints,
  pageOf,
  renderList,
  replayWebhooks,
  rotateWebhookSecret,
  updateWebhookEndpoint,
} from '@bailiwick/wire'
import { type EventPlace, parseEventId } from '../events/event-ids.js'
import { firstWhere } from '../events/log-windows.js'
import { pageOfAll } from '../extensions/page-of-all.js'
import { type RequestContext, type Route, route, type Service } from '../http/route.js'
import { requireTarget } from './address-policy.js'
import { AttemptLog } from './attempt-log.js'
import { DeliveryStates } from './delivery-state.js'
import type { EndpointBook } from './endpoint-book.js'
import {
  endpointRecord,
  newWebhookSecret,
  renderWebhookEndpoint,
  type WebhookEndpoint,
} from './webhook-endpoint.js'
import type { WebhookSettings } from './webhook-settings.js'

/** The routes under `/webhook_endpoints`. */
export function webhookRoutes(
  { engine, engineFor }: Pick<Service, 'engine' | 'engineFor'>,
  endpoints: EndpointBook,
  { targets }: Pick<WebhookSettings, 'targets'>,
): readonly Route[] {
  const states = new DeliveryStates(engine.notebook)
  const attempts = new AttemptLog(engine.notebook)
  const record = async (endpoint: WebhookEndpoint, context: RequestContext) => {
    const entity = endpointRecord(endpoint)
    return (await engineFor(context).recordPart({ op: 'put', kind: 'webhook_endpoint', entity })).token
  }
  return [
    route(listWebhookEndpoints, async ({ query }) => ({
      body: renderList(pageOfAll(await endpoints.list(), pageOf(query)), renderWebhookEndpoint, query),
    })),
    route(createWebhookEndpoint, async ({ body }, context) => {
      requireTarget(body.endpoint_url, targets)
      const position = await engine.changes.lastPosition()
      const endpoint = await endpoints.create(body.endpoint_url, body.events)
      await states.begin(endpoint.id, position)
      const token = await record(endpoint, context)
      return { body: { ...renderWebhookEndpoint(endpoint), secret: endpoint.secret }, token }
    }),
    route(getWebhookEndpoint, async ({ params }) => ({
      body: renderWebhookEndpoint(await endpoints.get(params.webhook_endpoint_id)),
    })),
    route(updateWebhookEndpoint, async ({ params, body }, context) => {
      const { endpoint_url: url, status, events } = body
      if (url !== undefined) requireTarget(url, targets)
      const endpoint = await endpoints.change(params.webhook_endpoint_id, {
        ...(url === undefined ? {} : { url }),
        ...(status === undefined ? {} : { status }),
        ...(events === undefined ? {} : { events }),
      })
      return { body: renderWebhookEndpoint(endpoint), token: await record(endpoint, context) }
    }),
    route(deleteWebhookEndpoint, async ({ params: { webhook_endpoint_id: id } }, context) => {
      await endpoints.remove(id)
      await states.remove(id)
      await attempts.remove(id)
      const { token } = await engineFor(context).recordPart({ op: 'remove', kind: 'webhook_endpoint', id })
      return { body: undefined, token }
    }),
    route(rotateWebhookSecret, async ({ params }, context) => {
      const endpoint = await endpoints.change(params.webhook_endpoint_id, { secret: newWebhookSecret() })
      const token = await record(endpoint, context)
      return { body: { ...renderWebhookEndpoint(endpoint), secret: endpoint.secret }, token }
    }),
    route(replayWebhooks, async ({ params, body }) => {
      const endpoint = await endpoints.get(params.webhook_endpoint_id)
      await states.restart(endpoint.id, await placeOf(body))
      return { body: renderWebhookEndpoint(endpoint) }
    }),
    route(listWebhookDeliveries, async ({ params, query }) => {
      const { id } = await endpoints.get(params.webhook_endpoint_id)
      const items = await attempts.list(id, query.status)
      return { body: renderList({ items, before: null, after: null }, (each) => each, {}) }
    }),
  ]

  async function placeOf(
    from: { readonly after: string } | { readonly range_start: string },
  ): Promise<EventPlace> {
    if ('range_start' in from) {
      const start = new Date(from.range_start).toISOString()
      return { position: await firstWhere(engine, ({ commit }) => commit.at >= start), change: 0 }
    }
    const { position, change } = parseEventId(from.after)
    // Beyond the end there would be silence until the log has come so far.
    if (position > (await engine.changes.lastPosition())) throw new CursorInvalid()
    return { position, change: change + 1 }
  }
}
