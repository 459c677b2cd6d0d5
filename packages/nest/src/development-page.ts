import type { IncomingMessage, ServerResponse } from 'node:http'
import { developmentPage } from '@bailiwick/client'
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common'
import { HttpAdapterHost } from '@nestjs/core'
import { demandOf } from './decorators/demand.js'
import { type AuthorizationModuleOptions, authorizationOptions } from './options.js'
import { NestRoutes } from './routes/nest-routes.js'

const path = '/__authz'

interface Answering {
  readonly raw?: ServerResponse
}

/** Serves the page of `developmentPage`, where the options say so. */
@Injectable()
export class DevelopmentPageRoute implements OnModuleInit {
  constructor(
    @Inject(authorizationOptions) private readonly options: AuthorizationModuleOptions,
    @Inject(NestRoutes) private readonly routes: NestRoutes,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  /** Before the application answers that there is nothing, which it is told to once all modules are there. */
  onModuleInit(): void {
    const { authorizer, developmentPage: isWanted = false } = this.options
    const { httpAdapter } = this.host
    if (!isWanted || !httpAdapter) return
    const page = developmentPage(authorizer, () => this.table())
    if (page === undefined) return
    httpAdapter.get(path, (request: IncomingMessage, response: ServerResponse & Answering) => {
      const { socket, headers } = request
      const answer = page.answer({
        remoteAddress: socket.remoteAddress,
        host: headers.host,
        accept: headers.accept,
      })
      const raw = response.raw ?? response
      raw.writeHead(answer?.status ?? 404, answer?.headers ?? {})
      raw.end(answer?.body)
    })
  }

  private table() {
    return [
      ...this.routes
        .handlers()
        .map(({ controller, handler, method, path }) => ({ method, path, holder: controller, handler })),
      ...this.routes.others().map(({ holder, handler, kind, name }) => ({
        method: kind.toUpperCase(),
        path: name,
        holder,
        handler,
      })),
    ].map(({ method, path, holder, handler }) => {
      const requirement = demandOf(holder, handler)
      return { method, path, requirements: requirement === undefined ? [] : [requirement] }
    })
  }
}
