import { isAuthorizationError } from '@bailiwick/core'
import { type Operation, parseFields, parseParams, RequestRefused, renderError } from '@bailiwick/wire'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AnsweredOnce, SentAnswer } from '../replay/answered-once.js'
import { idempotencyKeyOf } from '../replay/idempotency-key.js'
import { readConsistency } from './read-consistency.js'
import type { RequestHooks } from './request-hooks.js'
import type { Answered, AnswerInspector, RequestContext, Route } from './route.js'
import { sendAnswer, toSend } from './send-answer.js'

/** What stands around every handler. */
export interface RouteSurroundings {
  readonly hooks: RequestHooks
  /** Absent where no answer is to be remembered. */
  readonly answered: AnsweredOnce | undefined
  readonly inspect: AnswerInspector | undefined
}

/** Answer an operation under its method and path. */
export function mountRoute(
  app: FastifyInstance,
  route: Route,
  { hooks, answered, inspect }: RouteSurroundings,
): void {
  const { operation, handle } = route
  const read = inputReader(operation)
  const finish = (answer: Answered<unknown>): SentAnswer => {
    inspect?.(operation, answer)
    return toSend(answer, operation.status)
  }
  const run = (request: FastifyRequest, input: Input) => {
    const answer = handle(input, contextOf(request))
    return answer instanceof Promise ? answer.then(finish) : finish(answer)
  }
  const answer = answered !== undefined && isRepeatable(operation) ? onceOnly(run, answered) : run
  app.route({
    method: operation.method,
    // Braces become colons; a colon that is part of the path itself is written twice there.
    url: operation.path.replaceAll(':', '::').replace(/\{(\w+)\}/g, ':$1'),
    config: route.renderError === undefined ? {} : { renderError: route.renderError },
    onRequest: hooks.enter(operation.path, operation.scope),
    // Not async: what is known at once is answered at once, and Fastify would await the reply as well.
    handler: (request, reply) => {
      const sent = answer(request, read(request))
      if (!(sent instanceof Promise)) return sendAnswer(reply, sent)
      sent.then((known) => sendAnswer(reply, known)).catch((error: unknown) => reply.send(error))
    },
  })
}

type AnswerTo = (request: FastifyRequest, input: Input) => SentAnswer | Promise<SentAnswer>

/** Answer a request with an `Idempotency-Key` once, and then the same again. */
function onceOnly(run: AnswerTo, answered: AnsweredOnce): AnswerTo {
  return async (request, input) => {
    const idempotencyKey = idempotencyKeyOf(request.headers)
    const { method, url, body, keyId } = request
    if (idempotencyKey === undefined || keyId === undefined) return run(request, input)
    const repeatable = { apiKeyId: keyId, idempotencyKey, method, url, body }
    return answered.answer(repeatable, () => orRefusal(() => run(request, input), request.id))
  }
}

/** A POST that changes something, and whose answer may be kept. */
function isRepeatable({ method, scope, secret }: Operation): boolean {
  return method === 'POST' && (scope === 'write' || scope === 'admin') && secret !== true
}

/** What the caller can mend is an answer like any other, and is remembered like one. */
async function orRefusal(
  run: () => SentAnswer | Promise<SentAnswer>,
  requestId: string,
): Promise<SentAnswer> {
  try {
    return await run()
  } catch (error) {
    if (!isAuthorizationError(error)) throw error
    const { status, body } = renderError(error, requestId)
    if (status >= 500) throw error
    return { status, body: JSON.stringify(body), token: null, headers: {} }
  }
}

function contextOf(request: FastifyRequest): RequestContext {
  return { requestId: request.id, keyId: request.keyId, consistency: readConsistency(request.headers) }
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
