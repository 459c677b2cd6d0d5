import type { IncomingMessage } from 'node:http'

/** A connection of the protocol `graphql-transport-ws`, as the package `graphql-ws` tells of it. */
export interface GraphqlConnection {
  /** What the client said when it connected. */
  readonly connectionParams?: unknown
  readonly extra?: unknown
}

/** Whether something is what `graphql-ws` tells of a connection, and no HTTP request. */
export function isGraphqlConnection(value: unknown): value is GraphqlConnection {
  return requestIn(value) !== undefined
}

/** The request that opened a connection, if it is known. */
export function openingRequest({ extra }: GraphqlConnection): IncomingMessage | undefined {
  return requestIn({ extra })
}

/**
 * What a connection came with, as headers: those of the request that opened it, and `authorization` of its parameters,
 * since browsers put no headers on connections.
 */
export function upgradeOfGraphql(connection: GraphqlConnection): { readonly rawHeaders: readonly string[] } {
  const { connectionParams: params } = connection
  return {
    rawHeaders: [
      ...(openingRequest(connection)?.rawHeaders ?? []),
      ...[params, fieldOf(params, 'headers')].flatMap(authorizationIn),
    ],
  }
}

function authorizationIn(params: unknown): readonly string[] {
  if (typeof params !== 'object' || params === null) return []
  return Object.entries(params).flatMap(([name, value]) =>
    name.toLowerCase() === 'authorization' && typeof value === 'string' ? [name, value] : [],
  )
}

function requestIn(connection: unknown): IncomingMessage | undefined {
  const request = fieldOf(fieldOf(connection, 'extra'), 'request')
  return Array.isArray(fieldOf(request, 'rawHeaders')) ? (request as IncomingMessage) : undefined
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}
