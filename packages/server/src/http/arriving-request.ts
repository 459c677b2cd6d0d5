import { IncomingMessage } from 'node:http'
import { RequestRefused } from '@bailiwick/wire'
import { bodyTooLarge, mostBytes } from './body-rules.js'

/** Is given a body, or why there is none. Called once. */
export type BodyTaker = (body: Buffer | RequestRefused) => void

/**
 * A request whose body can be had in one piece. Node hands a body over part by part (`push`), and a stream makes a
 * buffer, events and turns of the event loop of that: more than it takes to parse the body and to decide about it. So
 * whoever wants all of it is given it in the turn in which its last part came, and there is no stream.
 */
export class ArrivingRequest extends IncomingMessage {
  #taker: BodyTaker | undefined = undefined
  #parts: Buffer[] = []
  #length = 0
  #isGathered = false

  /** Have the body, in place of reading the request as a stream. It may be too large, and it may end early. */
  gather(taker: BodyTaker): void {
    this.#taker = taker
    // Node reads what nobody consumes to its end, once the request is answered.
    Reflect.set(this, '_consuming', true)
    // What came while its key was looked up is in the stream already.
    const early = this.readableLength === 0 ? null : (this.read() as Buffer | null)
    this.#isGathered = true
    if (early !== null) this.#add(early)
    if (this.complete) this.#finish()
    else if (this.destroyed) this.#break()
  }

  /** Whether all of it came, and was given away. */
  get isGiven(): boolean {
    return this.#isGathered && this.complete
  }

  override push(part: Buffer | null): boolean {
    if (!this.#isGathered) return super.push(part)
    if (part === null) this.#finish()
    else this.#add(part)
    return true
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (this.#taker !== undefined) this.#break()
    super._destroy(error, callback)
  }

  #add(part: Buffer): void {
    this.#length += part.length
    if (this.#length <= mostBytes) this.#parts.push(part)
    else this.#settle(bodyTooLarge())
  }

  #finish(): void {
    const [first, second] = this.#parts
    const isOne = first !== undefined && second === undefined
    this.#settle(isOne ? first : Buffer.concat(this.#parts, this.#length))
  }

  #break(): void {
    this.#settle(new RequestRefused('request_malformed', 'the request ended early'))
  }

  #settle(body: Buffer | RequestRefused): void {
    const taker = this.#taker
    this.#taker = undefined
    this.#parts = []
    taker?.(body)
  }
}

// What was given away ended as a stream that was read to its end: when it is answered, Node forgets it, and does not
// keep it with its connection until the next one.
const ended = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(IncomingMessage.prototype),
  'readableEnded',
)
Object.defineProperty(ArrivingRequest.prototype, 'readableEnded', {
  get(this: ArrivingRequest): boolean {
    return this.isGiven || ended?.get?.call(this) === true
  },
})
