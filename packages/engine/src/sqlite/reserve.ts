import { randomFillSync } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { StoreFull } from '@bailiwick/core'
import { codeOf, isFull } from './sqlite-errors.js'

/** What some thousand revocations take, with all that SQLite writes for them and for what waits for its tables. */
export const reserveBytes = 2_097_152

/**
 * Room on the disk that is kept from ordinary writes: a file that holds nothing. When the disk is full it is given up
 * to those that only take away, so that nobody keeps a role because a disk is full; and before anything else is
 * written it must be there again.
 */
export class Reserve {
  /** `tight`: it is there, and what gives waits for more room than that. */
  #state: 'held' | 'tight' | 'spent' | 'impossible'
  #spentFor: StoreFull | undefined

  constructor(private readonly path: string) {
    this.#state = hasAll(path) ? 'held' : 'spent'
  }

  /** Before a write that may add something. @throws {StoreFull} when there is no room for the reserve. */
  hold(): void {
    if (this.#state === 'held' || this.#state === 'impossible') return
    try {
      // Looked at first: to be refused again and again should cost nothing.
      if (roomAt(this.path) < reserveBytes) throw full()
      if (this.#state === 'spent') this.#make()
      this.#state = 'held'
    } catch (error) {
      if (codeOf(error) === 'store_full' || isFull(error)) {
        if (this.#state === 'spent') this.#giveUp()
        throw full(error)
      }
      // A directory that takes no more files, or a limit on their size: the store does without, as others do.
      this.#state = 'impossible'
      this.#giveUp()
    }
  }

  /** There was no room to follow what is written. It goes on where it can, and nothing is to be added to it. */
  fallShort(): void {
    if (this.#state === 'held') this.#state = 'tight'
  }

  /**
   * The disk is full, and what is to be written takes away.
   *
   * @param refused - What it was refused with; all that was refused with it has the room that is given up.
   * @returns whether there is more room now.
   */
  spend(refused: StoreFull): boolean {
    if (this.#state === 'held' || this.#state === 'tight') {
      this.#state = 'spent'
      this.#spentFor = this.#giveUp() ? refused : undefined
    }
    return this.#state === 'spent' && this.#spentFor === refused
  }

  #make(): void {
    // A file system that packs what it stores would keep no room for zeros.
    writeFileSync(this.path, randomFillSync(Buffer.alloc(reserveBytes)))
    const file = openSync(this.path, 'r+')
    try {
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  }

  #giveUp(): boolean {
    try {
      if (existsSync(this.path)) truncateSync(this.path, 0)
      return true
    } catch {
      return false
    }
  }
}

function hasAll(path: string): boolean {
  return existsSync(path) && statSync(path).size >= reserveBytes
}

function roomAt(path: string): number {
  const { bavail, bsize } = statfsSync(dirname(path))
  return bavail * bsize
}

function full(cause?: unknown): StoreFull {
  return new StoreFull('the disk has no room left; what only takes away is still written. Free some room', {
    cause,
  })
}
