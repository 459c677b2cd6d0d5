import { Agent, request } from 'undici'

const mostBytes = 1_048_576

/** Fetches the JWK set as parsed JSON. Rejects for every answer that is not one, and when it takes too long. */
export type FetchJwks = () => Promise<unknown>

/**
 * Make the fetch of one address. It follows no redirect (the next address would be the choice of whoever answers),
 * unpacks nothing (a small body can unpack to a large one), and stops reading after 1 MiB.
 */
export function jwksFetcher(url: URL, timeoutMs: number): FetchJwks {
  const dispatcher = new Agent({
    connections: 1,
    maxResponseSize: mostBytes,
    connect: { timeout: timeoutMs },
  })
  return async () => {
    const { statusCode, body } = await request(url, {
      dispatcher,
      signal: AbortSignal.timeout(timeoutMs),
      headers: { accept: 'application/json', 'accept-encoding': 'identity' },
    })
    if (statusCode !== 200) {
      // The body of a refusal is of no use, and an unread one would hold the connection. Breaking it off is an error
      // event of the body, which would end the process if nobody listened.
      body.on('error', () => {}).destroy()
      throw new Error(`the answer is ${statusCode}`)
    }
    return body.json()
  }
}
