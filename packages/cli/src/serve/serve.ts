import { Misconfigured } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { createLog, createServer, type LogLevel, type Server } from '@bailiwick/server'
import { type StoreOptions, type StorePlace, storePlace } from '../store/store-place.js'
import { readModel } from './read-model.js'

/** What `bailiwick serve` is told. */
export interface ServeOptions extends StoreOptions {
  readonly port: number
  readonly host: string
  readonly model?: string
  /** Mebibytes. */
  readonly memory: number
  readonly apiKey?: string
  readonly rateLimit?: number
  readonly maxInFlight: number
  readonly metrics: 'key' | 'public'
  readonly unknownUsers: 'create' | 'refuse'
  readonly publicUrl?: string
  readonly issuer?: string
  readonly mintSessions?: 'enabled' | 'disabled'
  readonly webhookTargets: 'public' | 'private'
  readonly logLevel: LogLevel
}

/** A service that listens. */
export interface Running {
  readonly url: string
  readonly place: Pick<StorePlace, 'kind' | 'name'>
  /** The key that was made because there was none: shown once. */
  readonly firstKey: string | undefined
  /** Let what is under way finish, then close the store. */
  stop(): Promise<void>
}

/** Open the store, and listen. @throws {Misconfigured} @throws {StoreUnusable} */
export async function serve(options: ServeOptions): Promise<Running> {
  const place = await storePlace(options)
  const model = options.model === undefined ? {} : { model: await readModel(options.model) }
  const engine = await openEngine({ store: place.opener, maxMemoryMb: options.memory, ...model })
  try {
    const server = await createServer({
      engine,
      ...(options.apiKey === undefined ? {} : { apiKey: usable(options.apiKey) }),
      ...(options.rateLimit === undefined ? {} : { rateLimit: { perSecond: options.rateLimit } }),
      admission: { maxInFlight: options.maxInFlight },
      metrics: options.metrics,
      unknownUsers: options.unknownUsers,
      ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
      webhooks: { targets: options.webhookTargets },
      sessions: {
        ...(options.issuer === undefined ? {} : { issuer: options.issuer }),
        ...(options.mintSessions === undefined ? {} : { minting: options.mintSessions }),
      },
      ...(options.logLevel === 'silent' ? {} : { log: createLog(options.logLevel) }),
    })
    const begun = await begin(server, options)
    return {
      ...begun,
      place,
      stop: async () => {
        await server.close({ drainMs: 300, finishMs: 10_000 })
        await engine.close()
      },
    }
  } catch (error) {
    await engine.close()
    throw error
  }
}

/** A server that cannot be begun with is not left listening: the process would go on, and answer nothing. */
async function begin(server: Server, options: ServeOptions): Promise<Pick<Running, 'url' | 'firstKey'>> {
  try {
    const url = await listen(server, options)
    return { url, firstKey: options.apiKey === undefined ? await makeFirstKey(server) : undefined }
  } catch (error) {
    await server.close()
    throw error
  }
}

const shortestKey = 16

function usable(apiKey: string): string {
  if (apiKey.length >= shortestKey && apiKey.length <= 256 && /^[\x21-\x7e]+$/.test(apiKey)) return apiKey
  throw new Misconfigured(`the API key must be ${shortestKey} to 256 characters without spaces`)
}

async function listen(server: Server, { port, host }: ServeOptions): Promise<string> {
  try {
    return await server.listen({ port, host })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new Misconfigured(`port ${port} is in use: choose another with \`--port\``)
    if (code === 'EACCES') throw new Misconfigured(`port ${port} is not for this user: choose one above 1023`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new Misconfigured(`\`${host}\` is no address of this machine: choose another with \`--host\``)
    }
    throw error
  }
}

/** Somebody must be able to begin: without a key nobody could make one. */
async function makeFirstKey(server: Server): Promise<string | undefined> {
  if ((await server.keys.list()).length > 0) return undefined
  const { secret } = await server.keys.create({ name: 'first', scopes: ['admin'] })
  return secret
}
