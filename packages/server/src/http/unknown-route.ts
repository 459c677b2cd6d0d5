import type { HttpMethod } from '@bailiwick/wire'
import { RequestRefused } from '@bailiwick/wire'

/** What a server answers to a request that no route takes. */
export interface UnknownRoute {
  readonly error: RequestRefused
  /** The methods that this path has; empty where there is no such path. */
  readonly allowed: readonly HttpMethod[]
}

/** Tell a path that does not exist from one that exists under another method. */
export function unknownRoutes(
  routes: readonly { readonly method: HttpMethod; readonly path: string }[],
): (method: string, url: string) => UnknownRoute {
  const patterns = routes.map(({ method, path }) => ({
    method,
    matches: new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`),
  }))
  return (method, url) => {
    const path = url.split('?', 1)[0] as string
    const allowed = [
      ...new Set(patterns.filter(({ matches }) => matches.test(path)).map((each) => each.method)),
    ]
    return allowed.length === 0
      ? { allowed, error: new RequestRefused('route_unknown', 'there is no such route') }
      : {
          allowed,
          error: new RequestRefused(
            'method_not_allowed',
            `this route takes ${allowed.join(', ')}, not ${method}`,
          ),
        }
  }
}
