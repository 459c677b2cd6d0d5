import { authenticator, type KeyFinder } from '../keys/authenticate.js'
import type { Admission } from '../limits/admission.js'
import type { RateLimiter } from '../limits/rate-limit.js'
import type { Entrance } from './entrance.js'
import type { Exchange } from './exchange.js'

/** What the door is made of. */
export interface DoorParts {
  readonly keys: KeyFinder
  readonly admission: Admission
  /** Absent where no key is limited. */
  readonly limit: RateLimiter | undefined
}

/** Where requests are let in, before their bodies are read. */
export interface Door {
  /**
   * Let a request pass when there is not too much to do, with a key that may do this, and not too often. At once where
   * the key is known.
   *
   * @throws {TryLater} @throws {ApiKeyRefused} @throws {ApiKeyScopeMissing}
   */
  readonly enter: (exchange: Exchange, entrance: Entrance) => Promise<void> | undefined
  /** Count a request as many, against the limit of its key. */
  readonly charge: (exchange: Exchange, requests: number) => void
  /** Whoever is answered leaves, also who was not let in. */
  readonly leave: (exchange: Exchange) => void
}

/** The one way in. */
export function openDoor({ keys, admission, limit }: DoorParts): Door {
  const authenticate = authenticator(keys)
  const know = (exchange: Exchange, keyId: string) => {
    exchange.keyId = keyId
    limit?.enter(keyId)
  }
  return {
    enter: (exchange, { kind, scope }) => {
      if (kind === 'request') {
        admission.enter()
        exchange.isAdmitted = true
      }
      if (scope === 'public') return
      const key = authenticate(exchange.request.headers, scope)
      if (key instanceof Promise) return key.then(({ id }) => know(exchange, id))
      know(exchange, key.id)
      return
    },
    charge: ({ keyId }, requests) => {
      // One it was when it came in.
      if (keyId !== undefined && requests > 1) limit?.charge(keyId, requests - 1)
    },
    leave: (exchange) => {
      if (!exchange.isAdmitted) return
      exchange.isAdmitted = false
      admission.leave()
    },
  }
}
