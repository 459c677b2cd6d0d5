import {
  type Authorizer,
  authorizeAtOnce,
  authorizeRequest,
  type ProblemOptions,
  type RequestAuthorization,
  type TokenOptions,
  tokenOf,
  type Unguarded,
  varyBySession,
} from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { serveDevelopmentPage } from './development-page.js'
import { asHttpError } from './http-error.js'
import { problemHandler } from './problem-handler.js'
import { attach, authorizationOf } from './request.js'
import { type FastifyRoute, methodsOf, type RegisteredRoute, routesFrom } from './routes.js'
import { checkRoutes } from './start-up-check.js'

/** How an application is guarded. */
export interface AuthorizationPluginOptions extends TokenOptions {
  readonly authorizer: Authorizer
  /**
   * Where the token is, when another plugin has unsealed it already. Then neither the `Authorization` header nor
   * `cookie` is read.
   */
  readonly token?: (request: FastifyRequest) => string | undefined | Promise<string | undefined>
  /** What a refusal may tell. */
  readonly problems?: ProblemOptions
  /** What to do about a route without a guard that is not `open()` either. Default `refuse`. */
  readonly unguarded?: Unguarded
  /** Routes of other plugins that anybody may use, as the table names them: `OPTIONS *`. */
  readonly open?: readonly string[]
  /** Serve a page for development at `/__authz`, at this machine only, and never in production. Default `false`. */
  readonly developmentPage?: boolean
  /** Told of the routes when all are there and guarded: print them with `formatRoutes`. */
  readonly onRoutes?: (routes: readonly FastifyRoute[]) => void
}

/**
 * Verify the session token of every request, answer refusals as problems, and hold every route against the rules
 * before the application is ready. It reaches the instance that it is registered on, and what is inside of that.
 *
 * @throws {Misconfigured} from `ready()` or `listen()`, naming every route at fault; when routes are there already.
 *
 * @example
 * await app.register(authorization, { authorizer })
 */
export const authorization = fastifyPlugin<AuthorizationPluginOptions>(register, {
  name: '@bailiwick/fastify',
  fastify: '5.x',
})

async function register(app: FastifyInstance, options: AuthorizationPluginOptions): Promise<void> {
  const { authorizer, problems = {} } = options
  if (isRootWithRoutes(app) && options.open === undefined) throw new Misconfigured(tooLate)
  const registered: RegisteredRoute[] = []
  const seen = new Set<string>(options.open)
  app.decorateRequest('authz', { getter: authorizationOfThis })
  app.addHook('onRequest', (request, _reply, done) => {
    // By its own method: of a route for several, one may be said to be open.
    const isSeen = request.is404 || seen.has(`${request.method} ${request.routeOptions.url}`)
    done(isSeen ? undefined : new Misconfigured(tooLate))
  })
  app.addHook('onRequest', sessionHook(options))
  app.addHook('onRoute', function (route) {
    registered.push({ instance: this, options: route })
    for (const method of methodsOf(route)) seen.add(`${method} ${route.url}`)
    route.errorHandler = problemHandler(problems, route.errorHandler)
  })
  app.addHook('onReady', async () => {
    const routes = routesFrom(registered)
    // `*` is registered by one name and found by the other.
    const hasRoute = (method: string, path: string) =>
      app.hasRoute({ method: method as HTTPMethods, url: path === '*' ? '/*' : path })
    const warn = (message: string) => app.log.warn(message)
    checkRoutes(routes, authorizer, { ...options, hasRoute, warn })
    options.onRoutes?.(routes)
  })
  if (options.developmentPage) serveDevelopmentPage(app, authorizer, () => routesFrom(registered))
}

const tooLate =
  'there are routes that `authorization` has not seen: `await app.register(authorization, …)` before the first route'

/** Whether routes stand beside it already. A plugin inside of another cannot tell them from those of its neighbours. */
function isRootWithRoutes(app: FastifyInstance): boolean {
  const [outermost] = app.pluginName.split(' -> ')
  return outermost === 'fastify' && app.printRoutes() !== '(empty tree)'
}

function authorizationOfThis(this: FastifyRequest) {
  return authorizationOf(this)
}

function sessionHook(options: AuthorizationPluginOptions) {
  const cookies = options.cookie !== undefined || options.token !== undefined
  const { authorizer, token: find } = options
  const openSession = async (request: FastifyRequest) => {
    const token = find === undefined ? tokenOf(request.raw.rawHeaders, options) : await find(request)
    attach(request, await authorizeRequest(authorizer, token))
  }
  return (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    reply.header('vary', varyBySession(reply.getHeader('vary'), { cookies }))
    let known: RequestAuthorization | undefined
    try {
      if (find === undefined) known = authorizeAtOnce(authorizer, request.raw.rawHeaders, options)
    } catch (error) {
      done(asHttpError(error))
      return
    }
    if (known === undefined) {
      openSession(request).then(
        () => done(),
        (error: unknown) => done(asHttpError(error)),
      )
      return
    }
    attach(request, known)
    done()
  }
}
