import type { ServerResponse } from 'node:http'
import { RequestRefused } from '@bailiwick/wire'
import type { Log } from '../operating/log.js'
import type { Observer } from '../operating/observer.js'
import type { SentAnswer } from '../replay/answer-note.js'
import type { ArrivingRequest } from './arriving-request.js'
import { hasBody, mustBeReadable } from './body-rules.js'
import type { Door } from './door.js'
import type { Endpoint } from './endpoint.js'
import { Exchange } from './exchange.js'
import { requestIdOf } from './request-id.js'
import type { Router } from './router.js'
import { errorToSend, sendAnswer } from './send-answer.js'
import { parseStrictJson } from './strict-json.js'
import { pathOf } from './target.js'
import { unknownRoute } from './unknown-route.js'

/** What requests are answered with. */
export interface AnsweringParts {
  readonly router: Router<Endpoint>
  readonly door: Door
  /** Hear of every request that is answered. */
  readonly observers: readonly Observer[]
  /** Where failures of the service are told, which no answer tells. */
  readonly log: Log | undefined
}

/**
 * The way of every request: its route, the door, its body, and the answer, or the error in place of it. What is known
 * at once is answered in the same turn: a promise or a listener more for each request would cost as much as its
 * decision.
 */
export class RequestAnswerer {
  readonly #parts: AnsweringParts
  /** Whether every answer is the last one on its connection. */
  isStopping = false

  constructor(parts: AnsweringParts) {
    this.#parts = parts
  }

  readonly answer = (request: ArrivingRequest, response: ServerResponse): void => {
    const id = requestIdOf(request.headers['x-request-id'])
    const exchange = new Exchange(request, response, id, performance.now())
    try {
      const endpoint = this.#route(exchange)
      const entering = this.#parts.door.enter(exchange, endpoint)
      if (entering === undefined) this.#read(exchange, endpoint)
      else entering.then(() => this.#read(exchange, endpoint)).catch((error) => this.#fail(exchange, error))
    } catch (error) {
      this.#fail(exchange, error)
    }
  }

  /** Answer a request whose `Expect` nobody here meets, which Node tells apart. */
  readonly refuseExpectation = (request: ArrivingRequest, response: ServerResponse): void => {
    const exchange = new Exchange(
      request,
      response,
      requestIdOf(request.headers['x-request-id']),
      performance.now(),
    )
    this.#fail(
      exchange,
      new RequestRefused('expectation_unknown', 'nothing but `100-continue` can be expected'),
    )
  }

  /** @throws {RequestRefused} when nothing takes it. */
  #route(exchange: Exchange): Endpoint {
    const { request } = exchange
    if (request.headers.host === undefined && request.httpVersion === '1.1') {
      throw new RequestRefused('request_malformed', 'the header `Host` is missing')
    }
    const { router } = this.#parts
    const method = request.method as string
    const path = pathOf(request)
    // What can be got can be asked about: Node then leaves out the body. Of a stream nothing would be left.
    const isHead = method === 'HEAD'
    const found = router.find(isHead ? 'GET' : method, path)
    if (found === undefined || (isHead && found.target.kind === 'stream')) {
      throw unknownRoute(exchange, router.methodsOf(path))
    }
    exchange.entrance = found.target
    exchange.params = found.params
    return found.target
  }

  #read(exchange: Exchange, endpoint: Endpoint): void {
    const { request } = exchange
    if (hasBody(request)) {
      mustBeReadable(request)
      request.gather((body) => this.#take(exchange, endpoint, body))
    } else {
      this.#run(exchange, endpoint)
    }
  }

  #take(exchange: Exchange, endpoint: Endpoint, body: Buffer | RequestRefused): void {
    try {
      if (body instanceof RequestRefused) throw body
      // Read as bytes: UTF-8 that is more than ASCII is none of the forms that a route reads by itself.
      exchange.readByRoute = endpoint.readBody?.(body.toString('latin1'))
      if (exchange.readByRoute === undefined) exchange.body = parseStrictJson(body)
      this.#run(exchange, endpoint)
    } catch (error) {
      this.#fail(exchange, error)
    }
  }

  #run(exchange: Exchange, endpoint: Endpoint): void {
    const answer = endpoint.answer(exchange)
    if (answer instanceof Promise)
      answer.then((known) => this.#send(exchange, known)).catch((error) => this.#fail(exchange, error))
    else this.#send(exchange, answer)
  }

  /** A stream has sent what there was. */
  #send(exchange: Exchange, answer: SentAnswer | undefined): void {
    if (answer !== undefined) {
      if (this.isStopping) exchange.response.setHeader('connection', 'close')
      sendAnswer(exchange, answer)
    }
    this.#leave(exchange, answer)
  }

  #fail(exchange: Exchange, error: unknown): void {
    const { id, response } = exchange
    const answer = errorToSend(exchange, error)
    if (answer.status >= 500 && answer.status !== 503)
      this.#parts.log?.error({ requestId: id, err: error }, 'request failed')
    if (response.headersSent) {
      // What has begun cannot become another answer: it is broken off, so that nobody takes it for a whole one.
      response.destroy()
      this.#leave(exchange, answer)
    } else {
      // What is left of its body would stand before the next request.
      if (answer.status === 413) response.setHeader('connection', 'close')
      this.#send(exchange, answer)
    }
  }

  #leave(exchange: Exchange, answer: SentAnswer | undefined): void {
    const { door, observers } = this.#parts
    door.leave(exchange)
    const { id: requestId, request, entrance, startedAt, keyId } = exchange
    const isHeard = entrance === undefined || entrance.kind === 'request'
    if (answer === undefined || !isHeard || observers.length === 0) return
    const method = request.method as string
    const route = entrance?.path ?? null
    const ms = performance.now() - startedAt
    const answered = { requestId, method, route, status: answer.status, ms, keyId }
    for (const hear of observers) hear(answered)
  }
}
