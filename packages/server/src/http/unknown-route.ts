import { RequestRefused } from '@bailiwick/wire'
import type { Exchange } from './exchange.js'

/** Tell a path that does not exist from one that exists under other methods, which the answer lists. */
export function unknownRoute({ request, response }: Exchange, methods: readonly string[]): RequestRefused {
  if (methods.length === 0) return new RequestRefused('route_unknown', 'there is no such route')
  const allowed = methods.join(', ')
  response.setHeader('allow', allowed)
  return new RequestRefused('method_not_allowed', `this route takes ${allowed}, not ${request.method}`)
}
