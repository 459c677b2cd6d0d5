import type { FiledNote, Note, Notebook } from '@bailiwick/core'

/** Notes by bucket and key. */
export type Notes = Map<string, Map<string, Note>>

/** The notebook of a memory store: of every open of it the same notes. */
export class MemoryNotebook implements Notebook {
  constructor(
    private readonly notes: Notes,
    private readonly clock: () => number,
    private readonly mustBeOpen: () => void,
    readonly access: Notebook['access'],
  ) {}

  async read(bucket: string, key: string): Promise<string | undefined> {
    return this.#valid(bucket, key)?.value
  }

  async write(
    bucket: string,
    key: string,
    value: string,
    { expiresAt = null }: { readonly expiresAt?: number | null } = {},
  ): Promise<void> {
    this.mustBeOpen()
    const ofBucket = this.notes.get(bucket) ?? new Map<string, Note>()
    this.notes.set(bucket, ofBucket.set(key, Object.freeze({ key, value, expiresAt })))
  }

  async insert(
    bucket: string,
    key: string,
    value: string,
    options?: { readonly expiresAt?: number },
  ): Promise<boolean> {
    if (this.#valid(bucket, key) !== undefined) return false
    await this.write(bucket, key, value, options)
    return true
  }

  async replace(
    bucket: string,
    key: string,
    before: string,
    value: string,
    options?: { readonly expiresAt?: number },
  ): Promise<boolean> {
    if (this.#valid(bucket, key)?.value !== before) return false
    await this.write(bucket, key, value, options)
    return true
  }

  async remove(bucket: string, key: string): Promise<void> {
    this.mustBeOpen()
    this.notes.get(bucket)?.delete(key)
  }

  async list(bucket: string): Promise<readonly Note[]> {
    this.mustBeOpen()
    const now = this.clock()
    const notes = [...(this.notes.get(bucket)?.values() ?? [])].filter((note) => !isExpired(note, now))
    return inByteOrder(notes, ({ key }) => key)
  }

  async all({ after, limit }: Parameters<Notebook['all']>[0]): Promise<readonly FiledNote[]> {
    const filed: FiledNote[] = []
    for (const bucket of inByteOrder([...this.notes.keys()], (key) => key)) {
      if (after !== undefined && compareBytes(bucket, after.bucket) < 0) continue
      for (const note of await this.list(bucket))
        if (after?.bucket !== bucket || compareBytes(note.key, after.key) > 0) filed.push({ bucket, ...note })
    }
    return filed.slice(0, limit)
  }

  async sweep(): Promise<void> {
    this.mustBeOpen()
    const now = this.clock()
    for (const ofBucket of this.notes.values())
      for (const note of ofBucket.values()) if (isExpired(note, now)) ofBucket.delete(note.key)
  }

  #valid(bucket: string, key: string): Note | undefined {
    this.mustBeOpen()
    const note = this.notes.get(bucket)?.get(key)
    return note === undefined || isExpired(note, this.clock()) ? undefined : note
  }
}

function isExpired({ expiresAt }: Note, now: number): boolean {
  return expiresAt !== null && expiresAt <= now
}

function inByteOrder<Item>(items: Item[], textOf: (item: Item) => string): Item[] {
  return items.sort((one, other) => compareBytes(textOf(one), textOf(other)))
}

function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}
