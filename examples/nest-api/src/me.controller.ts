import { Authenticated, Authorizer, CurrentSession, type Session } from '@bailiwick/nest'
import { Controller, Get, Inject } from '@nestjs/common'

@Controller('me')
export class MeController {
  constructor(@Inject(Authorizer) private readonly authz: Authorizer) {}

  @Get()
  @Authenticated()
  me(@CurrentSession() session: Session) {
    return {
      userId: session.userId,
      organizationId: session.organizationId,
      // For the menu: what the token says, without asking anybody. The billing route is what guards.
      mayManageBilling: this.authz.has(session, 'billing:manage'),
    }
  }
}
