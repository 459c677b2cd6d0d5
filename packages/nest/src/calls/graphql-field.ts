import { Misconfigured } from '@bailiwick/core'
import type { ArgumentsHost } from '@nestjs/common'
import type { HttpRequest } from '../request.js'

/** What a resolver is called with. */
export interface GraphqlArguments {
  /** The object whose field is resolved; `undefined` for a query or a mutation. */
  readonly parent: unknown
  readonly args: unknown
  readonly context: unknown
  /** Made anew for each field. */
  readonly info: object
}

/** The arguments of a resolver, in the order in which every GraphQL server passes them. */
export function graphqlArguments(host: ArgumentsHost): GraphqlArguments {
  const [parent, args, context, info] = host.getArgs<[unknown, unknown, unknown, object]>()
  return { parent, args, context, info }
}

/**
 * The request that brought a query: where the drivers of Apollo and Mercurius put it.
 *
 * @throws {Misconfigured} when the context of the query holds none.
 */
export function requestOfQuery(host: ArgumentsHost): HttpRequest {
  const { req, request, reply } = (graphqlArguments(host).context ?? {}) as {
    readonly req?: HttpRequest
    readonly request?: HttpRequest
    readonly reply?: { readonly request?: HttpRequest }
  }
  const found = req ?? request ?? reply?.request
  if (typeof found === 'object' && found !== null) return found
  throw new Misconfigured(
    'the context of a GraphQL query holds no request: return `{ req }` from `context` of the GraphQL module',
  )
}
