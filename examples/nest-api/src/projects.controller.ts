import { parseName } from '@bailiwick/core'
import { CurrentSession, RequirePermission, type Session } from '@bailiwick/nest'
import { Catalog } from '@bailiwick-examples/product'
import { Body, Controller, Get, Inject, Param, Patch } from '@nestjs/common'
import { found } from './found.js'

/** `:projectId` is what the module's locator for projects reads, so no route here says it again. */
@Controller('projects/:projectId')
export class ProjectsController {
  constructor(@Inject(Catalog) private readonly catalog: Catalog) {}

  // `tenantScoped`: this handler looks within the session's organization, so a token alone may answer.
  @Get()
  @RequirePermission('project:view', { tenantScoped: true })
  view(@CurrentSession() session: Session, @Param('projectId') id: string) {
    return found(this.catalog.findProject(session.organizationId, id))
  }

  @Patch()
  @RequirePermission('project:edit')
  rename(@CurrentSession() session: Session, @Param('projectId') id: string, @Body('name') name: unknown) {
    return found(this.catalog.renameProject(session.organizationId, id, parseName(name)))
  }

  // `conceal`: a denial is the same 404 as a project that does not exist.
  @Get('secrets')
  @RequirePermission('project:edit', { conceal: true })
  secrets(@CurrentSession() session: Session, @Param('projectId') id: string) {
    const project = found(this.catalog.findProject(session.organizationId, id))
    return { project: project.id, secrets: ['the launch date'] }
  }
}
