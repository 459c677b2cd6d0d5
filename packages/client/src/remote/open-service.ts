import { Pool } from 'undici'
import { OwnWrites } from './own-writes.js'
import type { CheckedOptions } from './remote-options.js'
import { Service } from './service.js'
import { Transport } from './transport/transport.js'

/** Lists of a hundred explanations are far below this; what is above it is no answer of ours. */
const mostAnswerBytes = 8 * 1_048_576

/** Make what an engine calls its service with. Nothing is sent and nothing connected yet. */
export function openService(options: CheckedOptions): Service {
  const { origin, api, concurrency, queue, deadlineMs, writeDeadlineMs } = options
  const clock = () => performance.now()
  const pool = new Pool(origin, {
    connections: concurrency,
    pipelining: 1,
    maxResponseSize: mostAnswerBytes,
    // Every request has a deadline of its own, which these would only repeat.
    headersTimeout: 0,
    bodyTimeout: 0,
    // A connection that hangs is tried anew, so that a service that is back is found within a moment.
    connect: { timeout: Math.max(1_000, deadlineMs) },
  })
  return new Service({
    transport: new Transport({ pool, origin, concurrency, queue, clock, random: Math.random }),
    ownWrites: new OwnWrites(),
    apiKey: options.apiKey,
    prefix: options.prefix,
    isOurs: api === 'bailiwick',
    deadlineMs,
    writeDeadlineMs,
    clock,
  })
}
