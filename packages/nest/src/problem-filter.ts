import { problemOf } from '@bailiwick/client'
import { isAuthorizationError } from '@bailiwick/core'
import { type ArgumentsHost, Catch, Inject, Logger } from '@nestjs/common'
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core'
import { from, mergeMap, throwError } from 'rxjs'
import { callKindOf } from './calls/call.js'
import { tell } from './calls/connection.js'
import { graphqlErrorOf } from './graphql-error.js'
import { type AuthorizationModuleOptions, authorizationOptions } from './options.js'
import { problemIn } from './problem-in.js'

/** Every error of ours, also when another copy of the core package threw it. */
// biome-ignore lint/complexity/noStaticOnlyClass: `@Catch` takes classes, and asks them with `instanceof`
abstract class AnyAuthorizationError {
  static [Symbol.hasInstance](value: unknown): boolean {
    return isAuthorizationError(value)
  }
}

/**
 * Answers refusals as `application/problem+json` (RFC 9457). Ours that only the developer can mend are logged
 * and answered with 500, as Nest does with any bug.
 */
@Catch(AnyAuthorizationError)
export class ProblemFilter extends BaseExceptionFilter {
  private readonly logger = new Logger('AuthorizationModule')

  constructor(
    @Inject(authorizationOptions) private readonly options: AuthorizationModuleOptions,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {
    super()
  }

  override catch(error: unknown, host: ArgumentsHost): unknown {
    const kind = callKindOf(host)
    if (kind === 'graphql') return graphqlErrorOf(error, host, this.options.problems)
    // A message is answered with what its filter returns, and waits for ever on one that throws.
    if (kind === 'rpc') return from(this.bodyOf(error, host)).pipe(mergeMap((body) => throwError(() => body)))
    if (kind === 'ws') {
      this.bodyOf(error, host).then((body) => tell(host.switchToWs().getClient(), body))
      return
    }
    if (kind !== 'http') throw error
    const { httpAdapter } = this.host
    const response: unknown = host.switchToHttp().getResponse()
    if (problemOf(error) === undefined || httpAdapter.isHeadersSent(response)) {
      super.catch(error, host)
      return
    }
    // Nest does not wait for a filter: what it rejects with would end the process.
    return this.answer(error, host, response).catch((failure: unknown) => super.catch(failure, host))
  }

  /** What a message is answered with. */
  private async bodyOf(error: unknown, host: ArgumentsHost): Promise<object> {
    const problem = await problemIn(error, host, this.options.problems)
    if (problem !== undefined) return { message: problem.body.detail, ...problem.body }
    this.logger.error(error)
    return { status: 'error', message: 'Internal server error' }
  }

  private async answer(error: unknown, host: ArgumentsHost, response: unknown): Promise<void> {
    const problem = await problemIn(error, host, this.options.problems)
    if (problem === undefined) throw error
    const { httpAdapter } = this.host
    for (const [name, value] of Object.entries(problem.headers)) httpAdapter.setHeader(response, name, value)
    httpAdapter.reply(response, JSON.stringify(problem.body), problem.status)
  }
}
