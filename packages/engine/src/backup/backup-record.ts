import type { Commit, FiledNote, Timestamp } from '@bailiwick/core'

/** Of a file that this release writes; it reads all up to it. */
export const backupVersion = 1

/** The first line: what a backup is of. */
export interface BackupHeader {
  readonly version: number
  /** The store that it was made of. */
  readonly store: string
  /** It holds the log up to here. */
  readonly position: number
  readonly madeAt: Timestamp
}

/** A line between the first and the last. Commits stand in the order of the log, which begins at position 1. */
export type BackupRecord = { readonly note: FiledNote } | { readonly commit: Commit }

/** The last line: what must have come before it. */
export interface BackupEnd {
  readonly notes: number
  readonly commits: number
  /** Of every byte before this line, as hexadecimal. */
  readonly sha256: string
}

/** How far one has come. */
export interface Progress {
  readonly commits: number
  /** How many there are. */
  readonly of: number
}
