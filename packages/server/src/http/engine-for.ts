import type { Actor, Origin, ServiceEngine } from '@bailiwick/core'
import { parseActorHeader } from '@bailiwick/wire'

/** Who asks, and in which request. */
export interface Asker {
  readonly requestId: string
  /** The id of the key; `undefined` where none is needed. */
  readonly keyId: string | undefined
  /** What the header `Bailiwick-Actor` says. */
  readonly saidActor: string | undefined
}

/**
 * The engine of whoever asks: what it writes says who, by which key, and in answer to which request.
 *
 * @throws {RequestRefused}, {InputInvalid} for a header `Bailiwick-Actor` that names nobody.
 */
export type EngineFor = (asker: Asker) => ServiceEngine

export function enginesFor(engine: ServiceEngine): EngineFor {
  return (asker) => engine.as({ ...authorOf(asker), requestId: asker.requestId })
}

function authorOf({ keyId, saidActor }: Asker): Origin {
  const key = actorOf(keyId)
  return saidActor === undefined || keyId === undefined
    ? { actor: key }
    : { ...parseActorHeader(saidActor), via: key }
}

/** Without a key there is nobody but the service: routes where people sign in. */
function actorOf(keyId: string | undefined): Actor {
  return keyId === undefined ? { type: 'system', id: 'server' } : { type: 'api_key', id: keyId }
}
