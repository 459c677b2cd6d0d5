import { explainDenial, problemOf } from '@bailiwick/client'
import { isAuthorizationError } from '@bailiwick/core'
import { type ArgumentsHost, Catch, Inject, Logger } from '@nestjs/common'
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core'
import { type Observable, throwError } from 'rxjs'
import { type AuthorizationModuleOptions, authorizationOptions } from './options.js'
import { attached, type HttpRequest } from './request.js'

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

  override catch(error: unknown, host: ArgumentsHost): void | Promise<void> | Observable<never> {
    if (host.getType() === 'rpc') {
      // A message is answered with what its filter returns, and waits for ever on one that throws.
      this.logger.error(error)
      return throwError(() => ({ status: 'error', message: 'Internal server error' }))
    }
    if (host.getType() !== 'http') throw error
    const { httpAdapter } = this.host
    const response: unknown = host.switchToHttp().getResponse()
    if (problemOf(error) === undefined || httpAdapter.isHeadersSent(response)) {
      super.catch(error, host)
      return
    }
    // Nest does not wait for a filter: what it rejects with would end the process.
    return this.answer(error, host.switchToHttp().getRequest(), response).catch((failure: unknown) =>
      super.catch(failure, host),
    )
  }

  private async answer(error: unknown, request: HttpRequest, response: unknown): Promise<void> {
    const { problems = {} } = this.options
    const explanation = await explainDenial(error, attached(request), problems)
    const problem = problemOf(error, problems, explanation)
    if (problem === undefined) throw error
    const { httpAdapter } = this.host
    for (const [name, value] of Object.entries(problem.headers)) httpAdapter.setHeader(response, name, value)
    httpAdapter.reply(response, JSON.stringify(problem.body), problem.status)
  }
}
