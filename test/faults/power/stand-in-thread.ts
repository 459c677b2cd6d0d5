import { EventEmitter } from 'node:events'

type Take = (message: unknown) => void

/** As the engine has it. */
export type RunTables = (
  data: { readonly path: string; readonly ended: Int32Array },
  port: { on(event: 'message', listener: Take): void; close(): void },
) => void

/**
 * Stands in for `Worker`: what the thread would run, on this one, where its disk is watched. It goes on when it is told
 * to, or when it is waited for, which is all that the other one can know of the time it takes.
 *
 * Every third batch it does not write, and says it has.
 */
export class StandInThread extends EventEmitter {
  /** What it runs. */
  static run: RunTables
  static random: (below: number) => number
  static readonly #all = new Set<StandInThread>()
  /** How many batches were written, and how many were not. */
  static readonly told = { written: 0, not: 0 }
  readonly #ended: Int32Array
  #steps: (() => void)[] = []
  #take: Take = () => {}
  /** So often it is told to go on before it does. */
  #until = 0

  constructor(_script: URL, { workerData }: { readonly workerData: Parameters<RunTables>[0] }) {
    super()
    this.#ended = workerData.ended
    StandInThread.#all.add(this)
    const port = {
      on: (_: 'message', listener: Take) => {
        this.#take = listener
      },
      close: () => {
        StandInThread.#all.delete(this)
        setImmediate(() => this.emit('exit', 0))
      },
    }
    this.#later(() => StandInThread.run(workerData, port))
  }

  /** Time goes by. */
  static goOn(): void {
    for (const thread of StandInThread.#all) if (thread.#until-- <= 0) thread.#step()
  }

  /** In the place of `Atomics.wait`. */
  static wait(ended: Int32Array): 'ok' {
    for (const thread of StandInThread.#all) if (thread.#ended === ended) thread.#step()
    return 'ok'
  }

  postMessage(message: unknown): void {
    if (message === 'end') {
      this.#steps.push(() => this.#take(message))
      // Nobody has to wait for one that has nothing to do.
      setImmediate(() => {
        while (this.#steps.length > 0) this.#step()
      })
      return
    }
    const batch = structuredClone(message)
    this.#later(() => {
      const { told } = StandInThread
      const isWritten = (told.written + told.not + 1) % 3 > 0
      told[isWritten ? 'written' : 'not'] += 1
      if (isWritten) this.#take(batch)
      else Atomics.add(this.#ended, 0, 1)
    })
  }

  ref(): void {}
  unref(): void {}

  #later(step: () => void): void {
    this.#until = StandInThread.random(mostPatience)
    this.#steps.push(step)
  }

  #step(): void {
    this.#steps.shift()?.()
  }
}

/** In acknowledgements: longer than a batch takes to be due, at times. */
const mostPatience = 250
