import { isAuthorizationError } from '@bailiwick/core'
import {
  actorHeader,
  fieldsReader,
  type Operation,
  paramsReader,
  type RequestReader,
  RequestRefused,
  renderError,
} from '@bailiwick/wire'
import type { SentAnswer } from '../replay/answer-note.js'
import type { AnsweredOnce } from '../replay/answered-once.js'
import { idempotencyKeyOf } from '../replay/idempotency-key.js'
import type { Door } from './door.js'
import type { Endpoint } from './endpoint.js'
import type { Exchange } from './exchange.js'
import { readConsistency } from './read-consistency.js'
import type { Answered, AnswerInspector, RequestContext, Route, WrittenAnswer } from './route.js'
import { textToSend, toSend } from './send-answer.js'
import { queryOf } from './target.js'

/** What stands around every handler. */
export interface RouteSurroundings {
  /** Absent where no answer is to be remembered. */
  readonly answered?: AnsweredOnce | undefined
  readonly inspect?: AnswerInspector | undefined
  readonly door: Pick<Door, 'charge'>
}

/** An operation under its method and path: its input is read, and its answer written, as its schemas say. */
export function operationEndpoint(route: Route, { answered, inspect, door }: RouteSurroundings): Endpoint {
  const { operation, handle, renderError, weigh, readBody } = route
  const { method, path, scope } = operation
  const read = inputReader(operation)
  const finish = (answer: Answered<unknown> | WrittenAnswer): SentAnswer => {
    if ('json' in answer) {
      inspect?.(operation, { body: JSON.parse(answer.json) as unknown })
      return textToSend(answer.json, undefined, operation.status)
    }
    inspect?.(operation, answer)
    return toSend(answer, operation.status)
  }
  // Not async: what is known at once is answered at once.
  const run: Answer = (exchange, input) => {
    const answer = handle(input, contextOf(exchange))
    return answer instanceof Promise ? answer.then(finish) : finish(answer)
  }
  const answer = answered !== undefined && isRepeatable(operation) ? onceOnly(run, answered) : run
  return {
    method,
    path,
    scope,
    kind: 'request',
    renderError,
    readBody,
    answer: (exchange) => {
      const input = read(exchange)
      if (weigh !== undefined) door.charge(exchange, weigh(input))
      return answer(exchange, input)
    },
  }
}

type Answer = (exchange: Exchange, input: Input) => SentAnswer | Promise<SentAnswer>

/** Answer a request with an `Idempotency-Key` once, and then the same again. */
function onceOnly(run: Answer, answered: AnsweredOnce): Answer {
  return async (exchange, input) => {
    const { request, keyId, body, id } = exchange
    const idempotencyKey = idempotencyKeyOf(request.headers)
    if (idempotencyKey === undefined || keyId === undefined) return run(exchange, input)
    const { method = '', url = '' } = request
    const repeatable = { apiKeyId: keyId, idempotencyKey, method, url, body }
    return answered.answer(repeatable, () => orRefusal(() => run(exchange, input), id))
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

function contextOf({ id, keyId, request }: Exchange): RequestContext {
  const { headers } = request
  // Of two headers, Node joins the texts: what that comes to names nobody.
  const saidActor = headers[actorHeader] as string | undefined
  return { requestId: id, keyId, saidActor, consistency: readConsistency(headers) }
}

type Input = Parameters<Route['handle']>[0]

function inputReader({ schemas: { params, query, body } }: Operation): (exchange: Exchange) => Input {
  const readParams = params === undefined ? nothing : paramsReader(params)
  const readQuery = query === undefined ? nothing : fieldsReader(query)
  const readBody = body === undefined ? nothing : bodyReader(body)
  return (exchange) => ({
    params: readParams(exchange.params),
    query: query === undefined ? undefined : readQuery(queryOf(exchange.request)),
    body: exchange.readByRoute ?? readBody(exchange.body),
  })
}

function nothing(): undefined {
  return undefined
}

function bodyReader(schema: NonNullable<Operation['schemas']['body']>): RequestReader {
  const read = fieldsReader(schema)
  if (schema.safeParse(undefined).success) return read
  return (body) => {
    if (body === undefined) throw new RequestRefused('request_malformed', 'a JSON body is required')
    return read(body)
  }
}
