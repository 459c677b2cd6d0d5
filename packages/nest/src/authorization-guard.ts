import {
  authorizeAtOnce,
  authorizeRequest,
  checkAgainstModel,
  Placements,
  placeOperation,
  privateResponse,
  RequestAuthorization,
  type RequestedRoute,
  type RequestView,
  type Requirement,
  tokenOf,
  varyBySession,
} from '@bailiwick/client'
import { Misconfigured, type Session } from '@bailiwick/core'
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common'
import { callKindOf, carrierOf } from './calls/call.js'
import { keptToken } from './calls/connection.js'
import { upgradeOfGraphql } from './calls/graphql-connection.js'
import { graphqlCaller } from './calls/graphql-field.js'
import { operationViewOf } from './calls/operation-view.js'
import { askForEvents, isSubscription } from './calls/subscription.js'
import { demandOf } from './decorators/demand.js'
import { graphqlErrorOf } from './graphql-error.js'
import { type AuthorizationModuleOptions, authorizationOptions } from './options.js'
import {
  attach,
  attached,
  type HttpRequest,
  HttpRequestView,
  paramsOf,
  rawHeadersOf,
  viewOf,
} from './request.js'

/**
 * Decides about every request, GraphQL field and message before its handler runs. One instance for the whole
 * application; the module registers it, and takes a subclass of it as `guard`.
 */
@Injectable()
export class AuthorizationGuard implements CanActivate {
  private readonly demands = new WeakMap<object, Demand>()

  constructor(@Inject(authorizationOptions) protected readonly options: AuthorizationModuleOptions) {}

