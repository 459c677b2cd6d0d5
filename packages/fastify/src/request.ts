import type { RequestAuthorization, RequestView } from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'
import type { FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * Who sends this request, and what she may do. Set by the plugin `authorization`.
     *
     * @throws {Misconfigured} before its first hook has run.
     */
    readonly authz: RequestAuthorization
  }
}

/** What a guard reads of Fastify's request, whatever server and types the application has. */
export interface GuardedRequest {
  readonly method: string
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly raw: { readonly rawHeaders: readonly string[] }
  readonly routeOptions: { readonly url?: string | undefined }
}

// Behind a name that nobody else has: no header, body or other plugin can put something there that looks like it.
const authorizationKey = Symbol('authorization')

interface Attachable {
  [authorizationKey]?: RequestAuthorization
}

/** Bind a request to its session. */
export function attach(request: object, authorization: RequestAuthorization): void {
  const attachable: Attachable = request
  attachable[authorizationKey] = authorization
}

/** What the plugin has found out about a request, if it has run. */
export function attached(request: object): RequestAuthorization | undefined {
  return (request as Attachable)[authorizationKey]
}

/** @throws {Misconfigured} when the plugin has not run before. */
export function authorizationOf(request: object): RequestAuthorization {
  const authorization = attached(request)
  if (authorization !== undefined) return authorization
  throw new Misconfigured(
    'a guard runs without the plugin: `await app.register(authorization, { authorizer })` before the routes',
  )
}

/** The request as locators read it. */
export function viewOf(request: GuardedRequest): RequestView<FastifyRequest> {
  return new FastifyRequestView(request as FastifyRequest)
}

// Getters of a class: what no locator asks for is not read.
class FastifyRequestView implements RequestView<FastifyRequest> {
  constructor(readonly native: FastifyRequest) {}

  get params(): RequestView['params'] {
    return (this.native.params ?? {}) as RequestView['params']
  }

  get query(): RequestView['query'] {
    return (this.native.query ?? {}) as RequestView['query']
  }

  get body(): unknown {
    return this.native.body
  }

  get rawHeaders(): readonly string[] {
    return this.native.raw.rawHeaders
  }
}
