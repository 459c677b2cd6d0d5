import { randomUUID } from 'node:crypto'
import type { Session } from '@bailiwick/core'
import {
  Authenticated,
  AuthorizationModule,
  all,
  any,
  body,
  CurrentSession,
  header,
  NotFound,
  Public,
  param,
  permission,
  query,
  RequireAll,
  RequireAny,
  RequirePermission,
} from '@bailiwick/nest'
import {
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Module,
  Patch,
  Post,
  Put,
  Res,
  type Type,
} from '@nestjs/common'
import type { Response } from 'express'
import type { Serving } from './stack.js'

const onId = { resource: param('id') }

/** What Fastify hands to a handler that answers by itself. */
interface FastifyResponse {
  readonly raw: { write(text: string): void }
  hijack(): void
}

/** The application of these tests, for Nest on any adapter. */
export function nestApp(serving: Serving, handled: string[]): Type {
  const ran = (name: string, session?: Session) => {
    handled.push(name)
    return { handler: name, user: session?.userId ?? null }
  }

  @Controller()
  @Authenticated()
  class RootController {
    @Get('public')
    @Public()
    public() {
      return ran('public')
    }

    // Says nothing itself: what stands on the controller holds.
    @Get('me')
    me(@CurrentSession() session: Session) {
      return ran('me', session)
    }

    @Get('admin/secret')
    @RequirePermission('billing:manage')
    secret() {
      return ran('secret')
    }

    @Post('moves')
    @HttpCode(200)
    @RequirePermission('project:edit', { resource: body('projectId') })
    move() {
      return ran('move')
    }

    @Post('moves/:id')
    @HttpCode(200)
    @RequirePermission('project:edit', { resource: body('id') })
    moveOne() {
      return ran('moveOne')
    }

    @Get('search')
    @RequirePermission('project:view', { resource: query('id') })
    search() {
      return ran('search')
    }

    @Get('named')
    @RequirePermission('project:view', { resource: header('x-project') })
    named() {
      return ran('named')
    }

    @Get('orgs/:org/projects/:id')
    @RequirePermission('project:view', { resource: param('id', { organization: param('org') }) })
    ofOrganization() {
      return ran('ofOrganization')
    }

    @Get('ids/:id')
    @RequirePermission('project:view', { resource: param('id', { as: 'id' }) })
    byOurId() {
      return ran('byOurId')
    }

    @Get('either/:id')
    @RequirePermission(any('project:delete', 'project:edit'), onId)
    either() {
      return ran('either')
    }

    @Get('both/:id')
    @RequireAll(permission('project:view', onId), permission('project:edit', onId))
    both() {
      return ran('both')
    }

    @Get('mixed/:id')
    @RequireAny(permission('billing:manage', { scope: 'organization' }), permission('project:edit', onId))
    mixed() {
      return ran('mixed')
    }

    @Get('found/:id')
    @RequirePermission('project:view', {
      resource: async ({ params }) => ({ type: 'project', externalId: String(params.id).slice(2) }),
    })
    found() {
      return ran('found')
    }

    @Get('fresh/:id')
    @RequirePermission('project:edit', { ...onId, fresh: true })
    fresh() {
      return ran('fresh')
    }

    @Get('kept')
    @Header('cache-control', 'public, max-age=60')
    kept() {
      return ran('kept')
    }

    @Get('recent')
    @RequirePermission('billing:manage', { stepUp: { maxAgeSec: 300 } })
    recent() {
      return ran('recent')
    }

    @Get('strong')
    @Authenticated({ stepUp: { acr: ['mfa', 'phishing-resistant'] } })
    strong() {
      return ran('strong')
    }

    @Get('breaks')
    breaks(@Res() response: Response | FastifyResponse) {
      ran('breaks')
      if ('hijack' in response) response.hijack()
      const raw = 'raw' in response ? response.raw : response
      raw.write('the first half')
      throw new NotFound()
    }
  }

  @Controller('projects')
  class ProjectsController {
    @Get()
    @RequirePermission('project:view')
    list(@CurrentSession() session: Session) {
      return ran('list', session)
    }

    @Get(':id')
    @RequirePermission('project:view', { ...onId, conceal: true })
    view(@CurrentSession() session: Session) {
      return ran('view', session)
    }

    // The locator of its type, declared with the module.
    @Patch(':id')
    @RequirePermission('project:edit')
    edit(@CurrentSession() session: Session) {
      return ran('edit', session)
    }

    @Delete(':id')
    @RequirePermission('project:delete', onId)
    delete() {
      return ran('delete')
    }

    @Put(':id')
    @RequirePermission(all('project:edit'), { ...onId, tenantScoped: true })
    put() {
      return ran('put')
    }
  }

  @Module({
    imports: [AuthorizationModule.forRoot({ ...serving, locators: { project: param('id') } })],
    controllers: [RootController, ProjectsController],
  })
  class AppModule {}
  // Nest knows modules by their names and what they hold; each application here is one of its own.
  Object.defineProperty(AppModule, 'name', { value: `AppModule_${randomUUID()}` })
  return AppModule
}
