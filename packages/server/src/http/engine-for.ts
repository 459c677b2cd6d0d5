import type { Actor, ServiceEngine } from '@bailiwick/core'
import type { RequestContext } from './route.js'

/** The engine of whoever asks: what it writes says by which key, and in answer to which request. */
export type EngineFor = (context: Pick<RequestContext, 'keyId' | 'requestId'>) => ServiceEngine

export function enginesFor(engine: ServiceEngine): EngineFor {
  return ({ keyId, requestId }) => engine.as({ actor: actorOf(keyId), requestId })
}

/** Without a key there is nobody but the service: routes where people sign in. */
function actorOf(keyId: string | undefined): Actor {
  return keyId === undefined ? { type: 'system', id: 'server' } : { type: 'api_key', id: keyId }
}
