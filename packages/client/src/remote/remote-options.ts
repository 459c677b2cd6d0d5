import { Misconfigured, type Model } from '@bailiwick/core'
import { type CacheOptions, type CheckedCacheOptions, checkCacheOptions } from '../cache/cache-options.js'
import { readServiceUrl, type ServiceUrl } from './service-url.js'

/** Which HTTP API answers: our server, or WorkOS's own service, which knows less (`capabilities`). */
export type RemoteApi = 'bailiwick' | 'workos'

/** Where an engine is that runs elsewhere, and how patient to be with it. */
export interface RemoteOptions {
  /** `https://authz.internal:4100`, with a path where the API does not begin at the root. */
  readonly url: string | URL
  /** `sk_…`. It is sent to `url` and nowhere else, and stands in no message. */
  readonly apiKey: string
  /**
   * The application's model. Without one it is read from our server when the engine is opened, and not again.
   * WorkOS has no way to read a whole model, so that there it must be given.
   */
  readonly model?: Model
  /** Default `bailiwick`. */
  readonly api?: RemoteApi
  /** How long a question may take, with all that happens on its way. Milliseconds, default 250. */
  readonly deadlineMs?: number
  /** How long a write may take. Milliseconds, default 5 000. */
  readonly writeDeadlineMs?: number
  /** Requests under way at a time, each on its connection. Default 32. */
  readonly concurrency?: number
  /** Requests that wait for one of those to end; more are refused at once. Default 1 000. */
  readonly queue?: number
  /** Keep answers for a while, and give them again. `{}` for the defaults. Without it nothing is kept. */
  readonly cache?: CacheOptions
}

/** Options that have been looked at, with their defaults. */
export interface CheckedOptions extends ServiceUrl {
  readonly apiKey: string
  readonly model: Model | undefined
  readonly api: RemoteApi
  readonly deadlineMs: number
  readonly writeDeadlineMs: number
  readonly concurrency: number
  readonly queue: number
  readonly cache: CheckedCacheOptions | undefined
}

/** @throws {Misconfigured} naming the option that is wrong, and never the key. */
export function checkOptions(options: RemoteOptions): CheckedOptions {
  const { api = 'bailiwick', model } = options
  if (api !== 'bailiwick' && api !== 'workos')
    throw new Misconfigured('`api` must be `bailiwick` or `workos`')
  if (api === 'workos' && model === undefined)
    throw new Misconfigured("WorkOS has no way to read a whole model: pass the application's own as `model`")
  if (api === 'workos' && options.cache?.follow)
    throw new Misconfigured('WorkOS has no change feed that `cache.follow` could follow')
  return {
    ...readServiceUrl(options.url),
    apiKey: readKey(options.apiKey),
    model,
    api,
    deadlineMs: readCount('deadlineMs', options.deadlineMs, 250),
    writeDeadlineMs: readCount('writeDeadlineMs', options.writeDeadlineMs, 5_000),
    concurrency: readCount('concurrency', options.concurrency, 32),
    queue: readCount('queue', options.queue, 1_000),
    cache: options.cache && checkCacheOptions(options.cache),
  }
}

function readKey(value: unknown): string {
  // Visible ASCII, as a header needs it: a key from a file often ends with a line break.
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return value
  throw new Misconfigured('`apiKey` must be a key (`sk_…`), without spaces or line breaks')
}

function readCount(name: string, value: number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise
  if (Number.isInteger(value) && value >= 1 && value <= 1_000_000) return value
  throw new Misconfigured(`\`${name}\` must be a whole number from 1 to 1 000 000, not \`${String(value)}\``)
}
