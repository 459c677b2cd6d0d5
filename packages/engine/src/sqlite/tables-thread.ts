import { createRequire } from 'node:module'
import { isMainThread, Worker } from 'node:worker_threads'
import type { Batch } from './write-batch.js'

/** What a thread is started with. */
export interface TablesThreadData {
  /** The store file. */
  readonly path: string
  /** How much of what it was given it is through with: its own start, and then each batch. */
  readonly ended: Int32Array
}

/** What the thread runs; `undefined` where it is not to be had, as in a bundle, or where there must be none. */
export function findTablesScript(): string | undefined {
  // A thread of the application may be stopped at any time, and this one with it.
  if (!isMainThread) return undefined
  try {
    return createRequire(packageFile).resolve('#tables-worker')
  } catch {
    return undefined
  }
}

/** Of the whole package, from here and from where its CommonJS half has this: that one is a scope of its own. */
const packageFile = new URL('../../package.json', import.meta.url)

/** More than anybody is given: it is no more. */
export const gone = 2 ** 30

/**
 * A second thread with a connection of its own, which writes batches into the tables while this one goes on. Nothing
 * rests on it: whatever becomes of it, what the tables have they say themselves, and the rest can be written here.
 *
 * It is never stopped from outside: libsql ends the whole process when a thread is stopped within one of its calls.
 * It is asked to end, and whatever ends the process waits for what it is at.
 */
export class TablesThread {
  /** Its own start is the first. */
  #given = 1
  #cannotStart = false
  readonly #exit: Promise<void>

  private constructor(
    private readonly worker: Worker,
    private readonly ended: Int32Array,
  ) {
    threads.add(this)
    this.#exit = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#isOver()
        threads.delete(this)
        resolve()
      })
    })
    // Whatever it was: the batch is written here then, and meets it again if it was the disk.
    worker.on('error', () => {})
    worker.unref()
  }

  /** Start one, with the script that was found. `undefined` where that is not permitted. */
  static start(path: string, script: string | URL): TablesThread | undefined {
    const ended = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    const workerData: TablesThreadData = { path, ended }
    try {
      // What the application has Node load first is not loaded once more here.
      const worker = new Worker(script, { name: 'bailiwick-tables', workerData, execArgv: [], env: {} })
      return new TablesThread(worker, ended)
    } catch {
      // Only speed is lost.
      return undefined
    }
  }

  /** Whether it is through with all it was given, done or not, or is no more. */
  get isIdle(): boolean {
    return Atomics.load(this.ended, 0) >= this.#given
  }

  get isGone(): boolean {
    return Atomics.load(this.ended, 0) >= gone
  }

  /** Whether it never came so far as to open the file: another one would not either. */
  get cannotStart(): boolean {
    return this.#cannotStart
  }

  /** Have a batch written. Whether it was, the tables tell. */
  write(batch: Batch): void {
    this.#given += 1
    this.worker.postMessage(batch)
  }

  /** Wait, on the spot, until it is idle. @returns Whether it is; one that hangs is not waited for forever. */
  wait(): boolean {
    while (!this.isIdle) {
      const ended = Atomics.load(this.ended, 0)
      if (ended < this.#given && Atomics.wait(this.ended, 0, ended, longestMs(ended)) === 'timed-out') {
        // That it cannot start is told in a turn of the event loop, which does not come meanwhile.
        if (ended === 0) this.#isOver()
        return false
      }
    }
    return true
  }

  /** Have it end when it is through, and wait until it and its connection are gone. */
  async end(): Promise<void> {
    this.worker.postMessage('end')
    // One that hangs is left to itself.
    if (!this.wait()) return
    this.worker.ref()
    await this.#exit
  }

  #isOver(): void {
    if (Atomics.exchange(this.ended, 0, gone) === 0) this.#cannotStart = true
  }
}

/**
 * So many milliseconds a batch may take: it is some ten, and as long as a flush where a disk is busy. Its start takes
 * some forty.
 */
function longestMs(ended: number): number {
  return ended === 0 ? 1_000 : 5_000
}

/** Those that run, and a listener while there are any. */
const threads = {
  all: new Set<TablesThread>(),
  wait: () => {
    for (const thread of threads.all) thread.wait()
  },
  add(thread: TablesThread): void {
    if (this.all.size === 0) process.on('exit', this.wait)
    this.all.add(thread)
  },
  delete(thread: TablesThread): void {
    this.all.delete(thread)
    if (this.all.size === 0) process.off('exit', this.wait)
  },
}
