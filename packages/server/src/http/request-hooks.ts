import type { KeyScope } from '@bailiwick/wire'
import type { FastifyReply, FastifyRequest, onRequestHookHandler, onResponseHookHandler } from 'fastify'
import { authenticate, type KeyFinder } from '../keys/authenticate.js'
import type { Admission } from '../limits/admission.js'
import type { RateLimiter } from '../limits/rate-limit.js'
import type { Observer } from '../operating/observer.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The id of the key that asks. */
    keyId: string | undefined
    /** The pattern of its route; `null` where none takes it, and `undefined` where nobody is to hear of it. */
    pattern: string | null | undefined
    /** Whether it counts among the requests under way. */
    admitted: boolean
  }
}

/** What happens before the body of a request is read, and after it is answered. */
export interface RequestHooks {
  /** Turns it away when there is too much to do. The pattern is that of its route. */
  readonly enter: (pattern: string) => onRequestHookHandler
  /** Lets it pass with a key that may do this, and not too often. */
  readonly authenticate: (scope: KeyScope | 'public') => onRequestHookHandler
  /** Counts it, once it is answered. */
  readonly leave: onResponseHookHandler
}

/** What the hooks are made of. */
export interface HookParts {
  readonly keys: KeyFinder
  readonly admission: Admission
  readonly limit: RateLimiter | undefined
  readonly observers: readonly Observer[]
}

/** The hooks of every route. They call back rather than promise: a request that is let pass waits for nothing. */
export function requestHooks({ keys, admission, limit, observers }: HookParts): RequestHooks {
  const admit = (request: FastifyRequest, keyId: string) => {
    request.keyId = keyId
    limit?.(keyId)
  }
  return {
    enter: (pattern) => (request, _reply, done) => {
      request.pattern = pattern
      try {
        admission.enter()
        request.admitted = true
        done()
      } catch (error) {
        done(error as Error)
      }
    },
    authenticate: (scope) => {
      if (scope === 'public') return (_request, _reply, done) => done()
      return (request, _reply, done) => {
        try {
          const key = authenticate(keys, request.headers, scope)
          if (key instanceof Promise) {
            key.then(({ id }) => admit(request, id)).then(() => done(), done)
            return
          }
          admit(request, key.id)
        } catch (error) {
          done(error as Error)
          return
        }
        done()
      }
    },
    leave: (request, reply, done) => {
      if (request.admitted) admission.leave()
      if (request.pattern !== undefined) observe(observers, request, reply, request.pattern)
      done()
    },
  }
}

function observe(
  observers: readonly Observer[],
  request: FastifyRequest,
  reply: FastifyReply,
  route: string | null,
): void {
  if (observers.length === 0) return
  const { id: requestId, method, keyId } = request
  const answered = { requestId, method, route, status: reply.statusCode, ms: reply.elapsedTime, keyId }
  for (const hear of observers) hear(answered)
}
