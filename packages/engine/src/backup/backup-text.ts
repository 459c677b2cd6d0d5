import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type ChangeSource, type FiledNote, type Notebook, StoreUnavailable } from '@bailiwick/core'
import { lineageBucket, lineageKey, parseLineage } from '../lineage.js'
import {
  type BackupEnd,
  type BackupHeader,
  type BackupRecord,
  backupVersion,
  type Progress,
} from './backup-record.js'

/** What a backup is made of. */
export interface BackupSource {
  readonly changes: Pick<ChangeSource, 'id' | 'log' | 'lastPosition'>
  readonly notebook: Pick<Notebook, 'all'>
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** Others wait no longer than for so many to be read. */
const perPage = 200

/**
 * A whole store as lines of JSON, while it goes on being written: the notes, and the log up to one position. What
 * stands in a log never changes, and all that is stored follows from it; so a backup is of one moment, and nobody
 * waits for it.
 *
 * @returns Pieces of text, some lines each.
 */
export async function* backupText(
  { changes, notebook, clock }: BackupSource,
  onProgress: (progress: Progress) => void = () => {},
): AsyncGenerator<string> {
  const seal = createHash('sha256')
  const sealed = (text: string) => {
    seal.update(text)
    return text
  }
  // Before the position is taken: a note may speak of what is in the log, and never the other way round.
  const notes = await allNotes(notebook)
  mustBeFinished(notes)
  const position = await changes.lastPosition()
  const madeAt = new Date(clock()).toISOString()
  const header: BackupHeader = { version: backupVersion, store: changes.id, position, madeAt }
  yield sealed(line({ bailiwick_backup: header }))
  yield sealed(notes.map((note) => recordLine({ note })).join(''))
  for (let reached = 0; reached < position; ) {
    const page = await changes.log({ after: reached, limit: Math.min(perPage, position - reached) })
    if (page[0]?.position !== reached + 1)
      throw new StoreUnavailable(
        `the log does not go on after position ${reached}: there is no whole backup of it`,
      )
    reached += page.length
    yield sealed(page.map(({ commit }) => recordLine({ commit })).join(''))
    onProgress({ commits: reached, of: position })
    await setImmediate()
  }
  const end: BackupEnd = { notes: notes.length, commits: position, sha256: seal.digest('hex') }
  yield line({ end })
}

async function allNotes(notebook: BackupSource['notebook']): Promise<readonly FiledNote[]> {
  const notes: FiledNote[] = []
  for (;;) {
    const after = notes.at(-1)
    const page = await notebook.all({ limit: perPage, ...(after && { after }) })
    notes.push(...page)
    if (page.length < perPage) return notes
  }
}

/** Half of a backup is none, and neither is one of it. */
function mustBeFinished(notes: readonly FiledNote[]): void {
  const lineage = notes.find(({ bucket, key }) => bucket === lineageBucket && key === lineageKey)
  if (lineage !== undefined) parseLineage(lineage.value)
}

function recordLine(record: BackupRecord): string {
  return line(record)
}

function line(json: object): string {
  return `${JSON.stringify(json)}\n`
}
