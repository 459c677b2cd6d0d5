import { CurrentSession, param, RequirePermission, type Session } from '@bailiwick/nest'
import { Catalog } from '@bailiwick-examples/product'
import { Controller, Get, Inject, Param, Post } from '@nestjs/common'
import { found } from './found.js'

/** No locator is declared for apps, so each route says which one it guards. */
@Controller('apps')
export class AppsController {
  constructor(@Inject(Catalog) private readonly catalog: Catalog) {}

  @Get(':id')
  @RequirePermission('app:view', { resource: param('id') })
  view(@CurrentSession() session: Session, @Param('id') id: string) {
    return found(this.catalog.findApp(session.organizationId, id))
  }

  @Post(':id/deploys')
  @RequirePermission('app:deploy', { resource: param('id') })
  deploy(@CurrentSession() session: Session, @Param('id') id: string) {
    return found(this.catalog.deployApp(session.organizationId, id))
  }
}
