import { explainDenial, type Problem, type ProblemOptions, problemOf } from '@bailiwick/client'
import { type ArgumentsHost, Logger } from '@nestjs/common'
import { carrierOf } from './calls/call.js'
import { attached } from './request.js'

const logger = new Logger('AuthorizationModule')

/** What a call is turned away with, explained where the options say so; `undefined` for an error that is none of ours. */
export async function problemIn(
  error: unknown,
  host: ArgumentsHost,
  options: ProblemOptions = {},
): Promise<Problem | undefined> {
  const carrier = carrierOf(host)
  const log = (lines: string) => logger.warn(lines)
  const explanation = await explainDenial(error, carrier && attached(carrier), { log, ...options })
  return problemOf(error, options, explanation)
}
