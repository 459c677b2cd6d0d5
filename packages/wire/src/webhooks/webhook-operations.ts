import { listOf, listQuery } from '../lists.js'
import { operation } from '../operation.js'
import {
  newWebhookEndpointAnswer,
  newWebhookEndpointJson,
  webhookDeliveryJson,
  webhookDeliveryQuery,
  webhookEndpointChanges,
  webhookEndpointJson,
  webhookEndpointParams,
  webhookReplayJson,
} from './webhook-endpoints.js'

const tag = 'Webhooks'
const scope = 'admin'
const params = webhookEndpointParams
const path = '/webhook_endpoints/{webhook_endpoint_id}'
const errors = ['webhook_endpoint_not_found']

/** `GET /webhook_endpoints` */
export const listWebhookEndpoints = operation({
  id: 'listWebhookEndpoints',
  method: 'GET',
  path: '/webhook_endpoints',
  summary: 'List the endpoints to which events are sent',
  tag,
  scope,
  status: 200,
  schemas: { query: listQuery, answer: listOf(webhookEndpointJson) },
})

/** `POST /webhook_endpoints` */
export const createWebhookEndpoint = operation({
  id: 'createWebhookEndpoint',
  method: 'POST',
  path: '/webhook_endpoints',
  summary: 'Create an endpoint; the answer is the only place where its secret is shown',
  tag,
  scope,
  status: 201,
  secret: true,
  schemas: { body: newWebhookEndpointJson, answer: newWebhookEndpointAnswer },
})

/** `GET /webhook_endpoints/{webhook_endpoint_id}` */
export const getWebhookEndpoint = operation({
  id: 'getWebhookEndpoint',
  method: 'GET',
  path,
  summary: 'Get an endpoint',
  tag,
  scope,
  status: 200,
  schemas: { params, answer: webhookEndpointJson },
  errors,
})

/** `PATCH /webhook_endpoints/{webhook_endpoint_id}` */
export const updateWebhookEndpoint = operation({
  id: 'updateWebhookEndpoint',
  method: 'PATCH',
  path,
  summary: 'Change an endpoint; one that is enabled again goes on where it stopped',
  tag,
  scope,
  status: 200,
  schemas: { params, body: webhookEndpointChanges, answer: webhookEndpointJson },
  errors,
})

/** `DELETE /webhook_endpoints/{webhook_endpoint_id}` */
export const deleteWebhookEndpoint = operation({
  id: 'deleteWebhookEndpoint',
  method: 'DELETE',
  path,
  summary: 'Delete an endpoint',
  tag,
  scope,
  status: 204,
  schemas: { params },
  errors,
})

/** `POST /webhook_endpoints/{webhook_endpoint_id}/rotate_secret` */
export const rotateWebhookSecret = operation({
  id: 'rotateWebhookSecret',
  method: 'POST',
  path: `${path}/rotate_secret`,
  summary: 'Sign with a new secret from now on',
  tag,
  scope,
  status: 200,
  secret: true,
  schemas: { params, answer: newWebhookEndpointAnswer },
  errors,
})

/** `POST /webhook_endpoints/{webhook_endpoint_id}/replay` */
export const replayWebhooks = operation({
  id: 'replayWebhooks',
  method: 'POST',
  path: `${path}/replay`,
  summary: 'Send again, in order, what happened after an event or from a time on',
  tag,
  scope,
  status: 202,
  schemas: { params, body: webhookReplayJson, answer: webhookEndpointJson },
  errors: [...errors, 'cursor_invalid'],
})

/** `GET /webhook_endpoints/{webhook_endpoint_id}/deliveries` */
export const listWebhookDeliveries = operation({
  id: 'listWebhookDeliveries',
  method: 'GET',
  path: `${path}/deliveries`,
  summary: 'List the last tries to send, newest first',
  tag,
  scope,
  status: 200,
  schemas: { params, query: webhookDeliveryQuery, answer: listOf(webhookDeliveryJson) },
  errors,
})
