import type { Operation } from '@bailiwick/wire'

/** A `fetch` that looks at every answer on its way to the SDK, and what it found wrong. */
export interface CheckedFetch {
  readonly fetch: typeof fetch
  /** What broke a promise of the API; empty when all is well. */
  readonly problems: readonly string[]
}

/**
 * Look at every answer: a success has the shape that its operation promises, an error a message and a code, all JSON
 * says so, and everything has an id by which it is found in the logs.
 */
export function checkedFetch(routes: readonly { readonly operation: Operation }[]): CheckedFetch {
  const problems: string[] = []
  const patterns = routes.map(({ operation }) => ({
    operation,
    path: new RegExp(`^${operation.path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`),
  }))
  return {
    problems,
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      const url = new URL(input instanceof Request ? input.url : input)
      const method = init?.method ?? 'GET'
      const operation = patterns.find(
        ({ operation, path }) => operation.method === method && path.test(url.pathname),
      )?.operation
      const problem = problemOf(response, await response.clone().text(), operation)
      if (problem !== undefined) problems.push(`${method} ${url.pathname}: ${problem}`)
      return response
    },
  }
}

function problemOf(response: Response, text: string, operation: Operation | undefined): string | undefined {
  if (response.headers.get('x-request-id') === null) return 'has no X-Request-ID'
  if (response.status === 204) return text === '' ? undefined : 'has a body in spite of 204'
  if (!(response.headers.get('content-type') ?? '').includes('application/json')) return 'is no JSON'
  const body: unknown = JSON.parse(text)
  if (response.ok) return shapeProblem(body, response.status, operation)
  const { message, code } = body as { readonly message?: unknown; readonly code?: unknown }
  return typeof message === 'string' && typeof code === 'string'
    ? undefined
    : `is an error without a code: ${text}`
}

function shapeProblem(body: unknown, status: number, operation: Operation | undefined): string | undefined {
  if (operation === undefined) return 'is answered by no operation'
  if (status !== operation.status) return `has status ${status}`
  const parsed = operation.schemas.answer?.safeParse(body)
  return parsed === undefined || parsed.success
    ? undefined
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
}
