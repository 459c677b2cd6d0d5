import type { Actor, ServiceEngine } from '@bailiwick/core'

/** Who asks, and in which request. */
export interface Asker {
  readonly requestId: string
  /** The id of the key; `undefined` where none is needed. */
  readonly keyId: string | undefined
}

/** The engine of whoever asks: what it writes says by which key, and in answer to which request. */
export type EngineFor = (asker: Asker) => ServiceEngine

export function enginesFor(engine: ServiceEngine): EngineFor {
  return ({ keyId, requestId }) => engine.as({ actor: actorOf(keyId), requestId })
}

/** Without a key there is nobody but the service: routes where people sign in. */
function actorOf(keyId: string | undefined): Actor {
  return keyId === undefined ? { type: 'system', id: 'server' } : { type: 'api_key', id: keyId }
}
