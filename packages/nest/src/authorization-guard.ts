import {
  authorizeRequest,
  checkAgainstModel,
  placeRequirement,
  privateResponse,
  RequestAuthorization,
  type RequestView,
  type Requirement,
  tokenOf,
  varyBySession,
} from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import { demandOf } from './decorators/demand.js'
import { type AuthorizationModuleOptions, authorizationOptions } from './options.js'
import { attach, attached, type HttpRequest, rawHeadersOf, viewOf } from './request.js'

/**
 * Decides about every request before its handler runs. One instance for the whole application; the module
 * registers it, and takes a subclass of it as `guard`.
 */
@Injectable()
export class AuthorizationGuard implements CanActivate {
  private readonly demands = new WeakMap<object, Map<object, Requirement | undefined>>()

  constructor(
    @Inject(authorizationOptions) protected readonly options: AuthorizationModuleOptions,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    try {
      await this.enforce(context, this.requirementOf(context))
    } catch (error) {
      throw this.refusalOf(error, context)
    }
    return true
  }

  /** Where the token of a request is. Override it for a login library that keeps tokens elsewhere. */
  protected tokenOf(request: HttpRequest): string | undefined | Promise<string | undefined> {
    return tokenOf(rawHeadersOf(request), this.options)
  }

  /** What locators read of a request. Override it to locate resources by something else. */
  protected viewOf(request: HttpRequest): RequestView {
    return viewOf(request)
  }

  /** What a request is turned away with. Override it to answer with an error of your own. */
  protected refusalOf(error: unknown, _context: ExecutionContext): unknown {
    return error
  }

  private requirementOf(context: ExecutionContext): Requirement {
    const requirement = this.demandOf(context)
    if (requirement !== undefined) return requirement
    if (this.options.unguarded === 'warn' || this.options.unguarded === 'allow') return { kind: 'public' }
    throw new Misconfigured(`\`${nameOf(context)}\` does not say who may use it`)
  }

  /** Looked up once for each handler: what decorators have said does not change. */
  private demandOf(context: ExecutionContext): Requirement | undefined {
    const [controller, handler] = [context.getClass(), context.getHandler()]
    const known = this.demands.get(controller) ?? new Map<object, Requirement | undefined>()
    this.demands.set(controller, known)
    if (!known.has(handler)) known.set(handler, demandOf(controller, handler))
    return known.get(handler)
  }

  private async enforce(context: ExecutionContext, requirement: Requirement): Promise<void> {
    const { authorizer, locators } = this.options
    if (context.getType() !== 'http') {
      // An inherited permission must not look as if it held where nobody has looked at what a message names.
      if (this.demandOf(context)?.kind === 'public') return
      throw new Misconfigured(
        `\`${nameOf(context)}\` is not reached over HTTP but by \`${context.getType()}\`, which cannot be guarded yet: say \`@Public()\` and check in the handler`,
      )
    }
    const request = context.switchToHttp().getRequest<HttpRequest>()
    if (requirement.kind === 'public') {
      if (attached(request) === undefined) attach(request, new RequestAuthorization(authorizer, undefined))
      return
    }
    this.keepOutOfCaches(context.switchToHttp().getResponse())
    checkOnce(requirement, this.options)
    const authorization = await authorizeRequest(authorizer, await this.tokenOf(request))
    attach(request, authorization)
    const view = this.viewOf(request)
    const route = { name: nameOf(context), parameters: Object.keys(request.params ?? {}) }
    await authorization.enforce(placeRequirement(requirement, route, authorizer.model, locators), view)
  }

  private keepOutOfCaches(response: { getHeader(name: string): unknown }): void {
    const { httpAdapter } = this.host
    const cookies = this.options.cookie !== undefined
    const set = (name: string, value: string) => httpAdapter.setHeader(response, name, value)
    set('vary', varyBySession(response.getHeader('vary'), { cookies }))
    if (response.getHeader('cache-control') === undefined) set('cache-control', privateResponse)
  }
}

const checked = new WeakMap<Requirement, unknown>()

function checkOnce(requirement: Requirement, { authorizer }: AuthorizationModuleOptions): void {
  if (checked.get(requirement) === authorizer.model) return
  checkAgainstModel(requirement, authorizer.model)
  checked.set(requirement, authorizer.model)
}

function nameOf(context: ExecutionContext): string {
  return `${context.getClass().name}.${context.getHandler().name}`
}
