import type { ArgumentsHost } from '@nestjs/common'
import { graphqlArguments } from './graphql-field.js'

/** How a handler is called, in Nest's own words. */
export type CallKind = 'http' | 'graphql' | 'ws' | 'rpc'

const kinds: ReadonlySet<string> = new Set<CallKind>(['http', 'graphql', 'ws', 'rpc'])

/** How the handler is called; `undefined` for a way that the guard knows nothing of. */
export function callKindOf(host: ArgumentsHost): CallKind | undefined {
  const kind = host.getType<string>()
  return kinds.has(kind) ? (kind as CallKind) : undefined
}

/**
 * The object that stands for this one call: what the guard finds out is kept with it, for the handler. Two fields of
 * one query are two calls, and two messages of one connection as well.
 *
 * @returns `undefined` for a message that is no object, and so for nothing that could be told apart.
 */
export function carrierOf(host: ArgumentsHost): object | undefined {
  switch (callKindOf(host)) {
    case 'http':
      return host.getArgByIndex<object>(0)
    case 'graphql':
      return graphqlArguments(host).call
    case 'ws':
      return asObject(host.switchToWs().getData<unknown>())
    case 'rpc':
      return asObject(host.switchToRpc().getContext<unknown>())
    default:
      return undefined
  }
}

function asObject(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null ? value : undefined
}
