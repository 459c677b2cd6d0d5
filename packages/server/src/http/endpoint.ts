import type { SentAnswer } from '../replay/answer-note.js'
import type { Entrance } from './entrance.js'
import type { Exchange } from './exchange.js'

/** An entrance, and what answers there. */
export interface Endpoint extends Entrance {
  /** @see Route.readBody */
  readonly readBody?: ((text: string) => unknown) | undefined
  /** The answer, at once where it is known at once; `undefined` from a stream, which writes it. */
  readonly answer: (exchange: Exchange) => SentAnswer | Promise<SentAnswer | undefined>
}
