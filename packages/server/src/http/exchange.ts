import type { ServerResponse } from 'node:http'
import type { ArrivingRequest } from './arriving-request.js'
import type { Entrance } from './entrance.js'

const none: Readonly<Record<string, string>> = {}

/** A request on its way to its answer. */
export class Exchange {
  // Every field is here from the start, so that all requests have one shape: there is nothing that is made more often.

  /** Where it came in; `undefined` where there is no such route. */
  entrance: Entrance | undefined = undefined
  /** The parts of its path that the pattern names, decoded. */
  params: Readonly<Record<string, string>> = none
  /** Its body, parsed; `undefined` where it has none. */
  body: unknown = undefined
  /** Its body, where its route has read that by itself. */
  readByRoute: unknown = undefined
  /** The id of the key that asks. */
  keyId: string | undefined = undefined
  /** Whether it counts among the requests under way. */
  isAdmitted = false

  constructor(
    readonly request: ArrivingRequest,
    readonly response: ServerResponse,
    readonly id: string,
    /** By `performance.now()`. */
    readonly startedAt: number,
  ) {}
}
