import type { ReadingEngine } from '../http/reading-engine.js'
import { type RefreshTokens, refreshTokens } from './refresh-tokens.js'
import { type SessionBook, sessionBook } from './session-book.js'
import type { SessionSettings } from './session-settings.js'
import { type SigningKeys, signingKeys } from './signing-keys.js'

/** What sessions are made with. */
export interface SessionContext {
  readonly engine: ReadingEngine
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly settings: SessionSettings
  readonly keys: SigningKeys
  readonly sessions: SessionBook
  readonly refreshing: RefreshTokens
}

/** Everything about sessions that is kept, in the notebook of the engine. */
export function sessionContext(
  engine: ReadingEngine,
  clock: () => number,
  settings: SessionSettings,
): SessionContext {
  const { notebook } = engine
  return {
    engine,
    clock,
    settings,
    keys: signingKeys(notebook),
    sessions: sessionBook(notebook),
    refreshing: refreshTokens(notebook, clock),
  }
}
