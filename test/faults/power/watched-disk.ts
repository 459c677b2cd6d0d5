import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

/** What was done to files, in order, and what was told meanwhile. */
export type DiskEvent<Note> =
  | {
      readonly kind: 'write'
      readonly path: string
      readonly at: number
      readonly bytes: Buffer
      /** Whether it is on the disk at once. */
      readonly isCertain?: true
    }
  | { readonly kind: 'cut'; readonly path: string; readonly size: number }
  | { readonly kind: 'flush'; readonly path: string }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'note'; readonly note: Note }

const { openSync, closeSync, writeSync, ftruncateSync, fsyncSync, fdatasyncSync, unlinkSync, rmSync } = fs
const original = {
  openSync,
  closeSync,
  writeSync,
  ftruncateSync,
  fsyncSync,
  fdatasyncSync,
  unlinkSync,
  rmSync,
}

/** As SQLite writes, and as the store does. */
type WriteArguments = [bytes: Uint8Array, from: number, length: number, at: number]

/** Watches every synchronous write and flush of this thread below one folder. */
export class WatchedDisk<Note> {
  readonly events: DiskEvent<Note>[] = []
  readonly #paths = new Map<number, string>()

  constructor(private readonly folder: string) {
    const watched: Partial<typeof fs> = {
      openSync: (path, ...rest) => {
        const file = openSync(path, ...rest)
        if (String(path).startsWith(this.folder)) this.#paths.set(file, String(path))
        return file
      },
      closeSync: (file) => {
        this.#paths.delete(file)
        closeSync(file)
      },
      writeSync: ((file: number, ...rest: WriteArguments) => {
        const [bytes, from, length, at] = rest
        if (typeof at === 'number' && this.#paths.has(file))
          this.#saw(file, { kind: 'write', at, bytes: Buffer.from(bytes.subarray(from, from + length)) })
        return (writeSync as (file: number, ...rest: WriteArguments) => number)(file, ...rest)
      }) as typeof writeSync,
      ftruncateSync: (file, size = 0) => {
        this.#saw(file, { kind: 'cut', size: size ?? 0 })
        ftruncateSync(file, size)
      },
      fsyncSync: (file) => {
        fsyncSync(file)
        this.#saw(file, { kind: 'flush' })
      },
      fdatasyncSync: (file) => {
        fdatasyncSync(file)
        this.#saw(file, { kind: 'flush' })
      },
      unlinkSync: (path) => {
        unlinkSync(path)
        this.#sawRemoved(String(path))
      },
      rmSync: (path, options) => {
        const isThere = fs.existsSync(path)
        rmSync(path, options)
        if (isThere) this.#sawRemoved(String(path))
      },
    }
    Object.assign(fs, watched)
    syncBuiltinESMExports()
  }

  note(note: Note): void {
    this.events.push({ kind: 'note', note })
  }

  /** Watch no longer. */
  stop(): void {
    Object.assign(fs, original)
    syncBuiltinESMExports()
  }

  #sawRemoved(path: string): void {
    if (path.startsWith(this.folder)) this.events.push({ kind: 'remove', path })
  }

  #saw(file: number, event: SeenOf<DiskEvent<Note>>): void {
    const path = this.#paths.get(file)
    if (path !== undefined) this.events.push({ path, ...event } as DiskEvent<Note>)
  }
}

type SeenOf<Event> = Event extends { readonly path: string } ? Omit<Event, 'path'> : never
