import { Misconfigured } from '@bailiwick/core'
import type { ArgumentsHost } from '@nestjs/common'
import type { HttpRequest } from '../request.js'
import { type GraphqlConnection, isGraphqlConnection } from './graphql-connection.js'

/** What a resolver is called with. */
export interface GraphqlArguments {
  /** The object whose field is resolved, or a reference of another subgraph; `undefined` for a query or a mutation. */
  readonly parent: unknown
  readonly args: unknown
  readonly context: unknown
  /** What is made anew for this one call, and stands for it. */
  readonly call: object
}

/** The arguments of a resolver, in the order in which every GraphQL server passes them. */
export function graphqlArguments(host: ArgumentsHost): GraphqlArguments {
  const given = host.getArgs<unknown[]>()
  // A reference takes no arguments, and all references of a query share what is told of their field.
  if (given.length === 3) {
    const [reference, context] = given
    return { parent: reference, args: undefined, context, call: reference as object }
  }
  const [parent, args, context, info] = given
  return { parent, args, context, call: info as object }
}

/** What brought an operation: a request of its own, or a connection that brings many. */
export type GraphqlCaller = { readonly request: HttpRequest } | { readonly connection: GraphqlConnection }

/**
 * What brought a GraphQL operation, from where the drivers of Apollo and Mercurius put it.
 *
 * @throws {Misconfigured} when the context of the operation holds neither a request nor a connection.
 */
export function graphqlCaller(host: ArgumentsHost): GraphqlCaller {
  const context = (graphqlArguments(host).context ?? {}) as ContextOfDrivers
  const { req, request, reply } = context
  if (isGraphqlConnection(req)) return { connection: req }
  if (isGraphqlConnection(context)) return { connection: context }
  // Of Mercurius, on connections alone.
  if ('_connectionInit' in context) {
    return { connection: { connectionParams: context._connectionInit, extra: { request: request?.raw } } }
  }
  const found = req ?? request ?? reply?.request
  if (typeof found === 'object' && found !== null) return { request: found }
  throw new Misconfigured(
    'the context of a GraphQL query holds no request: return `{ req }` from `context` of the GraphQL module',
  )
}

interface ContextOfDrivers {
  readonly req?: HttpRequest
  readonly request?: HttpRequest
  readonly reply?: { readonly request?: HttpRequest }
  readonly _connectionInit?: unknown
}