  /** @returns `true`, at once where nothing has to be waited for; else it rejects with what turns the request away. */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    try {
      const awaited = this.enforce(context, this.demandedOf(context))
      return awaited === undefined || this.allowAfter(awaited, context)
    } catch (error) {
      return this.refuse(error, context)
    }
  }

  // A function of its own: one that makes functions makes something at each call, whether it comes to that or not.
  private allowAfter(awaited: Promise<void>, context: ExecutionContext): Promise<boolean> {
    return awaited.then(
      () => true,
      (error: unknown) => this.refuse(error, context),
    )
  }

  /** Where the token of a request is. Override it for a login library that keeps tokens elsewhere. */
  protected tokenOf(request: HttpRequest): string | undefined | Promise<string | undefined> {
    return tokenOf(rawHeadersOf(request), this.options)
  }

  /** Where the token of a message is that came over no connection of its own. Default: `messageToken` of the options. */
  protected messageTokenOf(context: ExecutionContext): string | undefined | Promise<string | undefined> {
    const { messageToken } = this.options
    const rpc = context.switchToRpc()
    if (messageToken !== undefined) return messageToken(rpc.getData(), rpc.getContext())
    throw new Misconfigured('messages carry their tokens in many ways: say how with `messageToken`')
  }

  /** Whether somebody says where the tokens of messages are: asked at start, so that no message has to find out. */
  get findsMessageTokens(): boolean {
    const isOurs = this.messageTokenOf === AuthorizationGuard.prototype.messageTokenOf
    return !isOurs || this.options.messageToken !== undefined
  }

  /** Where the token of a WebSocket connection is. @param upgrade - The request that asked for it. */
  async connectionTokenOf(upgrade: { readonly rawHeaders: readonly string[] }): Promise<string | undefined> {
    return tokenOf(upgrade.rawHeaders, this.options)
  }

  /** What locators read of a request. Override it to locate resources by something else. */
  protected viewOf(request: HttpRequest): RequestView {
    return viewOf(request)
  }

  /** What a request is turned away with. Override it to answer with an error of your own. */
  protected refusalOf(error: unknown, _context: ExecutionContext): unknown {
    return error
  }

  private refuse(error: unknown, context: ExecutionContext): Promise<never> {
    return Promise.reject(this.refusalOf(error, context))
  }

  private demandedOf(context: ExecutionContext): Placements {
    const demand = this.demandOf(context)
    if (demand !== undefined) return demand
    if (this.options.unguarded === 'warn' || this.options.unguarded === 'allow') return nothing
    throw new Misconfigured(`\`${nameOf(context)}\` does not say who may use it`)
  }

  /** Looked up once for each handler: what decorators have said does not change. */
  private demandOf(context: ExecutionContext): Placements | undefined {
    const controller = context.getClass()
    const handler = context.getHandler()
    const known = this.demands.get(handler)
    for (let each = known; each !== undefined; each = each.next)
      if (each.controller === controller) return each.placements
    const requirement = demandOf(controller, handler)
    if (requirement === undefined) return undefined
    const placements = new Placements(requirement, this.options.locators)
    this.demands.set(handler, { controller, placements, next: known })
    return placements
  }

  /** @returns What is waited for, if anything. */
  private enforce(context: ExecutionContext, demand: Placements): Promise<void> | undefined {
    return context.getType() === 'http'
      ? this.enforceRequest(context, demand)
      : this.enforceOperation(context, demand.requirement)
  }

  private enforceRequest(context: ExecutionContext, placements: Placements): Promise<void> | undefined {
    const { authorizer } = this.options
    // `switchToHttp()` makes four objects each time, to say the same.
    const request = context.getArgByIndex<HttpRequest>(0)
    if (placements.requirement.kind === 'public') {
      if (attached(request) === undefined) attach(request, new RequestAuthorization(authorizer, undefined))
      return undefined
    }
    this.keepOutOfCaches(context.getArgByIndex<HttpResponse>(1))
    // Whoever finds tokens in a way of her own is asked for them.
    const isOurs = this.tokenOf === AuthorizationGuard.prototype.tokenOf
    const known = isOurs ? authorizeAtOnce(authorizer, rawHeadersOf(request), this.options) : undefined
    return known === undefined
      ? this.authorizeAndEnforce(request, placements, context)
      : this.enforceFor(known, request, placements, context)
  }

  private enforceFor(
    authorization: RequestAuthorization,
    request: HttpRequest,
    placements: Placements,
    context: ExecutionContext,
  ): Promise<void> | undefined {
    attach(request, authorization)
    const placed = placements.for(new RouteOf(context, request), authorization.authorizer.model)
    if (authorization.enforceAtOnce(placed, this.quickViewOf(request))) return undefined
    return authorization.enforce(placed, this.viewOf(request))
  }

  /** Where nobody looks at requests in a way of her own, what no locator asks for is not read. */
  private quickViewOf(request: HttpRequest): RequestView {
    const isOurs = this.viewOf === AuthorizationGuard.prototype.viewOf
    return isOurs ? new HttpRequestView(request) : this.viewOf(request)
  }

  private async authorizeAndEnforce(
    request: HttpRequest,
    placements: Placements,
    context: ExecutionContext,
  ): Promise<void> {
    const authorization = await authorizeRequest(this.options.authorizer, await this.tokenOf(request))
    await this.enforceFor(authorization, request, placements, context)
  }

  private enforceOperation(context: ExecutionContext, requirement: Requirement): Promise<void> {
    const decide = () => this.decide(context, requirement)
    if (requirement.kind !== 'public' && isSubscription(context.getHandler())) {
      askForEvents(context, () => decide().catch((error: unknown) => this.endStream(error, context)))
    }
    return decide()
  }

  private async endStream(error: unknown, context: ExecutionContext): Promise<never> {
    throw await graphqlErrorOf(this.refusalOf(error, context), context, this.options.problems)
  }

  private async decide(context: ExecutionContext, requirement: Requirement): Promise<void> {
    const { authorizer } = this.options
    const isPublic = requirement.kind === 'public'
    const authorization = new RequestAuthorization(
      authorizer,
      isPublic ? undefined : await this.sessionOf(context),
    )
    const carrier = carrierOf(context)
    if (carrier !== undefined) attach(carrier, authorization)
    if (isPublic) return
    checkOnce(requirement, this.options)
    const placed = placeOperation(requirement, nameOf(context), authorizer.model)
    await authorization.enforce(placed, this.operationViewOf(context))
  }

  private async sessionOf(context: ExecutionContext): Promise<Session | undefined> {
    const { authorizer } = this.options
    switch (callKindOf(context)) {
      case 'graphql': {
        const caller = graphqlCaller(context)
        // A query has many fields, and the verifier checks one token for all of them once.
        if ('connection' in caller) {
          const token = await this.connectionTokenOf(upgradeOfGraphql(caller.connection))
          return (await authorizeRequest(authorizer, token)).session
        }
        const authorization = await authorizeRequest(authorizer, await this.tokenOf(caller.request))
        attach(caller.request, authorization)
        return authorization.session
      }
      case 'ws':
        return (await authorizeRequest(authorizer, await keptToken(context.switchToWs().getClient()))).session
      case 'rpc':
        return (await authorizeRequest(authorizer, await this.messageTokenOf(context))).session
      default:
        throw new Misconfigured(
          `\`${nameOf(context)}\` is reached by \`${context.getType()}\`, which cannot be guarded: say \`@Public()\` and check in the handler`,
        )
    }
  }

  /** What locators read of a GraphQL field or of a message. Override it to locate resources by something else. */
  protected operationViewOf(context: ExecutionContext): RequestView {
    return operationViewOf(context)
  }

  private keepOutOfCaches(response: HttpResponse): void {
    const cookies = this.options.cookie !== undefined
    const vary = varyBySession(response.getHeader('vary'), { cookies })
    const isSaid = response.getHeader('cache-control') !== undefined
    // Node's own, which Express hands over, by itself: to look for what Express adds to it takes longer than all else
    // here, since there each response has a shape of its own.
    if (response.setHeader !== undefined) {
      response.setHeader('vary', vary)
      if (!isSaid) response.setHeader('cache-control', privateResponse)
      return
    }
    response.header('vary', vary)
    if (!isSaid) response.header('cache-control', privateResponse)
  }
}

/** What the guard needs of a response: Node's own, or the reply of Fastify. */
interface HttpResponse {
  getHeader(name: string): unknown
  setHeader?(name: string, value: string): unknown
  header(name: string, value: string): unknown
}

/** What a handler demands in one controller: others may inherit it. */
interface Demand {
  readonly controller: object
  readonly placements: Placements
  readonly next: Demand | undefined
}

const nothing = new Placements({ kind: 'public' })

class RouteOf implements RequestedRoute {
  constructor(
    private readonly context: ExecutionContext,
    private readonly request: HttpRequest,
  ) {}

  get params(): HttpRequest['params'] {
    return paramsOf(this.request)
  }

  get name(): string {
    return nameOf(this.context)
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
