import { lookup as resolve } from 'node:dns'
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { hostOf, mayConnect, type WebhookTargets } from './address-policy.js'

/** What came of one try. */
export interface Outcome {
  readonly isDelivered: boolean
  /** What the endpoint answered, if it did. */
  readonly responseStatus: number | null
  /** Why there was no answer. */
  readonly error: string | null
}

/** A body on its way. */
export interface Sending {
  readonly url: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  /** For the whole of it. */
  readonly signal: AbortSignal
}

/** Sends bodies to endpoints, over connections that are kept for the next one. */
export class WebhookSender {
  readonly #http = new HttpAgent({ keepAlive: true, maxSockets: 8 })
  readonly #https = new HttpsAgent({ keepAlive: true, maxSockets: 8 })
  readonly #targets: WebhookTargets
  readonly #lookup: LookupFunction

  constructor(targets: WebhookTargets) {
    this.#targets = targets
    this.#lookup = lookupWithin(targets)
  }

  /** A status of 2xx is a delivery. A redirect is none, and is not followed: it could lead anywhere. Never rejects. */
  send({ url, body, headers, signal }: Sending): Promise<Outcome> {
    return new Promise((settle) => {
      const fail = (error: Error) =>
        settle({ isDelivered: false, responseStatus: null, error: reasonOf(error, signal) })
      const { protocol, hostname } = new URL(url)
      const host = hostOf(hostname)
      const isSecure = protocol === 'https:'
      // An endpoint may be older than what is allowed now.
      if (!isSecure && this.#targets === 'public') return fail(new PlainRefused())
      // Who connects to an address by its number looks nothing up.
      if (isIP(host) !== 0 && !mayConnect(host, this.#targets)) return fail(new AddressRefused(host))
      const options = {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        agent: isSecure ? this.#https : this.#http,
        lookup: this.#lookup,
        signal,
      }
      const outgoing = (isSecure ? httpsRequest : httpRequest)(url, options, (incoming) => {
        const responseStatus = incoming.statusCode ?? 0
        settle({
          isDelivered: responseStatus >= 200 && responseStatus < 300,
          responseStatus,
          error: null,
        })
        // Nobody reads what it says; one that does not end is cut off by the signal.
        incoming.on('error', () => {}).resume()
      })
      outgoing.on('error', fail)
      outgoing.end(body)
    })
  }

  close(): void {
    this.#http.destroy()
    this.#https.destroy()
  }
}

class PlainRefused extends Error {
  constructor() {
    super('this service sends over `https:` only')
  }
}

class AddressRefused extends Error {
  constructor(host: string) {
    super(`\`${host}\` leads to an address to which this service sends nothing`)
  }
}

/** Looks at what it connects to itself: a name that was fine a moment ago may lead elsewhere by now. */
function lookupWithin(targets: WebhookTargets): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0)
      const [first] = addresses
      if (first === undefined || addresses.some(({ address }) => !mayConnect(address, targets)))
        return callback(new AddressRefused(hostname), '', 0)
      if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

function reasonOf(error: Error, signal: AbortSignal): string {
  if (signal.aborted) return 'timed out'
  if (error instanceof AddressRefused || error instanceof PlainRefused) return error.message
  const { code } = error as NodeJS.ErrnoException
  return code === undefined ? 'failed' : `failed: ${code}`
}
