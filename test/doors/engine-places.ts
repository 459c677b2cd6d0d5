import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuthorizationEngine, Model } from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import { sqlite } from '@bailiwick/engine/sqlite'

/** Where engines live, one after the other: what one has written, the next one holds. */
export interface EnginePlace {
  open(model: Model): Promise<AuthorizationEngine>
  /** After the last engine is closed. */
  discard(): void
}

/** A memory store of one engine at a time. */
export function memoryPlace(): EnginePlace {
  const store = memoryStore({ access: 'exclusive' })
  return { open: (model) => openEngine({ store, model }), discard() {} }
}

/**
 * Two engines over one memory store, each call going to the other one than the call before: what one has
 * written, the next to be asked has not seen.
 */
export function sharedMemoryPlace(): EnginePlace {
  const store = memoryStore({ access: 'shared' })
  return {
    open: async (model) => inTurn(await openEngine({ store, model }), await openEngine({ store, model })),
    discard() {},
  }
}

/** An SQLite file in a directory of its own. */
export function sqlitePlace(): EnginePlace {
  const directory = mkdtempSync(join(tmpdir(), 'bailiwick-'))
  const store = sqlite(join(directory, 'authz.db'))
  return {
    open: (model) => openEngine({ store, model }),
    discard: () => rmSync(directory, { recursive: true, force: true }),
  }
}

/** Two nodes over a schema of its own in a PostgreSQL database, each call going to the other one than the call before. */
export function postgresPlace(connectionString: string): EnginePlace {
  const schema = `place_${randomBytes(6).toString('hex')}`
  const store = postgres(connectionString, { schema, maxConnections: 3 })
  return {
    open: async (model) => inTurn(await openEngine({ store, model }), await openEngine({ store, model })),
    // The whole database goes when its tests are over.
    discard() {},
  }
}

function inTurn(first: AuthorizationEngine, second: AuthorizationEngine): AuthorizationEngine {
  let turn = 0
  return new Proxy(first, {
    get(_, name: keyof AuthorizationEngine) {
      if (name === 'close') return () => Promise.all([first.close(), second.close()])
      const engine = turn++ % 2 === 0 ? first : second
      const member = engine[name]
      return typeof member === 'function' ? member.bind(engine) : member
    },
  })
}
