import type { FiledNote, Note, Notebook } from '@bailiwick/core'
import { decodeNote, type FiledRow, type NoteRow, noteChecksum } from './note-rows.js'
import type { RoomUse } from './room-use.js'
import type { Statements } from './statements.js'

/** What a notebook needs of its store. */
export interface NotebookContext {
  readonly statements: Statements
  /** Write in the next transaction. */
  readonly run: <Outcome>(use: RoomUse, write: () => Outcome) => Promise<Outcome>
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly mustBeOpen: () => void
  /** Say what a failing read means to the engine. */
  readonly reading: <Value>(read: () => Value) => Value
}

/** The notebook of a SQLite store. Writes share transactions with appends. */
export class SqliteNotebook implements Notebook {
  readonly access = 'exclusive'

  constructor(private readonly context: NotebookContext) {}

  async read(bucket: string, key: string): Promise<string | undefined> {
    return this.context.reading(() => this.#valid(bucket, key)?.value)
  }

  async write(
    bucket: string,
    key: string,
    value: string,
    options?: { readonly expiresAt?: number },
  ): Promise<void> {
    await this.#change(this.#useOf(bucket, key), () =>
      this.#put(bucket, key, value, options?.expiresAt ?? null),
    )
  }

  async insert(
    bucket: string,
    key: string,
    value: string,
    options?: { readonly expiresAt?: number },
  ): Promise<boolean> {
    return this.#change('giving', () => {
      const isNew = this.#valid(bucket, key) === undefined
      if (isNew) this.#put(bucket, key, value, options?.expiresAt ?? null)
      return isNew
    })
  }

  async replace(
    bucket: string,
    key: string,
    before: string,
    value: string,
    options?: { readonly expiresAt?: number },
  ): Promise<boolean> {
    return this.#change('taking', () => {
      const isSame = this.#valid(bucket, key)?.value === before
      if (isSame) this.#put(bucket, key, value, options?.expiresAt ?? null)
      return isSame
    })
  }

  async remove(bucket: string, key: string): Promise<void> {
    await this.#change('taking', () => this.context.statements.removeNote.run(bucket, key))
  }

  async list(bucket: string): Promise<readonly Note[]> {
    const { statements, clock, reading } = this.context
    return reading(() => {
      const now = clock()
      const rows = statements.notes.all(bucket) as NoteRow[]
      return rows.map((row) => decodeNote(bucket, row)).filter((note) => !isExpired(note, now))
    })
  }

  async all({ after, limit }: Parameters<Notebook['all']>[0]): Promise<readonly FiledNote[]> {
    const { statements, clock, reading } = this.context
    return reading(() => {
      const rows = statements.notesAfter.all(
        after?.bucket ?? '',
        after?.key ?? '',
        clock(),
        limit,
      ) as FiledRow[]
      return rows.map(([bytes, ...row]) => {
        const bucket = bytes.toString()
        return { bucket, ...decodeNote(bucket, row) }
      })
    })
  }

  async sweep(): Promise<void> {
    await this.#change('giving', () => this.context.statements.sweepNotes.run(this.context.clock()))
  }

  /** What stands in the place of another may be a key that is revoked. */
  #useOf(bucket: string, key: string): RoomUse {
    const { statements, reading } = this.context
    return reading(() => (statements.note.get(bucket, key) === undefined ? 'giving' : 'taking'))
  }

  async #change<Outcome>(use: RoomUse, write: () => Outcome): Promise<Outcome> {
    this.context.mustBeOpen()
    return this.context.run(use, write)
  }

  #put(bucket: string, key: string, value: string, expiresAt: number | null): void {
    this.context.statements.putNote.run(
      bucket,
      key,
      value,
      expiresAt,
      noteChecksum(bucket, key, value, expiresAt),
    )
  }

  #valid(bucket: string, key: string): Note | undefined {
    const row = this.context.statements.note.get(bucket, key) as NoteRow | undefined
    if (row === undefined) return undefined
    const note = decodeNote(bucket, row)
    return isExpired(note, this.context.clock()) ? undefined : note
  }
}

function isExpired({ expiresAt }: Note, now: number): boolean {
  return expiresAt !== null && expiresAt <= now
}
