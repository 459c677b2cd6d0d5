import { Authorizer } from '@bailiwick/client'
import type { Session } from '@bailiwick/core'
import {
  Authenticated,
  AuthorizationGuard,
  AuthorizationModule,
  type AuthorizationModuleExtras,
  type AuthorizationModuleOptions,
  authorizationOf,
  CurrentSession,
  type HttpRequest,
  Public,
  param,
  query,
  RequirePermission,
} from '@bailiwick/nest'
import {
  Controller,
  type ExecutionContext,
  ForbiddenException,
  Get,
  type INestApplication,
  Inject,
  Injectable,
  Module,
  Req,
  Scope,
  type Type,
} from '@nestjs/common'
import { DiscoveryModule, DiscoveryService, NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { Test, type TestingModuleBuilder } from '@nestjs/testing'
import request from 'supertest'
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openProduct, type Product } from './product.js'

let product: Product
let handled: number
beforeAll(async () => {
  product = await openProduct()
})
beforeEach(() => {
  handled = 0
})

describe.each([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
])('Nest on %s', (_, adapter) => {
  let app: INestApplication
  let url: string
  afterEach(() => app.close())

  async function serve(
    controllers: Type[],
    options: Partial<AuthorizationModuleOptions> & AuthorizationModuleExtras = {},
  ): Promise<void> {
    @Module({
      imports: [AuthorizationModule.forRoot({ authorizer: product.authorizer, ...options }), DiscoveryModule],
      controllers,
    })
    class AppModule {}
    await serveModule(AppModule)
  }

  async function serveModule(module: Type): Promise<void> {
    app = await NestFactory.create(module, adapter(), { logger: false, forceCloseConnections: true })
    await app.listen(0, '127.0.0.1')
    url = await app.getUrl()
  }

  async function ask(path: string, as?: keyof Product['tokens'], headers: Record<string, string> = {}) {
    const response = await fetch(`${url}${path}`, {
      headers: { ...(as && { authorization: `Bearer ${product.tokens[as]}` }), ...headers },
    })
    return { status: response.status, body: await response.text() }
  }

  @Controller()
  class Projects {
    @Get('me')
    @Authenticated()
    me(@CurrentSession() session: Session) {
      handled++
      return session.userId
    }

    @Get('projects/:id')
    @RequirePermission('project:view', { resource: param('id') })
    view() {
      handled++
      return 'a project'
    }
  }

  test('the guard is one instance for all requests, and so is what it depends on', async () => {
    await serve([Projects])
    const providers = app.get(DiscoveryService).getProviders()
    const guards = providers.filter(({ metatype }) => metatype === AuthorizationGuard)
    expect(guards.length).toBeGreaterThan(0)
    for (const guard of guards) expect(guard.isDependencyTreeStatic()).toBe(true)
  })

  describe('the module', () => {
    test('is configured by a factory that depends on other modules', async () => {
      @Module({
        providers: [{ provide: 'authorizer', useFactory: () => product.authorizer }],
        exports: ['authorizer'],
      })
      class Settings {}
      @Module({
        imports: [
          AuthorizationModule.forRootAsync({
            imports: [Settings],
            inject: ['authorizer'],
            useFactory: (authorizer: Authorizer) => ({ authorizer }),
          }),
        ],
        controllers: [Projects],
      })
      class AppModule {}
      await serveModule(AppModule)
      expect((await ask('/projects/web', 'editor')).status).toBe(200)
      expect((await ask('/projects/app', 'editor')).status).toBe(403)
    })

    test('is configured by a class', async () => {
      @Injectable()
      class Settings {
        createAuthorizationOptions() {
          return { authorizer: product.authorizer, cookie: 'session' }
        }
      }
      @Module({
        imports: [AuthorizationModule.forRootAsync({ useClass: Settings })],
        controllers: [Projects],
      })
      class AppModule {}
      await serveModule(AppModule)
      expect((await ask('/me', undefined, { cookie: `session=${product.tokens.editor}` })).body).toBe(
        'editor',
      )
    })

    test('makes the authorizer injectable, everywhere', async () => {
      @Injectable()
      class Menu {
        constructor(@Inject(Authorizer) readonly authz: Authorizer) {}
      }
      @Controller()
      class MenuController {
        constructor(@Inject(Menu) private readonly menu: Menu) {}

        @Get('menu')
        @Authenticated()
        read(@CurrentSession() session: Session) {
          return this.menu.authz.has(session, 'project:edit')
        }
      }
      @Module({ controllers: [MenuController], providers: [Menu] })
      class Feature {}
      @Module({ imports: [AuthorizationModule.forRoot({ authorizer: product.authorizer }), Feature] })
      class AppModule {}
      await serveModule(AppModule)
      expect((await ask('/menu', 'wide')).body).toBe('true')
      expect((await ask('/menu', 'editor')).body).toBe('false')
    })
  })

  describe('decorators', () => {
    test('on a handler replace those on its controller', async () => {
      @Controller()
      @RequirePermission('billing:manage')
      class Mixed {
        @Get('a')
        inherited() {
          return 'a'
        }

        @Get('b')
        @Public()
        open() {
          return 'b'
        }

        @Get('c')
        @Authenticated()
        looser() {
          return 'c'
        }
      }
      await serve([Mixed])
      expect((await ask('/a', 'biller')).status).toBe(200)
      expect((await ask('/a', 'editor')).status).toBe(403)
      expect((await ask('/b')).status).toBe(200)
      expect((await ask('/c', 'editor')).status).toBe(200)
      expect((await ask('/c')).status).toBe(401)
    })

    test('of a base class hold for the handlers that a controller inherits', async () => {
      abstract class Base {
        @Get('a')
        @RequirePermission('billing:manage')
        read() {
          return 'a'
        }

        @Get('b')
        other() {
          return 'b'
        }
      }
      @Authenticated()
      class Middle extends Base {}
      @Controller()
      class Derived extends Middle {}
      await serve([Derived])
      expect((await ask('/a', 'biller')).status).toBe(200)
      expect((await ask('/a', 'editor')).status).toBe(403)
      expect((await ask('/b', 'editor')).status).toBe(200)
      expect((await ask('/b')).status).toBe(401)
    })

    test('of one controller hold for no other that inherits the same handler', async () => {
      abstract class Base {
        @Get()
        read() {
          handled++
          return 'read'
        }
      }
      @Controller('open')
      @Public()
      class Open extends Base {}
      @Controller('bills')
      @RequirePermission('billing:manage')
      class Bills extends Base {}
      @Controller('mine')
      @Authenticated()
      class Mine extends Base {}
      await serve([Open, Bills, Mine])
      for (const _ of [1, 2]) {
        expect((await ask('/open')).status).toBe(200)
        expect((await ask('/bills', 'editor')).status).toBe(403)
        expect((await ask('/bills', 'biller')).status).toBe(200)
        expect((await ask('/mine', 'editor')).status).toBe(200)
        expect((await ask('/mine')).status).toBe(401)
      }
      expect(handled).toBe(6)
    })

    test('do not pass on to a handler that is written anew', async () => {
      class Base {
        @Get('a')
        @Public()
        read() {
          return 'a'
        }
      }
      @Controller()
      @RequirePermission('billing:manage')
      class Derived extends Base {
        @Get('a')
        override read() {
          return 'anew'
        }
      }
      await serve([Derived])
      expect((await ask('/a')).status).toBe(401)
      expect((await ask('/a', 'biller')).body).toBe('anew')
    })

    test('are not lost when another one wraps the handler and forgets what was said about it', async () => {
      const timed: MethodDecorator = (_target, _name, descriptor: PropertyDescriptor) => {
        const inner = descriptor.value as (...args: unknown[]) => unknown
        descriptor.value = function (this: unknown, ...args: unknown[]) {
          return inner.apply(this, args)
        }
      }
      @Controller()
      @Public()
      class Wrapped {
        @Get('a')
        @timed
        @RequirePermission('billing:manage')
        read() {
          handled++
          return 'a'
        }
      }
      await serve([Wrapped])
      expect((await ask('/a')).status).toBe(401)
      expect((await ask('/a', 'editor')).status).toBe(403)
      expect(handled).toBe(0)
      expect((await ask('/a', 'biller')).status).toBe(200)
    })

    test('guard controllers that are made anew for every request', async () => {
      @Controller({ scope: Scope.REQUEST })
      class Scoped {
        @Get('projects/:id')
        @RequirePermission('project:view', { resource: param('id') })
        view(@CurrentSession() session: Session) {
          return session.userId
        }
      }
      await serve([Scoped])
      expect((await ask('/projects/web', 'editor')).body).toBe('editor')
      expect((await ask('/projects/app', 'editor')).status).toBe(403)
    })
  })

  describe('a session', () => {
    test('is not read on a public route, so that a stale one does not lock anybody out', async () => {
      @Controller()
      @Public()
      class Login {
        @Get('login')
        login() {
          return 'welcome'
        }

        @Get('broken')
        broken(@CurrentSession() session: Session) {
          return session.userId
        }
      }
      await serve([Login])
      expect((await ask('/login', 'expired')).body).toBe('welcome')
      expect((await ask('/broken', 'editor')).status).toBe(500)
    })

    test('and what was asked of it are there for interceptors and the like', async () => {
      @Controller()
      class Seen {
        @Get('projects/:id')
        @RequirePermission('project:view', { resource: param('id') })
        view(@Req() request: HttpRequest) {
          return authorizationOf(request).enforced.map(
            ({ permission, decidedBy }) => `${permission} ${decidedBy}`,
          )
        }
      }
      await serve([Seen])
      expect((await ask('/projects/web', 'editor')).body).toBe('["project:view engine"]')
      expect((await ask('/projects/web', 'wide')).body).toBe('["project:view token"]')
    })
  })

  describe('a subclass of the guard', () => {
    test('finds the token elsewhere', async () => {
      @Injectable()
      class Guard extends AuthorizationGuard {
        protected override async tokenOf(request: HttpRequest & { headers: Record<string, string> }) {
          return request.headers['x-session']
        }
      }
      await serve([Projects], { guard: Guard })
      expect((await ask('/me', undefined, { 'x-session': product.tokens.editor })).body).toBe('editor')
      expect((await ask('/me', 'editor')).status).toBe(401)
    })

    test('may copy what locators read, and loses nothing of it', async () => {
      @Injectable()
      class Guard extends AuthorizationGuard {
        protected override viewOf(request: HttpRequest) {
          return { ...super.viewOf(request) }
        }
      }
      @Controller('search')
      class Search {
        @Get()
        @RequirePermission('project:view', { resource: query('id') })
        search() {
          return { found: true }
        }
      }
      await serve([Search], { guard: Guard })
      expect((await ask('/search?id=web', 'editor')).status).toBe(200)
      expect((await ask('/search?id=app', 'editor')).status).toBe(403)
    })

    test('locates resources by something else', async () => {
      @Injectable()
      class Guard extends AuthorizationGuard {
        protected override viewOf(request: HttpRequest) {
          const view = super.viewOf(request)
          return { ...view, params: { ...view.params, id: String(view.params.id).replace(/^p-/, '') } }
        }
      }
      await serve([Projects], { guard: Guard })
      expect((await ask('/projects/p-web', 'editor')).status).toBe(200)
      expect((await ask('/projects/p-app', 'editor')).status).toBe(403)
    })

    test('turns away in words of its own, and cannot let in by having none', async () => {
      @Injectable()
      class Guard extends AuthorizationGuard {
        protected override refusalOf(_error: unknown, context: ExecutionContext) {
          if (context.getHandler().name === 'view') return new ForbiddenException('ask your admin')
          return undefined
        }
      }
      await serve([Projects], { guard: Guard })
      expect(await ask('/projects/app', 'editor')).toMatchObject({
        status: 403,
        body: expect.stringContaining('ask your admin'),
      })
      expect((await ask('/projects/web', 'editor')).status).toBe(200)
      expect((await ask('/me')).status).toBe(500)
      expect(handled).toBe(1)
    })
  })

  test('a refusal that something else has answered meanwhile is answered once, and ends nothing', async () => {
    let response: { end(text: string): void; readonly raw?: { end(text: string): void } } | undefined
    @Injectable()
    class Guard extends AuthorizationGuard {
      protected override refusalOf(error: unknown, context: ExecutionContext) {
        response = context.switchToHttp().getResponse()
        return error
      }
    }
    const lost: unknown[] = []
    const lose = (reason: unknown) => void lost.push(reason)
    process.on('unhandledRejection', lose)
    onTestFinished(() => void process.off('unhandledRejection', lose))
    const log = () => (response?.raw ?? response)?.end('meanwhile')
    await serve([Projects], { guard: Guard, problems: { explain: true, log } })
    expect((await ask('/projects/web', 'nobody')).body).toBe('meanwhile')
    expect((await ask('/projects/web', 'editor')).body).toBe('a project')
    expect([lost, handled]).toEqual([[], 1])
  })

  test('an unguarded route is open only where the setting says so', async () => {
    @Controller()
    class Unsaid {
      @Get('a')
      read() {
        return 'a'
      }
    }
    await serve([Unsaid], { unguarded: 'allow' })
    expect((await ask('/a')).body).toBe('a')
  })
})

