import type { Change, Origin, Timestamp } from '@bailiwick/core'
import type { CommitDraft } from './store.js'

/** What a command wants to store, with where it comes from, if anybody said. */
export function draftOf(at: Timestamp, changes: readonly Change[], origin: Origin | undefined): CommitDraft {
  return origin === undefined ? { at, changes } : { at, changes, origin }
}
