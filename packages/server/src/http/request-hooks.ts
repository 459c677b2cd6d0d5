import type { KeyScope } from '@bailiwick/wire'
import type { FastifyReply, FastifyRequest, onRequestHookHandler, onResponseHookHandler } from 'fastify'
import { authenticator, type KeyFinder } from '../keys/authenticate.js'
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
  /** Lets it pass when there is not too much to do, with a key that may do this, and not too often. */
  readonly enter: (pattern: string, scope: KeyScope | 'public') => onRequestHookHandler
  /** Lets it pass with a key that may do this, however much there is to do. */
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
  const authenticate = authenticator(keys)
  const admit = (request: FastifyRequest, keyId: string) => {
    request.keyId = keyId
    limit?.(keyId)
  }
  const mustHoldKey = (
    request: FastifyRequest,
    scope: KeyScope | 'public',
    done: (error?: Error) => void,
  ) => {
    if (scope === 'public') return done()
    const key = authenticate(request.headers, scope)
    if (key instanceof Promise) {
      key.then(({ id }) => admit(request, id)).then(() => done(), done)
      return
    }
    admit(request, key.id)
    done()
  }
  return {
    enter: (pattern, scope) =>
      orFail((request, done) => {
        request.pattern = pattern
        admission.enter()
        request.admitted = true
        mustHoldKey(request, scope, done)
      }),
    authenticate: (scope) => orFail((request, done) => mustHoldKey(request, scope, done)),
    leave: (request, reply, done) => {
      if (request.admitted) admission.leave()
      if (request.pattern !== undefined) observe(observers, request, reply, request.pattern)
      done()
    },
  }
}

/** A hook that tells what is thrown. What comes after it in the request tells its own errors, and throws none here. */
function orFail(
  hook: (request: FastifyRequest, done: (error?: Error) => void) => void,
): onRequestHookHandler {
  return (request, _reply, done) => {
    try {
      hook(request, done)
    } catch (error) {
      done(error as Error)
    }
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