describe('without the module', () => {
  @Controller('projects')
  class Projects {
    @Get()
    @RequirePermission('project:view')
    list() {
      return 'all of them'
    }

    @Get('open')
    @Public()
    open() {
      return 'open'
    }

    @Get('me')
    @Public()
    me(@CurrentSession() session: Session) {
      return session.userId
    }
  }
  @Module({ controllers: [Projects] })
  class Forgetful {}

  test('an application that demands something does not start, and is told what to import', async () => {
    const app = await NestFactory.create(Forgetful, new ExpressAdapter(), {
      logger: false,
      abortOnError: false,
    })
    await expect(app.init()).rejects.toThrow(
      'import `AuthorizationModule.forRoot({ authorizer })` in the root module',
    )
    await app.close()
  })

  test('a test has a controller by itself', async () => {
    const module = await Test.createTestingModule({ controllers: [Projects] }).compile()
    expect(module.get(Projects).list()).toBe('all of them')
  })

  test('whatever starts all the same, a request does not reach what is demanded something for', async () => {
    const module = await Test.createTestingModule({ controllers: [Projects] }).compile()
    const errors: unknown[] = []
    const logger = { log: () => {}, warn: () => {}, error: (error: unknown) => errors.push(error) }
    const app = module.createNestApplication({ logger })
    await app.init().catch(() => undefined)
    const server = app.getHttpServer()
    await request(server).get('/projects/open').expect(200, 'open')
    await request(server).get('/projects').expect(500)
    await request(server).get('/projects/me').expect(500)
    expect(errors.map(String)).toEqual([
      expect.stringContaining('permissions are demanded, and nobody asks for them: import'),
      expect.stringContaining('the guard has not run for this call: import'),
    ])
    await app.close()
  })
})

