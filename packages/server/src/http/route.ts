import type { CheckOptions, ConsistencyToken } from '@bailiwick/core'
import type { Operation, OperationAnswer, OperationInput, OperationSchemas } from '@bailiwick/wire'
import type { SessionSettings } from '../sessions/session-settings.js'
import type { EngineFor } from './engine-for.js'
import type { ReadingEngine } from './reading-engine.js'

/** What handlers work with. */
export interface Service {
  readonly engine: ReadingEngine
  /** The engine with which a route writes. */
  readonly engineFor: EngineFor
  /** The time in milliseconds since 1970. */
  readonly clock: () => number
  /** What becomes of a membership for a user of whom nothing is known: her stub is made, or it is refused. */
  readonly unknownUsers: 'create' | 'refuse'
  readonly sessions: SessionSettings
  /** Where callers reach the service, without a slash at the end: `https://authz.example.com`. */
  readonly publicUrl: () => string
}

/** What is known of a request beside its parts. */
export interface RequestContext {
  readonly requestId: string
  /** The id of the key that asks; never the key. `undefined` on public routes. */
  readonly keyId: string | undefined
  /** For whom the application changes something, from the header `Bailiwick-Actor`. */
  readonly saidActor: string | undefined
  /** How new the answer must be, from the header `Bailiwick-Consistency`; and the signal that ends with the client. */
  readonly consistency: CheckOptions
}

/** An answer: its JSON and, after a write, the token that goes into the header `Bailiwick-Consistency-Token`. */
export interface Answered<Body> {
  readonly body: Body
  readonly token?: ConsistencyToken
  /** Where the operation has more than one status. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer of which nothing is to be said but its JSON, which is written down already. */
export interface WrittenAnswer {
  readonly json: string
}

export type Handler<Schemas extends OperationSchemas> = (
  input: OperationInput<Schemas>,
  context: RequestContext,
) => HandlerAnswer<Schemas> | Promise<HandlerAnswer<Schemas>>

type HandlerAnswer<Schemas extends OperationSchemas> = Answered<OperationAnswer<Schemas>> | WrittenAnswer

/** How an error becomes an answer: a status, headers, and a body that goes out as JSON. */
export type ErrorRenderer = (
  error: unknown,
  requestId: string,
) => { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: unknown }

/** Sees an answer before it goes out. */
export type AnswerInspector = (operation: Operation, answered: Answered<unknown>) => void

/** An operation with what answers it. */
export interface Route {
  readonly operation: Operation
  readonly handle: Handler<OperationSchemas>
  /** Where errors have another form than everywhere else. */
  readonly renderError?: ErrorRenderer
  /** How many requests it counts as, against the limit of its key. Default: one. */
  readonly weigh?: (input: OperationInput<OperationSchemas>) => number
  /**
   * Read the body out of its text, where it has a form that makes its JSON and its schema a matter of course;
   * `undefined` where those have to judge it. Bytes of the body that are no ASCII are other characters in the text.
   */
  readonly readBody?: (text: string) => unknown
}

/**
 * Pair an operation with its handler; the types of its schemas hold inside.
 *
 * @param more - Its cost and its body, where they are not as everywhere else.
 */
export function route<const Schemas extends OperationSchemas>(
  operation: Operation<Schemas>,
  handle: Handler<Schemas>,
  more: {
    readonly weigh?: (input: OperationInput<Schemas>) => number
    readonly readBody?: (text: string) => OperationInput<Schemas>['body'] | undefined
  } = {},
): Route {
  // The server gives a handler only what its own operation's schemas yielded.
  return { operation, handle, ...more } as unknown as Route
}
