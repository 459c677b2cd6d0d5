import type { RequestView } from '@bailiwick/client'
import type { ArgumentsHost } from '@nestjs/common'
import { rawHeadersOf } from '../request.js'
import { callKindOf } from './call.js'
import { openingRequest } from './graphql-connection.js'
import { graphqlArguments, graphqlCaller } from './graphql-field.js'

const nothing = { params: {}, query: {}, body: undefined, rawHeaders: [] }

/** A GraphQL field or a message as locators read it. */
export function operationViewOf(host: ArgumentsHost): RequestView {
  switch (callKindOf(host)) {
    case 'graphql': {
      const { args, parent } = graphqlArguments(host)
      const caller = graphqlCaller(host)
      const native = 'connection' in caller ? openingRequest(caller.connection) : caller.request
      return {
        ...nothing,
        rawHeaders: native === undefined ? [] : rawHeadersOf(native),
        args,
        parent,
        native,
      }
    }
    case 'ws': {
      const ws = host.switchToWs()
      return { ...nothing, args: ws.getData(), native: ws.getClient() }
    }
    default: {
      const rpc = host.switchToRpc()
      return { ...nothing, args: rpc.getData(), native: rpc.getContext() }
    }
  }
}
