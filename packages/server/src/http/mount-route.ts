import { type Operation, parseFields, parseParams, RequestRefused } from '@bailiwick/wire'
import type { FastifyInstance, FastifyRequest, onRequestHookHandler } from 'fastify'
import { readConsistency } from './read-consistency.js'
import type { Answered, Route } from './route.js'
import { sendAnswer } from './send-answer.js'

/** What stands around every handler. */
export interface RouteHooks {
  /** Lets a request pass whose key may do this; runs before its body is read. */
  readonly authenticate: (operation: Operation) => onRequestHookHandler
}

/** Answer an operation under its method and path. */
export function mountRoute(app: FastifyInstance, { operation, handle }: Route, hooks: RouteHooks): void {
  const read = inputReader(operation)
  app.route({
    method: operation.method,
    // Braces become colons; a colon that is part of the path itself is written twice there.
    url: operation.path.replaceAll(':', '::').replace(/\{(\w+)\}/g, ':$1'),
    onRequest: hooks.authenticate(operation),
    handler: async (request, reply) => {
      const answered: Answered<unknown> = await handle(read(request), {
        requestId: request.id,
        keyId: request.keyId,
        consistency: readConsistency(request.headers),
      })
      return sendAnswer(reply, answered, operation.status)
    },
  })
}

type Input = Parameters<Route['handle']>[0]

function inputReader({ schemas: { params, query, body } }: Operation): (request: FastifyRequest) => Input {
  return (request) => ({
    params: params === undefined ? undefined : parseParams(params, request.params),
    query: query === undefined ? undefined : parseFields(query, request.query),
    body: body === undefined ? undefined : parseBody(body, request.body),
  })
}

function parseBody(schema: NonNullable<Operation['schemas']['body']>, body: unknown): unknown {
  if (body === undefined && !schema.safeParse(undefined).success) {
    throw new RequestRefused('request_malformed', 'a JSON body is required')
  }
  return parseFields(schema, body)
}
