import { IncomingMessage } from 'node:http'
import type { RequestAuthorization } from '@bailiwick/client'

type Read = (req: IncomingMessage) => RequestAuthorization | undefined

const showing = new WeakSet<object>()

/**
 * Let handlers read `req.authz`: by a getter on the prototype that all requests of Express share, which Express leaves
 * to be extended, and only without Express as a property of the request. To put one there costs more than a decision.
 */
export function showAuthz(req: IncomingMessage, read: Read): void {
  // Whoever has put one of her own on the request has verified nothing.
  if (isShownBy(Object.getPrototypeOf(req), read) && !Object.hasOwn(req, 'authz')) return
  ;(req as { authz?: RequestAuthorization | undefined }).authz = read(req)
}

function isShownBy(prototype: object, read: Read): boolean {
  if (showing.has(prototype)) return true
  const shared = sharedBy(prototype)
  if (shared === undefined) return false
  if (!showing.has(shared)) {
    // That is another copy of this package, or an application that has extended Express itself.
    if (Object.hasOwn(shared, 'authz')) return false
    Object.defineProperty(shared, 'authz', accessor(read))
    showing.add(shared)
  }
  showing.add(prototype)
  return true
}

/** `express.request`, from which the requests of every application inherit, those of mounted ones as well. */
function sharedBy(prototype: object): object | undefined {
  let each: object | null = prototype
  while (each !== null && each !== IncomingMessage.prototype) {
    const next: object | null = Object.getPrototypeOf(each)
    if (next === IncomingMessage.prototype) return each
    each = next
  }
  return undefined
}

function accessor(read: Read): PropertyDescriptor {
  return {
    configurable: true,
    enumerable: true,
    get(this: IncomingMessage) {
      return read(this)
    },
    // As with any property of a request: whoever writes it reads what she has written.
    set(this: IncomingMessage, value: unknown) {
      Object.defineProperty(this, 'authz', { value, configurable: true, enumerable: true, writable: true })
    },
  }
}
