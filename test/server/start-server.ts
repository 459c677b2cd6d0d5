import { randomBytes } from 'node:crypto'
import { defineModel, type Model, type ServiceEngine } from '@bailiwick/core'
import { memoryStore, openEngine, type StoreOpener } from '@bailiwick/engine'
import { createServer, type Server, type ServerOptions } from '@bailiwick/server'
import { answerIsDeclared } from './answer-is-declared.js'

/** What a test may set. */
export interface StartOptions extends Partial<Omit<ServerOptions, 'engine'>> {
  /** Default: no types, no permissions, no roles. */
  readonly model?: Model
  /** Default: in memory. */
  readonly store?: StoreOpener
}

/** A server that listens on a port of its own. */
export interface StartedServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** A key with the scope `admin`. */
  readonly apiKey: string
  readonly engine: ServiceEngine
  readonly server: Server
  /** Stop the server, then close its engine. */
  close(): Promise<void>
}

/** Start a real server on a free port, over an engine of its own. */
export async function startServer(options: StartOptions = {}): Promise<StartedServer> {
  const { model = empty, store = memoryStore(), ...rest } = options
  const clock = rest.clock === undefined ? {} : { clock: rest.clock }
  const engine = await openEngine({ model, store, ...clock })
  const apiKey = options.apiKey ?? `sk_test_${randomBytes(16).toString('hex')}`
  const server = await createServer({
    engine,
    inspect: answerIsDeclared,
    admission: patient,
    ...rest,
    apiKey,
  })
  const url = await server.listen({ port: 0 })
  return {
    url,
    apiKey,
    engine,
    server,
    close: async () => {
      await server.close()
      await engine.close()
    },
  }
}

/** The machine that runs the tests may be as busy as it likes. */
const patient = { maxDelayMs: 60_000 }

const empty = defineModel({ resourceTypes: {}, permissions: {}, roles: {} })