test('a testing module takes another authorizer in place of that of the application', async () => {
  @Controller()
  class Projects {
    @Get('projects/:id')
    @RequirePermission('project:edit')
    read() {
      return 'a project'
    }
  }
  @Module({
    imports: [
      AuthorizationModule.forRoot({ authorizer: product.authorizerDown, locators: { project: param('id') } }),
    ],
    controllers: [Projects],
  })
  class AppModule {}
  const asked = async (testing: TestingModuleBuilder) => {
    const app = (await testing.compile()).createNestApplication(new ExpressAdapter(), { logger: false })
    await app.init()
    const { status } = await request(app.getHttpServer())
      .get('/projects/web')
      .auth(product.tokens.editor, { type: 'bearer' })
    await app.close()
    return status
  }
  const testing = () => Test.createTestingModule({ imports: [AppModule] })
  expect(await asked(testing())).toBe(503)
  expect(await asked(testing().overrideProvider(Authorizer).useValue(product.authorizer))).toBe(200)
})

describe('the guard alone', () => {
  class Unsaid {
    read() {}
  }
  class Open {
    @Public()
    read() {}
  }
  function contextOf(type: string, holder: Type<{ read(): void }> = Unsaid): ExecutionContext {
    const context = { getType: () => type, getClass: () => holder, getHandler: () => holder.prototype.read }
    return { ...context, getArgByIndex: () => ({}) } as unknown as ExecutionContext
  }

  test('turns away from a handler that start-up has not seen and that says nothing', async () => {
    const { authorizer } = product
    const refusing = new AuthorizationGuard({ authorizer })
    await expect(refusing.canActivate(contextOf('http'))).rejects.toThrow('does not say who may use it')
    expect(await refusing.canActivate(contextOf('http', Open))).toBe(true)
    const allowing = new AuthorizationGuard({ authorizer, unguarded: 'allow' })
    expect(await allowing.canActivate(contextOf('http'))).toBe(true)
  })

  test('turns away what comes by a way that it does not know', async () => {
    class Mine {
      @Authenticated()
      read() {}
    }
    const guard = new AuthorizationGuard({ authorizer: product.authorizer })
    await expect(guard.canActivate(contextOf('pigeon', Mine))).rejects.toThrow(
      '`Mine.read` is reached by `pigeon`, which cannot be guarded',
    )
    expect(await guard.canActivate(contextOf('pigeon', Open))).toBe(true)
  })
})
