import {
  Authenticated,
  AuthorizationModule,
  type AuthorizationModuleOptions,
  any,
  arg,
  Guarded,
  Public,
  param,
  RequireAll,
  RequireAny,
  RequirePermission,
} from '@bailiwick/nest'
import {
  All,
  Controller,
  Delete,
  Get,
  type LoggerService,
  Module,
  Patch,
  SetMetadata,
  type Type,
} from '@nestjs/common'
import { NestFactory, RouterModule } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { beforeAll, describe, expect, test } from 'vitest'
import { openProduct, type Product } from './product.js'
import { nestApp } from './stacks/nest-app.js'

let product: Product
beforeAll(async () => {
  product = await openProduct()
})

test('this run is on the Nest that it says', async () => {
  const { default: manifest } = await import('@nestjs/core/package.json', { with: { type: 'json' } })
  expect(manifest.version).toMatch(process.env.GUARDED_BY === 'nest' ? /^11\./ : /^12\./)
})

/** What Nest logs, as lines. */
function listening(): { readonly lines: string[]; readonly logger: LoggerService } {
  const lines: string[] = []
  const log = (message: unknown) => lines.push(String(message))
  return { lines, logger: { log, warn: log, error: log } }
}

describe.each([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
])('Nest on %s', (_, adapter) => {
  async function start(
    controllers: Type[],
    options: Partial<AuthorizationModuleOptions> = {},
    more: { readonly providers?: Type[]; readonly prefix?: string } = {},
  ): Promise<readonly string[]> {
    const { authorizer } = product
    @Module({
      imports: [AuthorizationModule.forRoot({ authorizer, ...options })],
      controllers,
      providers: more.providers ?? [],
    })
    class AppModule {}
    return startModule(AppModule, more.prefix)
  }

  async function startModule(module: Type, prefix?: string): Promise<readonly string[]> {
    const { lines, logger } = listening()
    const app = await NestFactory.create(module, adapter(), { logger, abortOnError: false })
    if (prefix !== undefined) app.setGlobalPrefix(prefix)
    try {
      await app.init()
      return lines
    } finally {
      await app.close()
    }
  }

  test('the whole application of these tests starts, and prints its table', async () => {
    const lines = await startModule(nestApp({ authorizer: product.authorizer }, []))
    const table = lines.find((line) => line.startsWith('routes and what they demand'))?.split('\n')
    expect(table).toContain('GET     /me                      a session')
    expect(table).toContain('GET     /public                  public')
    expect(table).toContain('GET     /projects                project:view on the organization')
    expect(table).toContain("PATCH   /projects/:id            project:edit on param('id')")
    expect(table).toContain(
      "GET     /mixed/:id               any of (billing:manage on the organization, project:edit on param('id'))",
    )
  })

  describe('a route that does not say who may use it', () => {
    @Controller('projects')
    class Forgotten {
      @Get()
      list() {}
    }

    test('does not start, and is told what to add', async () => {
      await expect(start([Forgotten])).rejects.toThrow(
        '`Forgotten.list (GET /projects)` does not say who may use it: add `@RequirePermission(…)`, `@Authenticated()`, or `@Public()`',
      )
    })

    test('is warned of, or let be, when told so', async () => {
      expect((await start([Forgotten], { unguarded: 'warn' })).join('\n')).toContain('does not say who may')
      const lines = (await start([Forgotten], { unguarded: 'allow' })).join('\n')
      expect(lines).not.toContain('does not say who may')
      expect(lines).toContain('GET  /projects  UNGUARDED')
    })

    test.each([
      ['a permission', RequirePermission('project:view')],
      ['any of several', RequireAny('project:view', 'project:edit')],
      ['all of several', RequireAll('project:view', 'project:edit')],
      ['a session', Authenticated()],
      ['that it is public', Public()],
    ])('starts once its handler or its controller says %s', async (_, decorator) => {
      @Controller('projects')
      class OnHandler {
        @Get()
        @decorator
        list() {}
      }
      @Controller('others')
      @decorator
      class OnController {
        @Get()
        list() {}
      }
      await expect(start([OnHandler, OnController])).resolves.toBeDefined()
    })
  })

  describe('a path with parameters', () => {
    @Controller('projects')
    class Edited {
      @Patch(':projectId')
      @RequirePermission('project:edit')
      edit() {}
    }

    test('that nobody claims does not start, and is told what to add', async () => {
      await expect(start([Edited])).rejects.toThrow(
        "`Edited.edit (PATCH /projects/:projectId)` has the path parameter `projectId`, and `project:edit` does not say which project it guards: add `resource: param('projectId')`, or `scope: 'organization'`",
      )
    })

    test('starts with a locator for its type, if that is the parameter it has', async () => {
      await expect(start([Edited], { locators: { project: param('projectId') } })).resolves.toBeDefined()
      await expect(start([Edited], { locators: { project: param('id') } })).rejects.toThrow(
        'does not say which',
      )
      await expect(start([Edited], { locators: { workspace: param('projectId') } })).rejects.toThrow(
        'does not say which',
      )
    })

    test('does not start with a locator for a type that the model does not have', async () => {
      await expect(start([], { locators: { projct: param('id') } })).rejects.toThrow(
        'did you mean `project`?',
      )
    })

    test('starts with a locator of its own that fits, or the whole organization said aloud', async () => {
      @Controller('projects')
      class Said {
        @Patch(':id')
        @RequirePermission('project:edit', { resource: param('id') })
        edit() {}

        @Delete(':id')
        @RequirePermission('project:edit', { scope: 'organization' })
        delete() {}
      }
      await expect(start([Said])).resolves.toBeDefined()
      @Controller('projects')
      class Misnamed {
        @Patch(':projectId')
        @RequirePermission('project:edit', { resource: param('id') })
        edit() {}
      }
      await expect(start([Misnamed])).rejects.toThrow("looks for param('id')")
    })

    test('may have them in the controller, in the path of the module, or in the global prefix', async () => {
      @Controller('settings')
      class Settings {
        @Get()
        @RequirePermission('project:view')
        read() {}
      }
      @Controller(':tenant/settings')
      class TenantSettings {
        @Get()
        @RequirePermission('project:view')
        read() {}
      }
      await expect(start([Settings])).resolves.toBeDefined()
      await expect(start([TenantSettings])).rejects.toThrow('`tenant`')
      await expect(start([Settings], {}, { prefix: ':tenant/api' })).rejects.toThrow('/:tenant/api/settings')

      @Module({ controllers: [Settings] })
      class Inner {}
      @Module({
        imports: [
          AuthorizationModule.forRoot({ authorizer: product.authorizer }),
          Inner,
          RouterModule.register([{ path: 'tenants/:tenant', module: Inner }]),
        ],
      })
      class Outer {}
      await expect(startModule(Outer)).rejects.toThrow('/tenants/:tenant/settings')
    })

    test('are looked at path by path', async () => {
      @Controller(['projects', 'projects/:id'])
      class TwoPaths {
        @Get()
        @RequirePermission('project:view')
        read() {}
      }
      await expect(start([TwoPaths])).rejects.toThrow('GET /projects/:id')
      const lines = await start([TwoPaths], { locators: { project: param('id') } })
      expect(lines.join('\n')).toContain(
        "GET  /projects      project:view on the organization\nGET  /projects/:id  project:view on param('id')",
      )
    })
  })

  test('an unknown permission does not start, and is told which one was meant', async () => {
    @Controller('a')
    class Mistyped {
      @Get()
      @RequirePermission('project:veiw')
      read() {}
    }
    await expect(start([Mistyped])).rejects.toThrow(
      '`Mistyped.read (GET /a)`: the model has no permission `project:veiw`; did you mean `project:view`?',
    )
  })

  test('one locator for permissions of two types does not start', async () => {
    @Controller('a')
    class Confused {
      @Get(':id')
      @RequirePermission(any('project:edit', 'workspace:manage'), { resource: param('id') })
      read() {}
    }
    await expect(start([Confused])).rejects.toThrow('would be read as a `project` and as a `workspace`')
  })

  test('every fault is named, not the first one', async () => {
    @Controller()
    class Many {
      @All('a')
      a() {}

      @Get('b/:id')
      @RequirePermission('project:view')
      b() {}
    }
    await expect(start([Many])).rejects.toThrow(/Many\.a \(\* \/a\)[\s\S]*Many\.b \(GET \/b\/:id\)/)
  })

  describe('what is called by other ways than HTTP', () => {
    // As `@MessagePattern`, and `@Query` of GraphQL, mark what they call.
    class Messages {
      @SetMetadata('microservices:pattern', ['moved'])
      moved() {}
    }
    class Resolver {
      @SetMetadata('graphql:resolver_type', 'Query')
      projects() {}
    }
    class References {
      @SetMetadata('graphql:resolve_reference', true)
      resolve() {}
    }

    test('does not start, unless it says who may use it', async () => {
      for (const provider of [Messages, Resolver, References]) {
        await expect(start([], {}, { providers: [provider] })).rejects.toThrow('does not say who may use it')
      }
      @Public()
      class OpenMessages extends Messages {}
      await expect(start([], {}, { providers: [OpenMessages] })).resolves.toBeDefined()
    })

    test('does not start with a permission that nobody would ask, whatever the setting', async () => {
      @RequirePermission('project:edit', { scope: 'organization' })
      class Demanding extends Messages {}
      await expect(start([], { unguarded: 'allow' }, { providers: [Demanding] })).rejects.toThrow(
        'guards of the application do not reach: add `@Guarded()` to `Demanding`',
      )
      @Guarded()
      class Reached extends Demanding {}
      await expect(start([], {}, { providers: [Reached] })).rejects.toThrow(
        'add `messageToken: (data, context)',
      )
      const messageToken = () => undefined
      await expect(start([], { messageToken }, { providers: [Reached] })).resolves.toBeDefined()
    })

    test('says which resource it guards: there is no path that could', async () => {
      const startWith = (demand: ClassDecorator) => {
        const Demanding = class extends Resolver {}
        demand(Demanding)
        return start([], {}, { providers: [Demanding] })
      }
      await expect(startWith(RequirePermission('project:edit'))).rejects.toThrow(
        "add `resource: arg('projectId')`, or `scope: 'organization'` to ask for all of them",
      )
      await expect(startWith(RequirePermission('project:edit', { resource: param('id') }))).rejects.toThrow(
        "is not called by a path, and `project:edit` looks for param('id'): say `arg('id')`",
      )
      await expect(
        startWith(RequirePermission('project:edit', { resource: arg('id') })),
      ).resolves.toBeDefined()
      await expect(startWith(RequirePermission('billing:manage'))).resolves.toBeDefined()
    })

    test('a route over HTTP has no arguments to look into', async () => {
      @Controller('projects')
      class Projects {
        @Get(':id')
        @RequirePermission('project:view', { resource: arg('id') })
        read() {}
      }
      await expect(start([Projects])).rejects.toThrow("`project:view` looks for arg('id')")
    })
  })
})

describe('where requirements stand', () => {
  test('an empty one is refused where it is written', () => {
    const empty = RequireAny as (...terms: string[]) => unknown
    expect(() => empty()).toThrow('an empty list would demand nothing')
    expect(() => (RequireAll as typeof empty)()).toThrow('an empty list would demand nothing')
    expect(() => RequirePermission('')).toThrow('it is empty')
    expect(() => (RequirePermission as typeof empty)()).toThrow('it is empty')
  })

  test('two in one place are refused: which of them would hold?', () => {
    expect(() => {
      class Twice {
        @RequirePermission('project:view')
        @RequirePermission('project:edit')
        read() {}
      }
      return Twice
    }).toThrow('`Twice.read` has two requirements')
    expect(() => {
      @Public()
      @Authenticated()
      class Twice {}
      return Twice
    }).toThrow('`Twice` has two requirements')
  })
})
