import { z } from 'zod'
import { operation } from '../operation.js'
import { apiKeyJson, apiKeyParams, newApiKeyAnswer, newApiKeyJson, rotateApiKeyJson } from './api-keys.js'

const tag = 'API keys'

/** `GET /api_keys` */
export const listApiKeys = operation({
  id: 'listApiKeys',
  method: 'GET',
  path: '/api_keys',
  summary: 'List the keys of this API, revoked and expired ones too',
  tag,
  scope: 'admin',
  status: 200,
  schemas: { answer: z.object({ object: z.literal('list'), data: z.array(apiKeyJson) }) },
})

/** `POST /api_keys` */
export const createApiKey = operation({
  id: 'createApiKey',
  method: 'POST',
  path: '/api_keys',
  summary: 'Create a key; the answer is the only place where it is shown',
  tag,
  scope: 'admin',
  status: 201,
  secret: true,
  schemas: { body: newApiKeyJson, answer: newApiKeyAnswer },
})

/** `POST /api_keys/{api_key_id}/rotate` */
export const rotateApiKey = operation({
  id: 'rotateApiKey',
  method: 'POST',
  path: '/api_keys/{api_key_id}/rotate',
  summary: 'Create a key that may the same, and let the old one hold a while longer',
  tag,
  scope: 'admin',
  status: 201,
  secret: true,
  schemas: { params: apiKeyParams, body: rotateApiKeyJson, answer: newApiKeyAnswer },
  errors: ['api_key_not_found', 'api_key_ended'],
})

/** `DELETE /api_keys/{api_key_id}` */
export const revokeApiKey = operation({
  id: 'revokeApiKey',
  method: 'DELETE',
  path: '/api_keys/{api_key_id}',
  summary: 'Revoke a key: it holds no longer, from this moment',
  tag,
  scope: 'admin',
  status: 204,
  schemas: { params: apiKeyParams },
  errors: ['api_key_not_found'],
})
