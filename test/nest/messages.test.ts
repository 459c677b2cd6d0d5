import type { AddressInfo, Server } from 'node:net'
import {
  Authenticated,
  AuthorizationGuard,
  AuthorizationModule,
  type AuthorizationModuleOptions,
  arg,
  CurrentSession,
  Guarded,
  Public,
  RequirePermission,
} from '@bailiwick/nest'
import {
  Controller,
  type ExecutionContext,
  Get,
  type INestApplication,
  type INestMicroservice,
  Injectable,
  Module,
  type Type,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import {
  type ClientProxy,
  ClientProxyFactory,
  MessagePattern,
  Payload,
  Transport,
} from '@nestjs/microservices'
import { ExpressAdapter } from '@nestjs/platform-express'
import { firstValueFrom, type Observable } from 'rxjs'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openProduct, type Person, type Product } from '../guards/product.js'

let product: Product
let app: INestApplication | INestMicroservice | undefined
let client: ClientProxy | undefined
let handled: string[] = []

beforeAll(async () => {
  product = await openProduct()
})

afterEach(async () => {
  client?.close()
  await app?.close()
  app = undefined
  handled = []
})

interface Message {
  readonly token?: string
  readonly projectId?: unknown
}

class Handlers {
  @MessagePattern('edit')
  @RequirePermission('project:edit', { resource: arg('projectId') })
  edit(@Payload() { projectId }: Message) {
    handled.push(`edit ${projectId}`)
    return 'done'
  }

  @MessagePattern('me')
  @Authenticated()
  me(@CurrentSession() session: { readonly userId: string }) {
    return session.userId
  }

  @MessagePattern('open')
  @Public()
  open() {
    return 'open'
  }
}

@Controller()
class Messages extends Handlers {}

@Controller()
@Guarded()
class GuardedMessages extends Handlers {
  @Get('a')
  @Public()
  a() {}
}

function moduleOf(controller: Type, options: Partial<AuthorizationModuleOptions> = {}): Type {
  const messageToken = (data: unknown) => (data as Message).token
  @Module({
    imports: [AuthorizationModule.forRoot({ authorizer: product.authorizer, messageToken, ...options })],
    controllers: [controller],
  })
  class AppModule {}
  return AppModule
}

function tcp(port: number) {
  return { transport: Transport.TCP, options: { host: '127.0.0.1', port } } as const
}

function connectTo(microservice: INestMicroservice): void {
  const { port } = microservice.unwrap<Server>().address() as AddressInfo
  client = ClientProxyFactory.create(tcp(port))
}

async function serveAlone(controller: Type, options?: Partial<AuthorizationModuleOptions>): Promise<void> {
  const alone = await NestFactory.createMicroservice(moduleOf(controller, options), {
    ...tcp(0),
    logger: false,
    abortOnError: false,
  })
  app = alone
  await alone.listen()
  connectTo(alone)
}

async function serveBesideHttp(controller: Type): Promise<void> {
  const both = await NestFactory.create(moduleOf(controller), new ExpressAdapter(), {
    logger: false,
    abortOnError: false,
  })
  app = both
  const microservice = both.connectMicroservice(tcp(0))
  await both.init()
  await both.startAllMicroservices()
  connectTo(microservice)
}

function send(pattern: string, person?: Person | 'expired', projectId?: unknown): Promise<unknown> {
  const message = { ...(person && { token: product.tokens[person] }), projectId }
  return firstValueFrom((client as ClientProxy).send(pattern, message) as Observable<unknown>)
}

describe.each([
  ['an application of messages alone', () => serveAlone(Messages)],
  ['an application that serves HTTP as well', () => serveBesideHttp(GuardedMessages)],
])('%s', (_, serve) => {
  test('handles the messages of who may, on the object that they name, and no others', async () => {
    await serve()
    expect(await send('edit', 'editor', 'web')).toBe('done')
    await expect(send('edit', 'editor', 'app')).rejects.toMatchObject({
      status: 403,
      code: 'access_denied',
      message: 'this needs `project:edit` on project `app`',
    })
    await expect(send('edit', 'editor')).rejects.toMatchObject({ status: 400, code: 'resource_not_located' })
    expect(handled).toEqual(['edit web'])
  })

  test('handles no message without a token, or with a bad one, where anything is demanded', async () => {
    await serve()
    expect(await send('me', 'editor')).toBe('editor')
    await expect(send('me')).rejects.toMatchObject({ status: 401, code: 'session_missing' })
    await expect(send('me', 'expired')).rejects.toMatchObject({ status: 401, code: 'session_expired' })
    expect(await send('open')).toBe('open')
  })
})

describe('a message handler', () => {
  test('does not start beside HTTP without the guard on it', async () => {
    await expect(serveBesideHttp(Messages)).rejects.toThrow(
      '`Messages.edit` is a message handler, which guards of the application do not reach: add `@Guarded()` to `Messages`',
    )
  })

  test('does not start while nobody says where tokens are, unless it is public', async () => {
    @Controller()
    class Open {
      @MessagePattern('open')
      @Public()
      open() {
        return 'open'
      }
    }
    const nowhere: Record<string, unknown> = { messageToken: undefined }
    await expect(serveAlone(Messages, nowhere)).rejects.toThrow(
      '`Messages.me` is a message handler, and nobody says where messages carry their tokens: add `messageToken: (data, context) => …` to the options of `AuthorizationModule`',
    )
    await serveAlone(Open, nowhere)
    expect(await send('open')).toBe('open')
  })

  test('takes its token, and its resource, from where a subclass of the guard finds them', async () => {
    @Injectable()
    class Guard extends AuthorizationGuard {
      protected override messageTokenOf(context: ExecutionContext) {
        return context.switchToRpc().getData<{ readonly session?: string }>().session
      }

      protected override operationViewOf(context: ExecutionContext) {
        const view = super.operationViewOf(context)
        const { project } = view.args as { readonly project?: string }
        return { ...view, args: { projectId: project } }
      }
    }
    await serveAlone(Messages, { messageToken: undefined, guard: Guard } as object)
    const edit = (message: object) =>
      firstValueFrom((client as ClientProxy).send('edit', message) as Observable<unknown>)
    const session = product.tokens.editor
    expect(await edit({ session, project: 'web' })).toBe('done')
    await expect(edit({ session, project: 'app' })).rejects.toMatchObject({ status: 403 })
    await expect(edit({ session, projectId: 'web' })).rejects.toMatchObject({ status: 400 })
    await expect(edit({ token: session, project: 'web' })).rejects.toMatchObject({ status: 401 })
  })
})
