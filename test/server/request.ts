import { request as send } from 'node:http'
import type { StartedServer } from './start-server.js'

/** A request that is sent as it stands: nothing is encoded, added or normalised. */
export interface RawRequest {
  readonly method?: string
  /** The target, exactly. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Text as it stands; anything else as JSON. */
  readonly body?: unknown
  /** Default: the key of the started server. `null` sends none. */
  readonly key?: string | null
}

/** What came back. */
export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
  /** The body as JSON, where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks wherever it likes
  readonly json: any
}

/** Send one request over a connection of its own. */
export function request(server: StartedServer, raw: RawRequest): Promise<RawAnswer> {
  const { hostname, port } = new URL(server.url)
  const key = raw.key === undefined ? server.apiKey : raw.key
  const isRaw = typeof raw.body === 'string' || Buffer.isBuffer(raw.body)
  const payload = raw.body === undefined ? undefined : isRaw ? (raw.body as string) : JSON.stringify(raw.body)
  const headers = {
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
    ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
    ...(payload === undefined ? {} : { 'content-length': String(Buffer.byteLength(payload)) }),
    connection: 'close',
    ...raw.headers,
  }
  return new Promise((resolve, reject) => {
    const outgoing = send(
      { hostname, port, method: raw.method ?? 'GET', path: raw.path, headers },
      (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('error', reject)
        answer.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8')
          const isJson = String(answer.headers['content-type']).startsWith('application/json')
          resolve({
            status: answer.statusCode as number,
            headers: answer.headers,
            text,
            json: isJson ? JSON.parse(text) : undefined,
          })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(payload)
  })
}
