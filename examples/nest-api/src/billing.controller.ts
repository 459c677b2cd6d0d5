import { CurrentSession, RequirePermission, type Session } from '@bailiwick/nest'
import { Controller, Get } from '@nestjs/common'

@Controller('billing')
export class BillingController {
  // No path parameter: about the whole organization.
  @Get()
  @RequirePermission('billing:manage')
  billing(@CurrentSession() session: Session) {
    return { organizationId: session.organizationId, plan: 'team' }
  }
}
