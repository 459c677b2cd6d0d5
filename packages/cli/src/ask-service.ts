import { Misconfigured } from '@bailiwick/core'

/** A service that runs, and a key of it. */
export interface Service {
  readonly url: string
  readonly apiKey: string
}

/**
 * Ask a service that runs.
 *
 * @param path - From where its API begins: `/backup`. What `url` has of a path stands before it.
 * @throws {Misconfigured} when nobody answers there, or with what was said in place of what was asked for.
 */
export async function askService(
  { url, apiKey }: Service,
  path: string,
  { method = 'GET', body }: { readonly method?: string; readonly body?: object } = {},
): Promise<Response> {
  // Loaded here, since commands that ask no service do without it.
  const { readServiceUrl } = await import('@bailiwick/client')
  const { origin, prefix } = readServiceUrl(url)
  const answer = await fetch(`${origin}${prefix}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    // The key goes to this place and no other.
    redirect: 'error',
    ...(body && { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new Misconfigured(`nobody answers at ${url}`, { cause })
  })
  if (answer.ok) return answer
  const json = (await answer.json().catch(() => undefined)) as
    | { readonly message?: string }
    | null
    | undefined
  throw new Misconfigured(`${url} answered ${answer.status}: ${json?.message ?? 'no reason given'}`)
}

/** The service that options name. @throws {Misconfigured} without a key for it. */
export function serviceOf(url: string, apiKey: string | undefined): Service {
  if (apiKey !== undefined) return { url, apiKey }
  throw new Misconfigured('a service asks for a key: give `--api-key`, or set `BAILIWICK_API_KEY`')
}
